"""Function URLs: public ways to call functions, which IAM guards, or nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..component import Call, Component, Document, Each, World
from ..door import Remark
from ..rule import rule


class FunctionUrl(Component, kw_only=True):
    """The public URL of a function: ListFunctionUrlConfigs."""

    kind: ClassVar[str] = "function_url"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "FunctionUrlConfigs",
            "lambda",
            "ListFunctionUrlConfigs",
            argument="FunctionName",
            each=Each("FunctionName", Call("lambda", "ListFunctions"), ("Functions[].FunctionName",)),
        ),
    )

    function_arn: str
    function_url: str = ""
    auth_type: str = "AWS_IAM"

    @property
    def id(self) -> str:
        """The ARN of the function, marked as its URL."""
        return f"{self.function_arn}/url"

    @rule(
        "IGW-16",
        says="Function URLs, public APIs, the Data API and Session Manager are ways in that IAM or a policy guards, and no packet filter: "
        "they are listed, and not proved.",
        source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    )
    def remarks(self, world: World) -> Iterator[Remark]:
        """Yield that the function is called from the internet by its URL, and who decides by whom."""
        who = "by anybody" if self.auth_type == "NONE" else "by those whom IAM lets"
        name = self.function_arn.rpartition(":")[2]
        yield Remark(self.function_arn, f"{name} is called {who} from the internet by its URL", "IGW-16", entry=True)
