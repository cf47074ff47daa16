"""Refusals as responses of the document: one component for each set of codes."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from itertools import groupby
from typing import Any

from chalicelib.api import problems
from chalicelib.api.openapi.headers import headers
from chalicelib.api.openapi.schemas import Schema, Schemas
from chalicelib.api.schemas.problems import InvalidProblem, Problem, QuotaProblem
from chalicelib.errors import AppError, Invalid, QuotaExceeded

DOCUMENTS = (Problem, InvalidProblem, QuotaProblem)

OWN_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}

# As RFC 9110 names them, and so Python from 3.13 on.
RENAMED = {413: "Content Too Large", 422: "Unprocessable Content"}

Kind = type[AppError]


class Refusals:
    """Collects the components that the operations refer to."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self.components: dict[str, Any] = {}

    def responses(self, kinds: Iterable[Kind]) -> dict[str, Any]:
        """By status, in order."""
        ordered = sorted(dict.fromkeys(kinds), key=problems.status_of_kind)
        return {
            str(status): self._shared(status, list(alike))
            for status, alike in groupby(ordered, problems.status_of_kind)
        }

    def _shared(self, status: int, kinds: Sequence[Kind]) -> dict[str, str]:
        name = f"{status}.{'.'.join(kind.code for kind in kinds)}"
        self.components[name] = self._response(status, kinds)
        return {"$ref": f"#/components/responses/{name}"}

    def _response(self, status: int, kinds: Sequence[Kind]) -> dict[str, Any]:
        told = "\n".join(f"- `{kind.code}`: {_sentence(kind)}" for kind in kinds)
        return {
            "description": f"{_phrase(status)}\n\n{told}",
            "headers": headers("X-Request-Id", *OWN_HEADERS.get(status, ()), *_limits(kinds)),
            "content": {"application/problem+json": {"schema": self._problem(status, kinds)}},
        }

    def _problem(self, status: int, kinds: Sequence[Kind]) -> Schema:
        """The problem document of that status, with one of their codes."""
        general = self._schemas.given(_document_of(kinds))
        exact = {
            "status": {"const": status},
            "code": {"enum": [kind.code for kind in kinds]},
        }
        return {**general, "properties": exact}


def _phrase(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def _limits(kinds: Sequence[Kind]) -> Sequence[str]:
    return ("RateLimit-Policy", "RateLimit") if QuotaExceeded in kinds else ()


def _document_of(kinds: Sequence[Kind]) -> type[Problem]:
    if all(issubclass(kind, Invalid) for kind in kinds):
        return InvalidProblem
    return QuotaProblem if [kind.code for kind in kinds] == ["quota-exceeded"] else Problem


def _sentence(kind: Kind) -> str:
    return (kind.__doc__ or kind.title).partition("\n")[0]
