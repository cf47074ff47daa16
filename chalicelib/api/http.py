"""`endpoint`: declares a route, and what stands between its HTTP request and its view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from chalice.app import Blueprint, Response
from pydantic import BaseModel

from chalicelib.api import bodies
from chalicelib.api.calls import Call, Reply
from chalicelib.domain.accounts.callers import Origin
from chalicelib.errors import (
    AppError,
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from chalicelib.inference.registry import Spec

__all__ = ["Endpoint", "Reply", "Request", "endpoint"]

Admitted = TypeVar("Admitted")
Parsed = TypeVar("Parsed")
P = ParamSpec("P")

Answer = type[BaseModel] | UnionType | None
"""What an answer looks like; None is an answer without a body."""

REFUSED_BODIES = (TooLarge, UnsupportedMediaType, BadRequest, Invalid)


@dataclass(frozen=True)
class Request(Generic[Admitted, Parsed]):
    """What a view sees: who was admitted, the parsed body and query, and where it came from."""

    admitted: Admitted
    body: Parsed
    query: Any
    base_url: str
    path: str
    origin: Origin
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """All values of each, by lower-case name."""


@dataclass(frozen=True)
class Endpoint:
    """A route as it was declared, for the document that describes the API."""

    method: str
    path: str
    body: type[BaseModel] | None
    is_body_optional: bool
    query: type[BaseModel] | None
    raw: bool
    media_type: str
    needs_token: bool
    answers: Mapping[int, Answer]
    headers: Sequence[str]
    takes: Sequence[str]
    refuses: Sequence[type[AppError]]
    models: Sequence[Spec]
    operation: str
    is_listed: bool
    view: Callable[..., Reply]

    @property
    def reads_body(self) -> bool:
        """Whether a body is looked at at all."""
        return self.raw or self.body is not None

    def refusals(self, path: str) -> list[type[AppError]]:
        """All it may refuse with at `path`: what follows from its declaration, and its own."""
        caller = [Unauthorized, Forbidden, Unavailable] if self.needs_token else []
        unknown = [NotFound] if "{" in path else []
        query = [Invalid] if self.query else []
        bodies = REFUSED_BODIES if self.reads_body else ()
        return [*caller, *unknown, *query, *bodies, *self.refuses]


def endpoint(
    routes: Blueprint,
    method: str,
    path: str,
    *,
    answers: Mapping[int, Answer],
    headers: Sequence[str] = (),
    takes: Sequence[str] = (),
    refuses: Sequence[type[AppError]] = (),
    admit: Callable[..., Admitted] | None = None,
    body: type[BaseModel] | None = None,
    is_body_optional: bool = False,
    query: type[BaseModel] | None = None,
    raw: bool = False,
    media_type: str = bodies.JSON,
    largest: int = bodies.LIMIT,
    is_drafted: bool = False,
    models: Iterable[Spec] = (),
    operation: str = "",
    is_listed: bool = True,
) -> Callable[
    [Callable[Concatenate[Request[Any, Any], P], Reply]],
    Callable[Concatenate[Request[Any, Any], P], Reply],
]:
    """Serve a view at `path`.

    `admit` gets the bearer's credential and the path's parameters and makes the request's
    first call; what it returns is `request.admitted`. Without it the route is public. The order
    of refusals is 401, 404 and 403 as `admit` has them, 413, 415, 400, 422, then the view's own.
    Where it `is_drafted`, `admit` also gets the Draft: what is asked for, still unchecked.
    `raw` hands the body over as a JSON value that the view itself validates; a body that
    `is_body_optional` may be left out where its schema has a default for everything.

    The rest only describes the route. `headers` are those of its answers, `takes` those of the
    request that it heeds, `refuses` what it refuses beyond what follows from the above. Where its
    schemas are those of one model, `models` has them all, and the document lists a path for each.
    `operation` names it better than its view, and a route that `is_listed` is in the document.
    """

    expected = bodies.Expected(body, media_type, largest, is_body_optional)

    def declare(
        view: Callable[Concatenate[Request[Any, Any], P], Reply],
    ) -> Callable[Concatenate[Request[Any, Any], P], Reply]:
        def serve(**params: str) -> Response:
            call = Call(routes.current_request)
            return call.answer(lambda: _run(call, params))

        def admitted(call: Call, params: Mapping[str, str]) -> Any:
            if admit is None:
                return None
            credential = call.credential()
            if not is_drafted:
                return admit(credential, **params)
            draft = call.draft(expected)
            found = admit(credential, draft, **params)
            draft.require_readable()
            return found

        def _run(call: Call, params: Mapping[str, str]) -> Reply:
            caller = admitted(call, params)
            asked = call.query(query) if query else None
            parsed = call.parsed(expected) if body or raw else None
            request = Request(
                caller, parsed, asked, call.base_url, call.path, call.origin, call.headers
            )
            return view(request, **params)  # type: ignore[call-arg, arg-type]  # params are the path's

        serve.__name__ = view.__name__
        serve.endpoint = Endpoint(  # type: ignore[attr-defined]  # read by `openapi`
            method=method,
            path=path,
            body=body,
            is_body_optional=is_body_optional,
            query=query,
            raw=raw,
            media_type=media_type,
            needs_token=admit is not None,
            answers=answers,
            headers=headers,
            takes=takes,
            refuses=refuses,
            models=tuple(models),
            operation=operation or view.__name__,
            is_listed=is_listed,
            view=view,
        )
        # Any content type: otherwise Chalice refuses some itself, before authentication.
        routes.route(path, methods=[method], content_types=["*/*"])(serve)
        return view

    return declare
