"""Getting back in by mail."""

from tests.e2e.conftest import Lambent
from tests.e2e.people import PASSWORD, Account, at_once, somebody, statuses

OTHER = "another long and private sentence"
FORGOT, RESET = "/v1/auth/forgot-password", "/v1/auth/reset-password"
ASK, VERIFY = "/v1/auth/request-verify-token", "/v1/auth/verify"


def test_a_forgotten_password_is_replaced_through_the_mail(lambent: Lambent) -> None:
    one = somebody(lambent, "forgetful")
    asked = one.http.post(FORGOT, json={"email": one.email.upper()})
    assert (asked.status_code, asked.json()) == (202, None)
    token = one.mailed_token()

    weak = one.http.post(RESET, json={"token": token, "password": "short"})
    done = one.http.post(RESET, json={"token": token, "password": OTHER})
    used = one.http.post(RESET, json={"token": token, "password": OTHER})

    assert weak.json()["detail"]["code"] == "RESET_PASSWORD_INVALID_PASSWORD"
    assert (done.status_code, done.json()) == (200, None)
    assert (used.status_code, used.json()["detail"]) == (400, "RESET_PASSWORD_BAD_TOKEN")
    assert one.try_to_sign_in(PASSWORD).status_code == 400
    assert one.try_to_sign_in(OTHER).status_code == 200
    assert one.mails()[-1]["subject"] == "Your Lambent password was changed"


def test_one_reset_token_used_by_ten_at_once_works_once(lambent: Lambent) -> None:
    one = somebody(lambent, "forgetful")
    one.http.post(FORGOT, json={"email": one.email})
    body = {"token": one.mailed_token(), "password": OTHER}

    answers = at_once(lambda _: one.http.post(RESET, json=body), 10)

    assert statuses(answers) == [200] + [400] * 9


def test_an_address_is_proven_by_what_was_mailed_to_it(lambent: Lambent) -> None:
    one = somebody(lambent, "unproven")
    assert one.http.post(ASK, json={"email": one.email}).status_code == 202
    token = one.mailed_token()

    wrong = one.http.post(VERIFY, json={"token": "x" * 52})
    proven = one.http.post(VERIFY, json={"token": token})
    again = one.http.post(VERIFY, json={"token": token})

    assert (wrong.status_code, wrong.json()["detail"]) == (400, "VERIFY_USER_BAD_TOKEN")
    assert proven.status_code == 200
    assert proven.json()["is_verified"] is True
    assert (again.status_code, again.json()["detail"]) == (400, "VERIFY_USER_ALREADY_VERIFIED")


def test_another_address_is_unproven_and_told_to_the_old_one(lambent: Lambent) -> None:
    one = somebody(lambent, "mover")
    old = Account(lambent, one.email)
    changed = one.ask("PATCH", "/v1/users/me", json={"email": f"new-{one.email}"})

    assert changed.json()["email"] == f"new-{one.email}"
    assert changed.json()["is_verified"] is False
    assert [mail["subject"] for mail in old.mails()] == ["Your Lambent e-mail address was changed"]


def test_nobody_gets_mail_for_an_address_without_an_account(lambent: Lambent) -> None:
    nobody = Account(lambent, "nobody@example.com")

    answers = [nobody.http.post(path, json={"email": nobody.email}) for path in (FORGOT, ASK)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, None)] * 2
    assert nobody.mails() == []


def test_an_address_gets_three_asked_for_mails_and_not_a_fourth(lambent: Lambent) -> None:
    one = somebody(lambent, "bombarded")

    asked = [one.http.post(FORGOT, json={"email": one.email}) for _ in range(5)]

    assert statuses(asked) == [202] * 5
    assert len(one.mails()) == 3
