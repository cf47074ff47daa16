"""What accounts cost in process: calls and CPU of signing in, and calls with an API key."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from infra.bench.costs import Wrong, counted, cpu, cpu_apart, fields, reply
from infra.bench.scene import (
    EMAIL,
    PASSWORD,
    api_key,
    finish,
    new_user,
    posting,
    reading,
    sample,
    transport_below,
)
from infra.bench.transport import Transport

LOGIN, REFRESH = "/v1/auth/jwt/login", "/v1/auth/jwt/refresh"
FORM = "application/x-www-form-urlencoded"
TIMES = 5


def accounts(samples: Path) -> dict[str, float]:
    """By the keys of the table of figures."""
    transport = transport_below()
    from app import app

    user = new_user()
    by_key = _calls_with_key(app, transport, samples, api_key(user))
    return by_key | _signing_in(app, transport, samples) | {"cpu.argon2id": _argon2id(user)}


def _calls_with_key(app: Any, transport: Transport, samples: Path, key: str) -> dict[str, float]:
    """Without the note of the key's use, which is written once a minute: by the first submit."""
    submit = sample(samples, "api_submit", key)
    accepted = fields(reply(app, submit, 202))
    finish(transport, accepted["id"])
    read = reading(samples, accepted["id"], key)
    return {
        "calls.submit.key": counted(transport, lambda: reply(app, submit, 202)),
        "calls.read.key": counted(transport, lambda: reply(app, read, 200)),
    }


def _signing_in(app: Any, transport: Transport, samples: Path) -> dict[str, float]:
    def login(password: str, status: int) -> Callable[[], str]:
        form = urlencode({"username": EMAIL, "password": password})
        event = posting(samples, LOGIN, form, FORM)
        return lambda: reply(app, event, status)

    def refresh(signed_in: str) -> Callable[[], str]:
        body = json.dumps({"refresh_token": fields(signed_in)["refresh_token"]})
        event = posting(samples, REFRESH, body)
        return lambda: reply(app, event, 200)

    right, wrong = login(PASSWORD, 200), login(f"not {PASSWORD}", 400)
    one, another = refresh(right()), refresh(right())
    return {
        "calls.login": counted(transport, right),
        "calls.login.failed": counted(transport, wrong),
        "calls.refresh": counted(transport, one),
        "cpu.login": cpu_apart(transport, right, TIMES),
        "cpu.refresh": cpu_apart(transport, another, 40),
    }


def _argon2id(user: Any) -> float:
    """The one that is in a login, by itself."""
    from chalicelib.adapters.accounts.passwords import Argon2Passwords
    from chalicelib.settings import settings

    passwords = Argon2Passwords(settings())

    def verify() -> None:
        if not passwords.verify(PASSWORD, user.password_hash):
            raise Wrong("the password does not fit its hash")

    return cpu(verify, TIMES)
