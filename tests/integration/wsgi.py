"""The app of this process as a WSGI application, for tools that speak to one."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from chalice.config import Config
from chalice.local import LocalGateway, LocalGatewayException

from app import app

SPECIAL = {ord(each): quote(each) for each in ";?#\t\n\r"}
"""What Chalice's local gateway, unlike the real one, would take for the end of a path."""

Start = Callable[[str, list[tuple[str, str]]], Any]

gateway = LocalGateway(app, Config())


def wsgi(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """One request, through Chalice's own local gateway."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace").translate(SPECIAL)
    try:
        answer = gateway.handle_request(
            environ["REQUEST_METHOD"], f"{path}?{environ['QUERY_STRING']}", _headers(environ), body
        )
    except LocalGatewayException as refusal:  # there is no such route
        answer = {"statusCode": refusal.CODE, "headers": refusal.headers, "body": refusal.body}
    status = HTTPStatus(answer["statusCode"])
    start(f"{status.value} {status.phrase}", list(answer["headers"].items()))
    content = answer["body"]
    return [content.encode() if isinstance(content, str) else content or b""]


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    named = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return {**named, "content-type": environ.get("CONTENT_TYPE", "")}
