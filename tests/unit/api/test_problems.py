from collections.abc import Iterator

import pytest

from chalicelib import errors
from chalicelib.api import problems
from chalicelib.api.seed import Refused
from chalicelib.errors import AppError, NotFound, QuotaExceeded, Unauthorized, Unavailable


def kinds(kind: type[AppError]) -> Iterator[type[AppError]]:
    """It and everything below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


STATUS = {
    "BadRequest": 400,
    "BadCredentials": 400,
    "EmailTaken": 400,
    "WeakPassword": 400,
    "NotVerified": 400,
    "PasswordRequired": 400,
    "BadToken": 400,
    "AlreadyVerified": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "ScopeMissing": 403,
    "NoGrant": 403,
    "Refused": 403,
    "NotFound": 404,
    "Conflict": 409,
    "LastSuperuser": 409,
    "PolicyInUse": 409,
    "PolicyNameTaken": 409,
    "BatchUnfinished": 409,
    "Gone": 410,
    "TooLarge": 413,
    "UnsupportedMediaType": 415,
    "Invalid": 422,
    "KeyReused": 422,
    "QuotaExceeded": 429,
    "TooManyAttempts": 429,
    "Unavailable": 503,
    "ModelDisabled": 503,
    "AppError": 500,
}


def test_every_refusal_has_a_status_and_only_the_unexpected_is_a_500() -> None:
    found = {kind.__name__: problems.status_of(kind.__new__(kind)) for kind in kinds(AppError)}
    assert found == STATUS


def test_every_refusal_has_a_code_of_its_own() -> None:
    own = [kind for kind in kinds(AppError) if kind.__module__ == errors.__name__]
    assert len({kind.code for kind in own}) == len(own)
    assert Refused.code == QuotaExceeded.code


def test_a_document_has_every_member_of_the_contract_and_the_facts() -> None:
    refusal = QuotaExceeded(
        {"daily": 5, "monthly": 7}, {"daily": 1, "monthly": 2}, {"daily": 0, "monthly": 0}
    )
    assert problems.document(refusal, "/v1/x", "r-1") == {
        "type": "urn:lambent:problem:quota-exceeded",
        "title": "Quota exceeded",
        "status": 429,
        "detail": "Daily API call limit exceeded",
        "instance": "/v1/x",
        "code": "quota-exceeded",
        "request_id": "r-1",
        "violated-policies": ["daily", "monthly"],
    }


def test_a_refusal_without_words_says_its_title() -> None:
    assert problems.document(NotFound(), "", "")["detail"] == "Not Found"


def test_waiting_helps_where_a_time_is_known() -> None:
    assert problems.headers(Unavailable(retry_after=1), had_token=True) == {"Retry-After": "1"}
    assert problems.headers(NotFound(), had_token=True) == {}


@pytest.mark.parametrize(
    ("had_token", "challenge"),
    [
        (False, 'Bearer realm="lambent"'),
        (True, 'Bearer realm="lambent", error="invalid_token"'),
    ],
)
def test_a_401_is_challenged(had_token: bool, challenge: str) -> None:
    assert problems.headers(Unauthorized(), had_token) == {"WWW-Authenticate": challenge}


def test_a_document_repeats_no_long_text_of_the_request() -> None:
    refusal = problems.document(NotFound("x" * 10_000), "/v1/" + "x" * 10_000, "r-1")
    assert {len(str(refusal[name])) for name in ("detail", "instance")} == {501}
