"""REST APIs of API Gateway and their stages, and the routes of HTTP APIs: who guards the requests. They move no packet."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each
from ..managed import tag_list

APIS = Call("apigateway", "GetRestApis")


class EndpointConfiguration(msgspec.Struct, rename="camel", frozen=True):
    """Where an API is called: `EDGE` and `REGIONAL` from the internet, `PRIVATE` through VPC endpoints alone."""

    types: list[str] = []


class RestApi(Component, kw_only=True):
    """A REST API: GetRestApis."""

    kind: ClassVar[str] = "rest_api"
    documents: ClassVar[tuple[Document, ...]] = (Document("items", "apigateway", "GetRestApis", shared=True),)

    api_id: str = msgspec.field(name="id")
    label: str = msgspec.field(name="name", default="")
    endpoint_configuration: EndpointConfiguration = msgspec.field(name="endpointConfiguration", default=EndpointConfiguration())

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is a REST API: API Gateway answers other things under `items` too."""
        return "endpointConfiguration" in row

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return {**row, "Tags": tag_list(row.get("tags") or [])}

    @property
    def id(self) -> str:
        """The API's id."""
        return self.api_id

    @property
    def is_public(self) -> bool:
        """Whether the internet may call it."""
        return any(one != "PRIVATE" for one in self.endpoint_configuration.types)


class AccessLog(msgspec.Struct, rename="camel", frozen=True):
    """Where a stage writes who called it."""

    destination_arn: str = ""


class RestApiStage(Component, kw_only=True):
    """A stage of a REST API: GetStages, wrapped with the API's id."""

    kind: ClassVar[str] = "rest_api_stage"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "RestApiStages",
            "apigateway",
            "GetStages",
            rows="item",
            argument="restApiId",
            each=Each("restApiId", APIS, ("items[].id",)),
        ),
    )

    stage_name: str = msgspec.field(name="stageName")
    api_id: str = msgspec.field(name="restApiId", default="")
    web_acl_arn: str = msgspec.field(name="webAclArn", default="")
    access_log: AccessLog | None = msgspec.field(name="accessLogSettings", default=None)

    @property
    def id(self) -> str:
        """The API's id with the name of the stage."""
        return f"{self.api_id}/{self.stage_name}"


class ApiRoute(Component, kw_only=True):
    """A route of an HTTP or WebSocket API: GetRoutes of apigatewayv2, wrapped with the API's id."""

    kind: ClassVar[str] = "api_route"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ApiRoutes",
            "apigatewayv2",
            "GetRoutes",
            rows="Items",
            argument="ApiId",
            each=Each("ApiId", Call("apigatewayv2", "GetApis"), ("Items[].ApiId",)),
        ),
    )

    route_id: str
    api_id: str = ""
    route_key: str = ""
    authorization_type: str | None = None

    @property
    def id(self) -> str:
        """The API's id with its own."""
        return f"{self.api_id}/{self.route_id}"
