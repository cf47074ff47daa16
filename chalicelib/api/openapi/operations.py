"""One operation of the document: what a place takes, answers and refuses."""

from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from chalicelib.api.http import Answer
from chalicelib.api.openapi.headers import TAKEN, headers
from chalicelib.api.openapi.places import Place
from chalicelib.api.openapi.refusals import Refusals
from chalicelib.api.openapi.schemas import Schema, Schemas
from chalicelib.inference.registry import Spec

BEARER = "bearer"


class Operations:
    """Describes places by shared components."""

    def __init__(self, schemas: Schemas, refusals: Refusals, models: Sequence[Spec]) -> None:
        self._schemas = schemas
        self._refusals = refusals
        self._parameters = _parameters(models)

    def of(self, place: Place) -> dict[str, Any]:
        """The operation at that place."""
        endpoint = place.endpoint
        parameters = [
            *(self._parameters[name] for name in place.parameters),
            *self._schemas.query(endpoint.query),
            *(TAKEN[name] for name in endpoint.takes),
        ]
        answers = endpoint.answers.items()
        return {
            "operationId": place.operation_id,
            "summary": place.summary,
            **({"description": place.description} if place.description else {}),
            "tags": [place.tag],
            "security": [{BEARER: []}] if endpoint.needs_token else [],
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": self._body(place)} if endpoint.reads_body else {}),
            "responses": {
                **{str(status): self._answer(place, status, answer) for status, answer in answers},
                **self._refusals.responses(endpoint.refusals(place.path)),
            },
        }

    def _body(self, place: Place) -> dict[str, Any]:
        schema = self._own(self._schemas.taken(place.taken), place)
        content = {"schema": schema}
        with suppress(LookupError):  # a part of it may declare no example
            content["example"] = self._schemas.example(schema)
        required = not place.endpoint.is_body_optional
        return {"required": required, "content": {place.endpoint.media_type: content}}

    def _answer(self, place: Place, status: int, answer: Answer) -> dict[str, Any]:
        response = {
            "description": HTTPStatus(status).phrase,
            "headers": headers("X-Request-Id", *place.endpoint.headers),
        }
        if answer is None:
            return response
        schema = self._own(self._schemas.given(answer), place)
        return {**response, "content": {"application/json": {"schema": schema}}}

    def _own(self, schema: Schema, place: Place) -> Schema:
        return self._schemas.of_model(schema, place.spec) if place.spec else schema


def _parameters(models: Sequence[Spec]) -> dict[str, Any]:
    ids = [str(spec.id) for spec in models]
    one = {"type": "string", "enum": ids}
    any_spelling = {"type": "string", "enum": [*(spec.name for spec in models), *ids]}
    prediction = {"type": "string", "format": "uuid"}
    owned = {"type": "string", "pattern": "^[0-9a-v]{42}$"}
    return {
        "model": _parameter("model", "Its name or its id.", any_spelling),
        "model_id": _parameter("model_id", "The id of a model.", one),
        "prediction_id": _parameter("prediction_id", "As the submit answered it.", prediction),
        "batch_id": _parameter("batch_id", "As the submit answered it.", prediction),
        "task_id": _parameter("task_id", "The id of a prediction.", prediction),
        "user_id": _parameter("user_id", "The id of a user.", prediction),
        "policy_id": _parameter(
            "policy_id",
            "The id of an access policy.",
            {"type": "string", "pattern": "^[1-9][0-9]{0,9}$"},
        ),
        "session_id": _parameter("session_id", "As the list of sessions has it.", owned),
        "key_id": _parameter("key_id", "As the list of API keys has it.", owned),
    }


def _parameter(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }
