"""The client of the API: how it waits, and what it says when it is refused."""

import json
from collections.abc import Callable

import httpx
import pytest

from infra.cli.api import Api, Overdue, Refused, Unreachable

BASE = "http://localhost:8000/api"
URL = f"{BASE}/v1/predictions/7"


def api(answer: Callable[[httpx.Request], httpx.Response]) -> Api:
    return Api(BASE, httpx.MockTransport(answer))


class Server:
    """Accepts one prediction, which is done at the third look."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._statuses = iter(["queued", "queued", "running", "succeeded"])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(f"{request.method} {request.url.path}")
        status = next(self._statuses)
        headers = {"Location": URL, "Retry-After": "2"}
        body = {"id": "7", "status": status, "done": status == "succeeded"}
        return httpx.Response(202 if request.method == "POST" else 200, headers=headers, json=body)


def test_a_result_is_asked_for_as_often_as_the_api_says() -> None:
    waits: list[float] = []

    done = api(Server()).predict("temperature", {}, print, sleep=waits.append)

    assert (done["status"], waits) == ("succeeded", [2.0, 2.0, 2.0])


def test_each_new_status_is_told_once() -> None:
    told: list[str] = []

    api(Server()).predict("temperature", {}, told.append, sleep=lambda _: None)

    assert told == ["7 queued", "7 running"]


def test_what_does_not_come_in_time_is_told_with_its_id() -> None:
    with pytest.raises(Overdue, match="logs --id 7"):
        api(Server()).predict("temperature", {}, print, patience=-1, sleep=lambda _: None)


def test_a_refusal_is_told_in_the_words_of_the_problem_document() -> None:
    problem = {"detail": "User does not have access to this model"}
    refusing = api(lambda _: httpx.Response(403, json=problem))

    with pytest.raises(Refused, match="403: User does not have access") as refused:
        refusing.predict("temperature", {}, print)
    assert refused.value.cure.startswith("Let a grant be given")


def test_a_prediction_is_asked_for_at_its_own_address() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx.Response(200, json={"id": "7"})

    asking = api(answer)
    for act in (asking.prediction, asking.cancel, asking.retry):
        assert act("7/../8") == {"id": "7"}
    asking.predictions({"status": "queued", "limit": 2})

    place = "/api/v1/predictions/7%2F..%2F8"
    assert seen == [
        f"GET {place}",
        f"POST {place}/cancel",
        f"POST {place}/retry",
        "GET /api/v1/predictions?status=queued&limit=2",
    ]


@pytest.mark.parametrize("status", [409, 410])
def test_what_its_state_forbids_has_a_cure(status: int) -> None:
    refusing = api(lambda _: httpx.Response(status, json={"detail": "erased"}))

    with pytest.raises(Refused) as refused:
        refusing.retry("7")
    assert "predictions show" in refused.value.cure


@pytest.mark.parametrize("body", [b"<html>", b"[]", b""])
def test_a_refusal_of_another_shape_is_told_too(body: bytes) -> None:
    with pytest.raises(Refused, match="502: Bad Gateway"):
        api(lambda _: httpx.Response(502, content=body)).sign_in("ada@example.com", "x")


def test_nobody_at_the_address_is_told() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unreachable, match=BASE):
        api(refuse).sign_in("ada@example.com", "x")


def test_a_session_ends_with_its_use() -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers.get("Authorization", "")))
        return httpx.Response(204)

    with api(answer).bearing("secret"):
        pass

    assert seen == [("/api/v1/auth/jwt/logout", "Bearer secret")]


def test_a_password_travels_in_a_form() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"access_token": request.content.decode()})

    form = api(answer).sign_in("ada@example.com", "a b&c")

    assert form == "username=ada%40example.com&password=a+b%26c"


def test_readiness_is_what_the_api_says() -> None:
    statuses = [200, 503]
    found = [
        api(lambda _, status=status: httpx.Response(status, text=json.dumps({}))).is_ready()  # type: ignore[misc]
        for status in statuses
    ]

    assert found == [True, False]
