"""What is asked again, with the same key, and what is not."""

import json

import httpx
import pytest

from clients.python.lambent_client import FIRST_PAUSE, ApiError
from tests.unit.clients.service import BASE, PLACE, Service, Trouble, lost, refusing, unreachable


@pytest.mark.parametrize("trouble", [lost, unreachable, refusing(502), refusing(503, "1")])
def test_a_prediction_is_made_once_however_often_it_is_asked_for(trouble: Trouble) -> None:
    service = Service(troubles=[trouble, lost, trouble])

    assert service.client().predict("temperature", PLACE) == {"temperature": 8.5}

    assert len(service.made) == 1
    assert len(service.seen) == 4
    assert len(set(service.sent("Idempotency-Key"))) == 1


def test_two_predictions_have_two_keys() -> None:
    service = Service()
    client = service.client()

    for _ in range(2):
        client.submit("temperature", PLACE)

    assert len(set(service.sent("Idempotency-Key"))) == len(service.made) == 2


def test_a_key_of_ones_own_is_sent_as_it_is() -> None:
    service = Service()
    client = service.client()

    client.submit("temperature", PLACE, key="order 7")
    client.batch("temperature", [PLACE], key="order 7")
    client.retry("0", key="order 7")

    assert service.sent("Idempotency-Key") == ["order 7"] * 3


def test_it_gives_up_after_its_tries() -> None:
    service = Service(troubles=[unreachable] * 9)

    with pytest.raises(httpx.ConnectError):
        service.client(retries=2).read("0")
    assert len(service.seen) == 3


def test_pauses_are_random_below_a_bound_that_doubles() -> None:
    slept = []
    for _ in range(40):
        service = Service(troubles=[unreachable] * 3)
        service.client().submit("temperature", PLACE)
        slept.append(service.clock.slept)

    for n, pauses in enumerate(zip(*slept, strict=True)):
        bound = FIRST_PAUSE * 2**n
        assert 0 <= min(pauses) < bound / 2 < max(pauses) <= bound


def test_an_outage_is_given_the_time_it_asks_for() -> None:
    service = Service(troubles=[refusing(503, "7")])

    service.client().submit("temperature", PLACE)

    assert 7 <= service.clock.slept[0] <= 7 + FIRST_PAUSE


def test_an_outage_that_asks_for_longer_than_a_few_seconds_is_told_at_once() -> None:
    service = Service(troubles=[refusing(503, "60", "model-disabled")])

    with pytest.raises(ApiError, match="503: Not now") as told:
        service.client().submit("temperature", PLACE)
    assert (told.value.code, told.value.retry_after) == ("model-disabled", 60)
    assert service.clock.slept == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 500])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    service = Service(troubles=[refusing(status, "1")])

    with pytest.raises(ApiError) as told:
        service.client().submit("temperature", PLACE)
    assert told.value.status == status
    assert len(service.seen) == 1


def test_a_batch_whose_lost_answer_is_still_being_stored_is_waited_for() -> None:
    service = Service(troubles=[lost, refusing(409)])

    accepted = service.client().batch("temperature", [PLACE, None])

    assert accepted["predictions"] == [{"id": "0"}, {"error": {}}]
    assert len(set(service.sent("Idempotency-Key"))) == len(service.made) == 1


def test_a_post_without_a_key_is_sent_once() -> None:
    service = Service(troubles=[unreachable])

    with pytest.raises(httpx.ConnectError):
        service.client().request("POST", "/v1/auth/jwt/logout")
    assert len(service.seen) == 1


def test_a_cancellation_may_be_asked_for_twice() -> None:
    service = Service(troubles=[lost], made=[("0", 0.0)])

    assert service.client().cancel("0")["done"]
    assert service.asked() == ["POST /v1/predictions/0/cancel"] * 2


@pytest.mark.parametrize(
    ("headers", "text", "code", "detail"),
    [
        ({}, "<html>", "", "Bad Gateway"),
        ({"Content-Type": "application/json"}, "[]", "", "Bad Gateway"),
        ({"Retry-After": "Fri, 31 Dec 2027 23:59:59 GMT"}, "", "", "Bad Gateway"),
    ],
)
def test_what_others_than_the_api_answer_is_an_error_too(
    headers: dict[str, str], text: str, code: str, detail: str
) -> None:
    def answer(request: httpx.Request, answering: object) -> httpx.Response:
        return httpx.Response(502, headers=headers, text=text)

    with pytest.raises(ApiError) as told:
        Service(troubles=[answer]).client(retries=0).read("0")
    error = told.value
    assert (error.status, error.code, error.detail) == (502, code, detail)
    assert (error.problem, error.retry_after) == ({}, 0)


def test_a_problem_is_told_whole() -> None:
    with pytest.raises(ApiError, match="422: Not now") as told:
        Service(troubles=[refusing(422)]).client().read("0")
    assert told.value.problem["request_id"] == "r"
    assert str(told.value.response.request.url) == f"{BASE}/v1/predictions/0"
    json.dumps(told.value.problem)
