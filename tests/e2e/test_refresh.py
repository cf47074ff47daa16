"""Refresh tokens: one living chain a session, whatever happens at once."""

from tests.e2e.conftest import Lambent
from tests.e2e.people import REFRESH, Account, at_once, somebody, statuses


def refresh(one: Account, token: str) -> dict[str, str]:
    answer = one.http.post(REFRESH, json={"refresh_token": token})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_a_refresh_gives_new_tokens_of_the_same_session(lambent: Lambent) -> None:
    one = somebody(lambent, "refresher")
    first = one.tokens

    one.tokens = refresh(one, first["refresh_token"])

    assert one.tokens.keys() == first.keys()
    assert one.tokens["refresh_token"] != first["refresh_token"]
    assert one.is_let_in()
    assert len(one.ask("GET", "/v1/users/me/sessions").json()["data"]) == 1


def test_ten_refreshes_of_one_token_leave_one_chain(lambent: Lambent) -> None:
    one = somebody(lambent, "crowd")
    body = {"refresh_token": one.tokens["refresh_token"]}

    answers = at_once(lambda _: one.http.post(REFRESH, json=body), 10)

    assert set(statuses(answers)) <= {200, 401}
    chains = {answer.text for answer in answers if answer.status_code == 200}
    assert len(chains) == 1


def test_an_old_token_ends_the_session_and_is_told_to_the_owner(lambent: Lambent) -> None:
    one = somebody(lambent, "robbed")
    first = one.tokens["refresh_token"]
    second = refresh(one, first)["refresh_token"]
    one.tokens = refresh(one, second)

    reused = one.http.post(REFRESH, json={"refresh_token": first})

    assert reused.status_code == 401
    assert not one.is_let_in()
    dead = one.http.post(REFRESH, json={"refresh_token": one.tokens["refresh_token"]})
    assert dead.status_code == 401
    assert [mail["subject"] for mail in one.mails()] == [
        "A Lambent session was ended for your safety"
    ]
