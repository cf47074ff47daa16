"""People with a password that the tests know."""

from dataclasses import dataclass
from typing import Any

from tests.integration.api import Answer, Api
from tests.world import Person, World

PASSWORD = "correct horse battery"
OTHER = "another long and private sentence"
ME, USERS = "/v1/users/me", "/v1/users"
REFRESH = "/v1/auth/jwt/refresh"
USER = {"id", "email", "is_active", "is_superuser", "is_verified"}
"""All that a user is shown with."""


@dataclass(frozen=True)
class SignedIn:
    """What somebody got for their password."""

    access: str
    refresh: str


def a_member(world: World, **facts: Any) -> Person:
    """Somebody who is signed in, and whose password is PASSWORD."""
    return world.somebody(password_hash=world.passwords.hash(PASSWORD), **facts)


def sign_in(api: Api, person: Person, password: str = PASSWORD) -> SignedIn:
    """Another session of that person."""
    told = api.login(person.user.email, password)
    assert told.status == 200, told.text
    return SignedIn(told.json["access_token"], told.json["refresh_token"])


def refresh(api: Api, text: str) -> Answer:
    """Exchange a refresh token."""
    return api.post(REFRESH, body={"refresh_token": text})


def is_let_in(api: Api, token: str | Person) -> bool:
    """Whether it still opens the account."""
    return api.get(ME, token).status == 200


def told(answer: Answer) -> tuple[int, Any]:
    """Status and `detail`."""
    return answer.status, answer.json["detail"]
