"""One call of one route, as Chalice hands it over; all of its quirks are in this file."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chalice.app import Request as ChaliceRequest
from chalice.app import Response
from pydantic import BaseModel

from chalicelib.api import bodies, problems, transports, wiring
from chalicelib.api.drafts import Draft
from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.callers import Credential, Origin
from chalicelib.errors import AppError, BadRequest
from chalicelib.observability import Metric, logger, record
from chalicelib.settings import settings

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Reply:
    """What a view answers; `measured` and `facts` go into the request's one log line.

    A text is sent as it is, everything else as JSON.
    """

    body: BaseModel | list[Any] | dict[str, Any] | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    measured: Mapping[Metric, float] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = "application/json"


class Call:
    """One call of one route."""

    def __init__(self, request: ChaliceRequest) -> None:
        self._request = request
        self._began = time.perf_counter()
        self._event: Mapping[str, Any] = request.to_original_event()
        self._context: Mapping[str, Any] = request.context
        self._credential: Credential | None = None
        self._said: tuple[Any] | None = None
        self.request_id: str = self._context.get("requestId") or "none"
        logger.set_correlation_id(self.request_id)

    @property
    def origin(self) -> Origin:
        identity = self._context.get("identity") or {}
        agent = self._request.headers.get("user-agent", "")
        actor = self._credential.user_id if self._credential else ""
        return Origin(identity.get("sourceIp") or "", agent, self.request_id, actor)

    @property
    def base_url(self) -> str:
        """PUBLIC_URL, else the gateway's own name; never the Host or a forwarded header."""
        if base := settings().public_url:
            return base.rstrip("/")
        stage = self._context.get("path", "").removesuffix(self.path)
        return f"https://{self._context.get('domainName', 'localhost')}{stage}"

    @property
    def path(self) -> str:
        """As it was asked for, below the stage."""
        path: str = self._event.get("path") or self._context.get("path") or ""
        return path

    def credential(self) -> Credential:
        """What the request presents; Unauthorized without anything well-formed."""
        text = transports.bearer(self.headers)
        self._credential = wiring.services().authentication.identify(text)
        return self._credential

    @cached_property
    def headers(self) -> Mapping[str, Sequence[str]]:
        """All values of each, by lower-case name; `chalice local` tells one of each."""
        single = {name: [value] for name, value in (self._event.get("headers") or {}).items()}
        found: dict[str, list[str]] = {}
        for name, values in (self._event.get("multiValueHeaders") or single).items():
            found.setdefault(name.lower(), []).extend(values)
        return found

    def query(self, schema: type[BaseModel]) -> BaseModel:
        """The query's parameters; of a repeated one, the last."""
        return bodies.fit_query(dict(self._request.query_params or {}), schema)

    def draft(self, expected: bodies.Expected) -> Draft:
        """What is asked for, as far as it can be read; it is checked when it is parsed."""
        try:
            return Draft(self.headers, self._value(expected))
        except AppError:
            return Draft(self.headers)

    def parsed(self, expected: bodies.Expected) -> Any:
        """The body as its route has it, or the first reason why it is not."""
        schema = expected.schema
        if schema and expected.is_optional and not self._raw_body():
            return schema()
        value = self._value(expected)
        return bodies.fit(value, schema) if schema else value

    def _value(self, expected: bodies.Expected) -> Any:
        """What the body says; read once."""
        if self._said is None:
            raw = self._raw_body()
            if not raw:
                raise bodies.absent()
            content_type = self._request.headers.get("content-type", "")
            self._said = (expected.value(raw, content_type),)
        return self._said[0]

    def _raw_body(self) -> bytes:
        try:
            return bytes(self._request.raw_body)  # type: ignore[arg-type]  # never a str: app.py
        except ValueError:
            raise BadRequest("The body cannot be decoded") from None

    def answer(self, run: Callable[[], Reply]) -> Response:
        """The reply, or the problem document of what went wrong; one log line either way."""
        try:
            reply = run()
            body = _rendered(reply.body)
        except AppError as error:
            return self._refusal(error)
        except Exception:
            logger.exception("request failed")
            return self._refusal(AppError("An unexpected error, logged under this request_id"))
        self._log(reply.status, reply.measured, reply.facts)
        return self._response(body, reply.status, reply.media_type, reply.headers)

    def _refusal(self, error: AppError) -> Response:
        status = problems.status_of(error)
        counted = problems.MEASURED.get(error.code)
        self._log(status, {counted: 1} if counted else {}, {"code": error.code})
        if error.code in problems.DENIALS and self._credential:
            audit = wiring.services().audit
            audit.record(Event.DENIED, self.origin, self._route, Outcome.FAILED)
        body = json.dumps(problems.document(error, self.path, self.request_id))
        headers = problems.headers(error, "authorization" in self._request.headers)
        return self._response(body, status, "application/problem+json", headers)

    def _response(
        self, body: str, status: int, media_type: str, headers: Mapping[str, str]
    ) -> Response:
        fixed = {"Content-Type": f"{media_type}; charset=utf-8", "X-Request-Id": self.request_id}
        if not body:
            del fixed["Content-Type"]
        return Response(body, {**SECURITY, **fixed, **headers}, status)

    def _log(self, status: int, measured: Mapping[Metric, float], facts: Mapping[str, Any]) -> None:
        took = round((time.perf_counter() - self._began) * 1000)
        record("request", measured, route=self._route, status=status, ms=took, **facts)

    @property
    def _route(self) -> str:
        return f"{self._request.method} {self._request.path}"


def _rendered(body: BaseModel | list[Any] | dict[str, Any] | str) -> str:
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return body if isinstance(body, str) else json.dumps(body)
