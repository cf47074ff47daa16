"""Every route of the app, and a request for one as the gateway hands it over."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from chalice.app import Chalice

from tests.samples import event

PARAMETER = re.compile(r"{(\w+)}")
Document = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """Something that the app does: its route, and how the document describes it, if it does."""

    method: str
    route: str
    path: str
    told: Document = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def media_type(self) -> str:
        """Of its body; empty where it takes none."""
        return next(iter(self.told.get("requestBody", {}).get("content", {})), "")

    @property
    def queried(self) -> Mapping[str, Any]:
        """The schema of each parameter of the query; a cursor is a page's to tell."""
        told = self.told.get("parameters", ())
        found = {each["name"]: each["schema"] for each in told if each["in"] == "query"}
        return {name: schema for name, schema in found.items() if name != "cursor"}


@dataclass(frozen=True)
class Asked:
    """A request as the gateway hands it over."""

    operation: Operation
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""

    def event(self) -> dict[str, Any]:
        """The event that API Gateway makes of it."""
        method, route = self.operation.method, self.operation.route
        path = PARAMETER.sub(lambda name: self.parameters[name[1]], route)
        made = event("api_submit")
        made["requestContext"] |= {
            "httpMethod": method,
            "resourcePath": route,
            "path": f"/api{quote(path)}",
        }
        text, is_binary = self._body()
        return {
            **made,
            "resource": route,
            "path": path,
            "httpMethod": method,
            "headers": dict(self.headers),
            "multiValueHeaders": _grouped(self.headers),
            "queryStringParameters": dict(self.query) or None,
            "multiValueQueryStringParameters": _grouped(self.query) or None,
            "pathParameters": dict(self.parameters) or None,
            "body": text,
            "isBase64Encoded": is_binary,
        }

    def _body(self) -> tuple[str | None, bool]:
        try:
            return self.body.decode() or None, False
        except UnicodeDecodeError:
            return base64.b64encode(self.body).decode(), True


def _grouped(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def operations(app: Chalice, document: Document) -> list[Operation]:
    """Every route of the app, once for each operation of the document that is answered by it."""
    found = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            route = _route_of(app, method.upper(), path)
            found.append(Operation(method.upper(), route, path, told))
    listed = {(each.method, each.route) for each in found}
    served = [(method, route) for route, views in app.routes.items() for method in views]
    return found + [
        Operation(method, route, route) for method, route in served if (method, route) not in listed
    ]


def _route_of(app: Chalice, method: str, path: str) -> str:
    """As the gateway finds it: what is spelt out comes before a parameter."""
    fitting = [
        route
        for route, views in app.routes.items()
        if method in views and pattern(route).fullmatch(path)
    ]
    return min(fitting, key=lambda route: (route != path, len(PARAMETER.findall(route))))


def pattern(route: str) -> re.Pattern[str]:
    return re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", route.replace(".", r"\.")))
