"""Asks for every operation of an OpenAPI document, as somebody whom it would answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from chalicelib.inference.catalogue import Catalogue
from tests.existing import KNOWN, Existing, is_uuid
from tests.ground import Ground, Person

Check = Callable[..., Any]

RULES = (
    "/v1/auth/register",
    "/v1/auth/jwt/login",
    "/v1/auth/forgot-password",
    "/v1/auth/reset-password",
    "/v1/auth/request-verify-token",
    "/v1/auth/verify",
    "/v1/users/me",
    "/v1/users/me/api-keys",
    "/v1/users/{user_id}",
    "/v1/me/usage",
    "/v1/access-policies",
    "/v1/access-policies/{policy_id}",
    "/v1/users/{user_id}/grants/{model}",
    "/v1/admin/dead-letters/redrive",
)
"""What fits their schema may still be refused: a weak password, no real address,
too many days, a name that cannot be printed, a cursor that nobody was given."""
MANY = "/predictions/batch"
"""What does not fit its schema is named in its place, and accepted around it."""
ONES_OWN = re.compile("/auth/|/me(/|$)")
"""What is about nobody but the caller, and may be their end."""


def prepare(schema: Any) -> None:
    """Make of it bodies that can mean something, and no tokens: callers have their own."""
    schema.config.generation.update(with_security_parameters=False)
    schema.hook(map_body)


def map_body(context: Any, body: Any) -> Any:
    """Users exist; and 7.0, an integer for JSON Schema but not for us, is sent as 7."""
    if isinstance(body, dict):
        known = {"user_id": KNOWN} if is_uuid(body.get("user_id")) else {}
        return {name: map_body(context, value) for name, value in body.items()} | known
    if isinstance(body, list):
        return [map_body(context, each) for each in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


class Caller:
    """Who asks, for what half of the time exists; no request spoils the next.

    What is everybody's is asked for by a superuser. A request that may sign its caller out,
    delete them or use a key up is sent by somebody who has not been through one before.
    """

    def __init__(self, ground: Ground, catalogue: Catalogue) -> None:
        self._ground = ground
        self._models = [spec.name for spec in catalogue]
        self._existing = Existing(ground)
        self._superuser = self._new(*self._models, is_superuser=True)
        self._unspent: dict[str, Person] = {}
        self._guarded: set[str] = set()

    def ask(self, case: Any, excluded: Sequence[Check] = (), **how: Any) -> None:
        """Send the case and check its answer."""
        who = self._who(case)
        self._existing.put_into(case, who)
        case.query = _without_made_up_cursor(case.query or {})
        try:
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {who.token}"},
                excluded_checks=[*excluded, *self._excluded(case)],
                **how,
            )
        finally:
            self._enable_models(case)
        if answer.status_code < 300 and case.meta.generation.mode.is_positive:
            self._guarded.add(case.operation.label)
        if who is not self._superuser and (answer.status_code >= 400 or case.method == "GET"):
            self._unspent[self._model(case)] = who

    def _excluded(self, case: Any) -> Iterator[Check]:
        """What is not to be expected of this case, each for its reason."""
        if case.path in RULES:
            yield positive_data_acceptance
        if case.path.endswith(MANY) or _is_repeated(case.query):
            yield negative_data_rejection
        if case.operation.label in self._guarded:
            yield ignored_auth  # two more requests each time, and once tells it all

    def _who(self, case: Any) -> Person:
        """A caller whom nothing has happened to; one that is spent is not asked again."""
        if not ONES_OWN.search(case.path) and "Idempotency-Key" not in (case.headers or {}):
            return self._superuser
        model = self._model(case)
        return self._unspent.pop(model, None) or self._new(model)

    def _model(self, case: Any) -> str:
        """What a prediction is asked of there; the one that all others know."""
        return next((name for name in self._models if name in case.path), "temperature")

    def _new(self, *models: str, **facts: Any) -> Person:
        """Somebody who may use these models."""
        person = self._ground.somebody(**facts)
        for model in models:
            self._ground.grant(person, model)
        return person

    def _enable_models(self, case: Any) -> None:
        if case.method == "PATCH" and case.path == "/v1/models/{model}":
            for model in self._models:
                self._ground.ports.switches.turn(model, is_on=True)


def _without_made_up_cursor(query: Mapping[str, Any]) -> dict[str, Any]:
    """One may look like a cursor; the tests of the lists have real ones. None is so long."""
    is_told_apart = len(str(query.get("cursor", ""))) > 4096
    return {name: text for name, text in query.items() if is_told_apart or name != "cursor"}


def _is_repeated(query: Mapping[str, Any]) -> bool:
    """Whether a parameter comes more than once: its last value counts, whatever the others are."""
    return any(isinstance(value, list) for value in query.values())
