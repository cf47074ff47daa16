"""`endpoint`: declares a route, and what stands between its HTTP request and its view."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from chalice.app import Blueprint, Response
from pydantic import BaseModel

from chalicelib.api import bodies
from chalicelib.api.calls import Call, Reply
from chalicelib.services.accounts import Origin

__all__ = ["Endpoint", "Reply", "Request", "endpoint"]

Admitted = TypeVar("Admitted")
Parsed = TypeVar("Parsed")
P = ParamSpec("P")


@dataclass(frozen=True)
class Request(Generic[Admitted, Parsed]):
    """What a view sees: who was admitted, the parsed body, and where it came from."""

    admitted: Admitted
    body: Parsed
    base_url: str
    origin: Origin


@dataclass(frozen=True)
class Endpoint:
    """A route as it was declared, for the document that describes the API."""

    method: str
    path: str
    body: type[BaseModel] | None
    media_type: str
    needs_token: bool
    answers: Mapping[int, type[BaseModel] | None]
    view: Callable[..., Reply]


def endpoint(
    routes: Blueprint,
    method: str,
    path: str,
    *,
    answers: Mapping[int, type[BaseModel] | None],
    admit: Callable[..., Admitted] | None = None,
    body: type[BaseModel] | None = None,
    raw: bool = False,
    media_type: str = bodies.JSON,
) -> Callable[
    [Callable[Concatenate[Request[Any, Any], P], Reply]],
    Callable[Concatenate[Request[Any, Any], P], Reply],
]:
    """Serve a view at `path`.

    `admit` gets the claims of the bearer's token and the path's parameters and makes the
    request's first call; what it returns is `request.admitted`. Without it the route is
    public. The order of refusals is 401, 404, 403, 413, 415, 400, 422, then the view's own.
    `raw` hands the body over as a JSON value that the view itself validates.
    """

    def declare(
        view: Callable[Concatenate[Request[Any, Any], P], Reply],
    ) -> Callable[Concatenate[Request[Any, Any], P], Reply]:
        def serve(**params: str) -> Response:
            call = Call(routes.current_request)
            return call.answer(lambda: _run(call, params))

        def _run(call: "Call", params: Mapping[str, str]) -> Reply:
            admitted = admit(call.claims(), **params) if admit else None
            parsed = call.parsed(body, media_type) if body or raw else None
            request = Request(admitted, parsed, call.base_url, call.origin)
            return view(request, **params)  # type: ignore[call-arg, arg-type]  # params are the path's

        serve.__name__ = view.__name__
        spec = Endpoint(method, path, body, media_type, admit is not None, answers, view)
        serve.endpoint = spec  # type: ignore[attr-defined]  # read by whoever documents the API
        # Any content type: otherwise Chalice refuses some itself, before authentication.
        routes.route(path, methods=[method], content_types=["*/*"])(serve)
        return view

    return declare
