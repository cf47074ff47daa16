"""Puts what exists in half of the places where a request names something."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID

from chalicelib.domain.accounts.one_time import Purpose
from chalicelib.domain.ids import OWNED
from chalicelib.domain.predictions import Status
from tests.ground import Ground, Person

KNOWN = "0bfb1c0e-6b1b-4d8a-9f5c-2f1d6a1b7c3e"
"""The user whom bodies name."""


class Existing:
    """Another one each time, for it may be changed or erased."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._turns = cycle((True, False))
        self._statuses = cycle(Status)
        self._tokens: dict[str, tuple[str, Callable[[], str]]] = {
            "/v1/auth/jwt/refresh": ("refresh_token", ground.refresh_token),
            "/v1/auth/verify": ("token", partial(ground.mailed, Purpose.VERIFY)),
            "/v1/auth/reset-password": ("token", partial(ground.mailed, Purpose.RESET)),
        }
        ground.somebody(id=KNOWN)

    def put_into(self, case: Any, who: Person) -> None:
        """Half of the ids in its path, and of the tokens in its body, are of something."""
        asked = case.path_parameters or {}
        case.path_parameters = {
            name: self._found(name, value, who) for name, value in asked.items()
        }
        is_whole = isinstance(case.body, dict) and case.meta.generation.mode.is_positive
        if is_whole and case.path in self._tokens and next(self._turns):
            name, made = self._tokens[case.path]
            case.body = {**case.body, name: made()}

    def _found(self, name: str, value: Any, who: Person) -> Any:
        """What does not look like an id stays; a policy of somebody else is never touched."""
        if name == "policy_id":
            return str(self._ground.policy().id) if self._is_taken(value) else value
        could_be = is_uuid(value) or len(str(value)) == OWNED
        return self._made(name, who) if could_be and next(self._turns) else value

    def _is_taken(self, policy_id: Any) -> bool:
        kept = {str(each.id) for each in self._ground.ports.policies.all()}
        return next(self._turns) or policy_id in kept

    def _made(self, name: str, who: Person) -> str:
        """The id of another user, or of a session, key, batch or prediction of this one."""
        if name == "user_id":
            return self._user()
        if name == "session_id":
            return who.claims.session_id
        if name == "key_id":
            return self._ground.key(who).id
        if name == "batch_id":
            return self._ground.batch(who).id
        return self._ground.prediction(who, next(self._statuses)).id

    def _user(self) -> str:
        other = self._ground.somebody()
        self._ground.grant(other, "temperature")
        return other.user.id


def is_uuid(value: Any) -> bool:
    """Whether it is one, however it is spelt."""
    try:
        return bool(UUID(value))
    except (AttributeError, TypeError, ValueError):
        return False
