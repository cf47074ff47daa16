"""Puts the document together."""

import sys
from collections.abc import Sequence
from inspect import getdoc
from typing import Any

from chalice.app import Chalice

from chalicelib.api.openapi import headers
from chalicelib.api.openapi.operations import BEARER, Operations
from chalicelib.api.openapi.places import Place, places, recorded
from chalicelib.api.openapi.refusals import DOCUMENTS, Refusals
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.inference.registry import Spec

VERSION = "0.1.0"
# The default, named for tools that want it named: JSON Schema 2020-12 and OpenAPI's own words.
DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base"
DESCRIPTION = """\
Asynchronous predictions: submit an input, read the prediction until `done` is true.

To try it here: `POST /v1/auth/jwt/login` answers an `access_token`; paste it under *Authorize*.

Every refusal is a problem document (RFC 9457); test its `code`. What API Gateway itself refuses
looks the same: `not-found` where there is no such route, `too-many-requests` and `too-large`.
A model is addressed by its name or its id; the paths below list each by its name."""
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The `access_token` that `POST /v1/auth/jwt/login` answers, or, on the models' "
    "and predictions' routes, an API key of the right scopes.",
}


def document(app: Chalice, models: Sequence[Spec], base_url: str) -> dict[str, Any]:
    """The document of an app that serves these models at `base_url`."""
    listed = list(places(recorded(app)))
    schemas = Schemas(_taken(listed, models), _given(listed, models))
    refusals = Refusals(schemas)
    operations = Operations(schemas, refusals, models)
    paths: dict[str, dict[str, Any]] = {}
    for place in listed:
        method = place.endpoint.method.lower()
        paths.setdefault(place.path, {})[method] = operations.of(place)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {"title": "Lambent", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": base_url}],
        "tags": _tags(listed),
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "responses": dict(sorted(refusals.components.items())),
            "headers": headers.COMPONENTS,
            "securitySchemes": {BEARER: TOKEN},
        },
    }


def _taken(listed: Sequence[Place], models: Sequence[Spec]) -> list[Any]:
    bodies = [place.taken for place in listed if place.endpoint.reads_body]
    return [*bodies, *(spec.input_type for spec in models)]


def _given(listed: Sequence[Place], models: Sequence[Spec]) -> list[Any]:
    answers = [answer for place in listed for answer in place.endpoint.answers.values() if answer]
    return [*answers, *(spec.output_type for spec in models), *DOCUMENTS]


def _tags(listed: Sequence[Place]) -> list[dict[str, str]]:
    """One a module, described by its docstring."""
    modules = {place.tag: sys.modules[place.endpoint.view.__module__] for place in listed}
    return [{"name": tag, "description": getdoc(module) or ""} for tag, module in modules.items()]
