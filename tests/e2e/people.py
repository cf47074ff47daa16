"""People with accounts, as the tests use them: over HTTP, and through their mail."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

import httpx

from tests.e2e.conftest import Lambent

PASSWORD = "a long and private sentence"
LOGIN, REFRESH = "/v1/auth/jwt/login", "/v1/auth/jwt/refresh"
TOKEN = re.compile(r"Your token: (\S+)")

T = TypeVar("T")
_numbers = count(1)


@dataclass
class Account:
    """Somebody who registered; `http` bears no token of its own."""

    lambent: Lambent
    email: str
    password: str = PASSWORD
    id: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def http(self) -> httpx.Client:
        url = self.lambent.workspace.public_url
        return self.lambent.closing.enter_context(httpx.Client(base_url=url, timeout=60))

    def register(self) -> "Account":
        answer = self.http.post(
            "/v1/auth/register", json={"email": self.email, "password": self.password}
        )
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        return self

    def try_to_sign_in(self, password: str | None = None, **headers: str) -> httpx.Response:
        form = {"username": self.email, "password": password or self.password}
        return self.http.post(LOGIN, data=form, headers=headers)

    def sign_in(self) -> "Account":
        answer = self.try_to_sign_in()
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()
        return self

    def sign_in_again(self) -> "Account":
        """The same person in another session."""
        other = Account(self.lambent, self.email, self.password, self.id)
        return other.sign_in()

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        return self.http.request(method, path, headers=self.bearer, **content)

    def is_let_in(self) -> bool:
        """Whether the access token still works."""
        status = self.ask("GET", "/v1/users/me").status_code
        assert status in (200, 401)
        return status == 200

    def mails(self) -> list[Mapping[str, str]]:
        """What was sent to this address, the oldest first."""
        told = self.lambent.run("mail", "--to", self.email, "--json")
        assert told.returncode == 0, told.stderr
        found: list[Mapping[str, str]] = json.loads(told.stdout)
        return found

    def mailed_token(self) -> str:
        """The one in the latest mail."""
        found = TOKEN.search(self.mails()[-1]["text"])
        assert found
        return found[1]

    def api_key(self, *scopes: str) -> str:
        body = {"name": "tests", "scopes": scopes, "expires_in": 600}
        answer = self.ask("POST", "/v1/users/me/api-keys", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])


def somebody(lambent: Lambent, name: str = "somebody") -> Account:
    """A new user who is signed in."""
    return Account(lambent, f"{name}-{next(_numbers)}@example.com").register().sign_in()


def user_of(lambent: Lambent, *models: str) -> httpx.Client:
    """A client that bears the token of somebody new, who may use these a thousand times a day."""
    owner = somebody(lambent, "user")
    for model in models:
        granted = lambent.run("grant", owner.email, model)
        assert granted.returncode == 0, granted.stderr
    owner.http.headers.update(owner.bearer)
    return owner.http


def at_once(act: Callable[[int], T], times: int) -> list[T]:
    """Do it so many times in parallel."""
    with ThreadPoolExecutor(times) as crowd:
        return list(crowd.map(act, range(times)))


def statuses(answers: Iterable[httpx.Response]) -> list[int]:
    """Sorted."""
    return sorted(answer.status_code for answer in answers)
