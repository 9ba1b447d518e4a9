"""Why a call failed, in the words of manifests; messages of AWS without what must not be kept."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    TokenRetrievalError,
    UnknownRegionError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from ..models.collection import Outcome, Record

DENIED = re.compile(r"access.?denied|unauthor|not.?authori[sz]ed|forbidden|authorizationerror|authfailure|explicit.?deny", re.I)
THROTTLED = re.compile(r"throttl|requestlimitexceeded|toomanyrequests|slowdown|bandwidthlimit|requestthrottled", re.I)
EXPIRED = re.compile(r"expired", re.I)
UNSUPPORTED = re.compile(
    r"unsupported|optinrequired|subscriptionrequired|invalidaction|unknownoperation|unrecognizedclient|invalidclienttokenid", re.I
)
GONE = re.compile(r"notfound", re.I)
# Keys of both kinds and signatures, signed addresses, and the blobs in which AWS encodes who was denied what.
SECRET_KEY = r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])"
HIDDEN = re.compile(rf"\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{{12,}}|https?://\S+|[A-Za-z0-9+/_=-]{{60,}}|{SECRET_KEY}")
TAG = re.compile(r"<[^<>]{0,200}>")
LONGEST = 300


class CutOffError(Exception):
    """AWS answered a part, and the rest cannot be asked for."""


class UnknownCallError(Exception):
    """This version of boto3 has no such call."""


def gone(error: Exception) -> bool:
    """Return whether what a call was asked for is not there any more: it went between two calls."""
    return isinstance(error, ClientError) and GONE.search(code_of(error)) is not None


def expired(error: Exception) -> bool:
    """Return whether the credentials are no longer valid, or cannot be renewed."""
    if isinstance(error, NoCredentialsError | CredentialRetrievalError | TokenRetrievalError):
        return True
    return isinstance(error, ClientError) and EXPIRED.search(code_of(error)) is not None


def torn(error: Exception) -> bool:
    """Return whether an answer came as something else, or not whole: worth asking again, as botocore does for what else may pass."""
    return isinstance(error, ResponseParserError | IncompleteReadError)


def code_of(error: ClientError) -> str:
    """Return AWS's code of an error: `AccessDenied`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def record(error: Exception, offered: bool = True) -> Record:
    """Return what became of a call that ended so; `offered` is whether boto3 knows the service in that Region."""
    if isinstance(error, ClientError):
        code, response = code_of(error), error.response.get("Error", {})
        return Record(_outcome(code, error.response), 0, cleaned(code), cleaned(str(response.get("Message", ""))))
    if isinstance(error, ResponseParserError):
        return Record(Outcome.FAILED, 0, "ResponseParserError", "what came back is no answer of AWS")
    unknown = isinstance(error, UnknownServiceError | UnknownRegionError | ParamValidationError | UnknownCallError)
    absent = isinstance(error, EndpointConnectionError) and not offered
    status = Outcome.UNSUPPORTED if unknown or absent else Outcome.FAILED
    return Record(status, 0, type(error).__name__, cleaned(str(error)))


def _outcome(code: str, response: dict[str, Any]) -> Outcome:
    for pattern, outcome in ((THROTTLED, Outcome.THROTTLED), (UNSUPPORTED, Outcome.UNSUPPORTED), (DENIED, Outcome.DENIED)):
        if pattern.search(code):
            return outcome
    return Outcome.DENIED if response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 403 else Outcome.FAILED


def cleaned(text: str) -> str:
    """Return a message on one line, without keys, addresses and encoded blobs, cut to what people read."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    short = " ".join(HIDDEN.sub("…", TAG.sub(" ", plain)).split())
    return short if len(short) <= LONGEST else short[: LONGEST - 1] + "…"


CAUGHT = (ClientError, BotoCoreError, ResponseParserError, CutOffError, UnknownCallError)
