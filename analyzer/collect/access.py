"""Who asks: the caller, and the role that is assumed in other accounts. The only place that makes clients of boto3."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from threading import Lock
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError

from ..models.call import GLOBAL_CLIENTS
from ..models.collection import GLOBAL
from ..models.errors import ReachError
from .failures import cleaned

LOGIN = "log in (`aws sso login`), or name a profile with --profile"
FIRST_REGION = "us-east-1"


class Access:
    """Sessions and clients by account and Region. Clients are made one at a time, as boto3 demands, and used by many threads."""

    def __init__(self, profile: str = "", role: str = "", endpoint_url: str = "", connections: int = 10) -> None:
        self._role, self._endpoint = role, endpoint_url
        self._config = Config(
            retries={"mode": "adaptive", "max_attempts": 10},
            max_pool_connections=connections,
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra="vpc-reach",
        )
        try:
            self._own = boto3.Session(profile_name=profile or None)
        except BotoCoreError as error:
            named = f"profile `{cleaned(profile)}`" if profile else "the profile of AWS_PROFILE"
            raise ReachError(f"cannot use {named}: {cleaned(str(error))}", hint=LOGIN) from error
        # Where boto3 knows of no such service, nobody answers, and asking ten times takes minutes.
        self._hasty = self._config.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))
        self._loader = self._own._session.get_component("data_loader")
        self._sessions: dict[str, Any] = {}
        self._clients: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = Lock()

    @cached_property
    def _identity(self) -> tuple[str, str]:
        """The caller's account and partition."""
        try:
            said = self._client(self._own, "sts", self.first_region).get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            raise ReachError(f"cannot ask AWS who is calling: {cleaned(str(error))}", hint=LOGIN) from error
        return str(said["Account"]), str(said["Arn"]).split(":")[1]

    @property
    def account(self) -> str:
        """The caller's account."""
        return self._identity[0]

    @property
    def first_region(self) -> str:
        """The Region that is asked for what is the same in all."""
        return self._own.region_name or FIRST_REGION

    def organisation(self) -> list[str]:
        """Return the active accounts of the organisation; raises ReachError when the caller may not list them."""
        client = self._client(self._own, "organizations", GLOBAL_CLIENTS["organizations"])
        try:
            pages = list(client.get_paginator("list_accounts").paginate())
        except (BotoCoreError, ClientError) as error:
            text = f"cannot list the accounts of the organisation: {cleaned(str(error))}"
            raise ReachError(text, hint="call from the management account, or name them: `--accounts ID,ID`") from error
        return sorted(one["Id"] for page in pages for one in page["Accounts"] if one.get("Status", "ACTIVE") == "ACTIVE")

    def regions(self, account: str) -> dict[str, bool]:
        """Return every Region that AWS offers the account, and whether it is enabled there; raises what boto3 raises."""
        # A client of its own, since all accounts are asked before the first is collected, and clients take megabytes.
        with self._lock:
            client = self._client(self._session(account), "ec2", self.first_region)
        answer = client.describe_regions(AllRegions=True)
        return {one["RegionName"]: one.get("OptInStatus") != "not-opted-in" for one in answer["Regions"]}

    def offered(self, service: str, region: str) -> bool:
        """Return whether boto3 knows the service in a Region."""
        known = self._own.get_available_regions(service, self._identity[1])
        return bool(self._endpoint) or region == GLOBAL or not known or region in known

    # ------------------------------------------------------------------ clients
    def client(self, account: str, region: str, service: str) -> Any:
        """Return the client of a service in an account and Region, made once until `leave`."""
        with self._lock:
            clients = self._clients.setdefault((account, region), {})
            if service not in clients:
                where = GLOBAL_CLIENTS.get(service, self.first_region) if region == GLOBAL else region
                config = self._config if self.offered(service, region) else self._hasty
                clients[service] = self._client(self._session(account), service, where, config=config)
            return clients[service]

    def leave(self, account: str, region: str) -> None:
        """Forget the clients of an account and Region, which take megabytes."""
        with self._lock:
            self._clients.pop((account, region), None)

    def renew(self, account: str, services: Iterable[str] = ()) -> None:
        """Ask for new credentials for an account: the next client has them."""
        with self._lock:
            self._sessions.pop(account, None)
            for place in [place for place in self._clients if place[0] == account]:
                del self._clients[place]

    def _client(self, session: Any, service: str, region: str, config: Config | None = None, **credentials: str) -> Any:
        config = config or self._config
        return session.client(service, region_name=region, endpoint_url=self._endpoint or None, config=config, **credentials)

    def _session(self, account: str) -> Any:
        if account not in self._sessions:
            self._sessions[account] = self._own if account == self.account else self._assumed(account)
        return self._sessions[account]

    def _assumed(self, account: str) -> Any:
        """Return a session that assumes the role, and again before each time its credentials end."""
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=lambda service, **credentials: self._client(
                self._own,
                service,
                self.first_region,
                aws_access_key_id=credentials["aws_access_key_id"],
                aws_secret_access_key=credentials["aws_secret_access_key"],
                aws_session_token=credentials["aws_session_token"],
            ),
            source_credentials=self._own.get_credentials(),
            role_arn=f"arn:{self._identity[1]}:iam::{account}:role/{self._role}",
            extra_args={"RoleSessionName": "vpc-reach"},
        )
        session = botocore.session.Session()
        # The models of AWS's APIs are read once, not once an account.
        session.register_component("data_loader", self._loader)
        session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        return boto3.Session(botocore_session=session)
