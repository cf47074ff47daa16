"""One address is one account, whoever asks at once and however it is spelt."""

import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import PASSWORD, Account, at_once, somebody, statuses


def test_of_twenty_registrations_of_one_address_one_wins(lambent: Lambent) -> None:
    crowd = Account(lambent, "rush@example.com")
    body = {"email": crowd.email, "password": PASSWORD}

    answers = at_once(lambda _: crowd.http.post("/v1/auth/register", json=body), 20)

    assert statuses(answers) == [201] + [400] * 19
    details = {answer.json()["detail"] for answer in answers if answer.status_code == 400}
    assert details == {"REGISTER_USER_ALREADY_EXISTS"}
    assert crowd.sign_in().is_let_in()


WIDE = "".join(chr(ord(each) + 0xFEE0) for each in "fullwidth")
"""The same word in full-width letters (Unicode block FF00)."""


@pytest.mark.parametrize(
    "spelling",
    [
        " FULLWIDTH@example.com ",
        "fullwidth@EXAMPLE.com",
        f"{WIDE}@example.com",
        f"{WIDE.upper()}@example.com",
    ],
)
def test_every_spelling_of_an_address_is_the_same_account(lambent: Lambent, spelling: str) -> None:
    first = Account(lambent, "fullwidth@example.com")
    first.http.post("/v1/auth/register", json={"email": first.email, "password": PASSWORD})

    taken = first.http.post("/v1/auth/register", json={"email": spelling, "password": PASSWORD})

    assert (taken.status_code, taken.json()["detail"]) == (400, "REGISTER_USER_ALREADY_EXISTS")
    assert Account(lambent, spelling).sign_in().is_let_in()


def test_two_users_who_take_one_free_address_are_one_winner(lambent: Lambent) -> None:
    people = [somebody(lambent, "mover") for _ in range(2)]
    body = {"email": "free@example.com"}

    answers = at_once(lambda i: people[i].ask("PATCH", "/v1/users/me", json=body), 2)

    assert statuses(answers) == [200, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert refused.json()["detail"] == "UPDATE_USER_EMAIL_ALREADY_EXISTS"


def test_privileges_cannot_be_registered_or_taken(lambent: Lambent) -> None:
    wished = {"is_superuser": True, "is_verified": True, "is_active": False}
    sly = Account(lambent, "sly@example.com")
    body = {"email": sly.email, "password": PASSWORD, **wished}
    registered = sly.http.post("/v1/auth/register", json=body).json()
    changed = sly.sign_in().ask("PATCH", "/v1/users/me", json=wished).json()

    for user in (registered, changed):
        assert (user["is_superuser"], user["is_verified"], user["is_active"]) == (
            False,
            False,
            True,
        )
