"""What tests about accounts have in common: passwords, places, and who calls."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.callers import Caller, Origin
from chalicelib.domain.accounts.users import User
from chalicelib.errors import AppError
from chalicelib.services.accounts.signing_in import SignedIn
from tests.world import World

PASSWORD = "correct horse battery"
ANOTHER = "a long and private sentence"
WEAK = "passwordpassword"
HERE = Origin("203.0.113.7", "a browser", "r-1")
ELSEWHERE = Origin("198.51.100.9", "a script", "r-2")


@dataclass(frozen=True)
class Member:
    """Somebody who registered and signed in."""

    user: User
    signed_in: SignedIn
    caller: Caller


def a_member(use: Services, email: str = "ada@example.com", **privileges: bool) -> Member:
    """A new account, signed in to from HERE."""
    user = use.registration.register(email, PASSWORD, HERE, **privileges)
    signed_in = use.signing_in.sign_in(email, PASSWORD, HERE)
    return Member(user, signed_in, caller_of(use, signed_in))


def caller_of(use: Services, signed_in: SignedIn) -> Caller:
    """Who bears these tokens; Unauthorized once they have ended."""
    return use.authentication.caller(use.authentication.identify(signed_in.access_token))


def again(world: World, caller: Caller) -> Caller:
    """The caller as they are stored now."""
    return replace(caller, user=world.memory.users[caller.user.id])


def refusal_of(
    act: Callable[..., object], *arguments: object
) -> tuple[type[AppError] | None, int | None]:
    """How it is refused, and after how many seconds to try again."""
    try:
        act(*arguments)
    except AppError as refusal:
        return type(refusal), refusal.retry_after
    return None, None


class Recorded:
    """A port that notes in `calls` what is called of it."""

    def __init__(self, port: object, calls: list[str]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._calls.append(f"{type(self._port).__name__}.{name}")
            return found(*arguments, **named)

        return call


RECORDED = (
    "reader",
    "users",
    "sessions",
    "api_keys",
    "one_time_tokens",
    "counters",
    "trail",
    "outbox",
    "passwords",
    "tokens",
)


def recorded(world: World) -> tuple[Services, list[str]]:
    """The use cases, and the calls of every port in their order."""
    calls: list[str] = []
    ports = world.ports()
    watched: dict[str, Any] = {name: Recorded(getattr(ports, name), calls) for name in RECORDED}
    return Services(replace(ports, **watched), world.catalogue, world.settings), calls
