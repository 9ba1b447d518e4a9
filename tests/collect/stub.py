"""A small server that speaks AWS's protocols: what a test does not say it answers with an empty answer, as AWS would."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.model import Shape
from botocore.session import Session

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
# What the name in a signature stands for, where it is not the client's.
CLIENTS = {"elasticloadbalancing": "elbv2", "elasticfilesystem": "efs", "es": "opensearch"}


class Asked(NamedTuple):
    """One request: whose key signed it, in which Region, of which service, and what it asks for ("" where its path tells).

    The rest is the request as it came.
    """

    key: str
    region: str
    service: str
    operation: str
    parameters: dict[str, str]
    method: str
    path: str
    headers: dict[str, str]
    data: bytes


class Reply(NamedTuple):
    status: int
    body: bytes


# What a test answers to a request; None for an empty answer.
Answer = Callable[[Asked], "Reply | dict[str, Any] | None"]


@cache
def model(service: str) -> Any:
    return Session().get_service_model(service)


def error(code: str, message: str = "no", status: int = 400) -> Reply:
    body = f"<Response><Errors><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error></Errors></Response>"
    return Reply(status, body.encode())


def xml(shape: Shape, value: Any, name: str) -> str:
    """Return a value as EC2 writes it."""
    if shape.type_name == "structure":
        parts = (
            xml(inner, value[member], inner.serialization.get("name", member))
            for member, inner in shape.members.items()
            if member in value
        )
        return f"<{name}>{''.join(parts)}</{name}>"
    if shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        return f"<{name}>{''.join(xml(shape.member, one, item) for one in value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def written(service: str, operation: str, value: dict[str, Any]) -> bytes:
    """Return an answer in the protocol of its service."""
    if not operation or model(service).metadata["protocol"] not in ("ec2", "query"):
        return b"<Answer/>" if service == "cloudfront" else json.dumps(value).encode()
    shape = model(service).operation_model(operation).output_shape
    inner = xml(shape, value, "X").removeprefix("<X>").removesuffix("</X>") if shape is not None else ""
    if model(service).metadata["protocol"] == "query":
        inner = f"<{operation}Result>{inner}</{operation}Result>"
    return f"<{operation}Response>{inner}<requestId>r</requestId></{operation}Response>".encode()


class Stub:
    """A server on loopback; `asked` are the requests so far."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, list[Asked]()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = _asked(self.headers, data, self.command, self.path)
                stub.asked.append(asked)
                found = stub.answer(asked)
                if found == RESET:
                    # Half of an answer, and then nothing.
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<half")
                    self.close_connection = True
                    return
                reply = found if isinstance(found, Reply) else Reply(200, written(asked.service, asked.operation, found or {}))
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Say nothing: who asked was killed, as a test wants it."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def times(self, operation: str) -> int:
        return sum(1 for one in self.asked if one.operation == operation)


RESET = Reply(0, b"reset")


def _asked(headers: Any, data: bytes, method: str, path: str) -> Asked:
    match = SCOPE.search(headers.get("Authorization") or "")
    key, region, signed = match.groups() if match else ("", "", "")
    service = CLIENTS.get(signed, signed)
    target = headers.get("X-Amz-Target") or ""
    form = {name: values[0] for name, values in parse_qs(data.decode("utf-8", "replace")).items()} if not target else {}
    if service == "elbv2" and form.get("Version", "").startswith("2012"):
        service = "elb"
    operation = form.get("Action", target.rpartition(".")[2])
    return Asked(key, region, service, operation, form, method, path, dict(headers), data)


def account(asked: Asked) -> dict[str, Any] | None:
    """Answer who calls, and two Regions."""
    if asked.operation == "GetCallerIdentity":
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/u", "UserId": "u"}
    if asked.operation == "DescribeRegions":
        return {"Regions": [{"RegionName": name, "OptInStatus": status} for name, status in REGIONS.items()]}
    return None


ACCOUNT = "111111111111"
REGIONS = {"eu-west-1": "opt-in-not-required", "us-east-1": "opted-in", "ap-east-1": "not-opted-in"}
