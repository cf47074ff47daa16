"""The client of the API as the verbs use it: what it reports, and what it says when refused."""

from collections.abc import Callable

import httpx
import pytest

from infra.cli.api import Api, Overdue, Refused, Unreachable
from tests.unit.clients.service import BASE, PLACE, Service, Trouble, refusing, unreachable


def api(answer: Callable[[httpx.Request], httpx.Response], retries: int = 2) -> Api:
    clock = answer.clock if isinstance(answer, Service) else None
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Api(BASE, "secret", http, retries, clock)


def met(*troubles: Trouble) -> Api:
    """Meets these with its first requests."""
    return api(Service(troubles=[*troubles]))


def test_each_status_is_told_once() -> None:
    told: list[str] = []

    done = api(Service(takes=9)).ask("temperature", PLACE, told.append)

    assert (done["status"], told) == ("succeeded", ["0 queued", "0 running"])


def test_what_does_not_come_in_time_is_told_with_its_id() -> None:
    with pytest.raises(Overdue, match=r"Prediction 0 is still running\..* logs --id 0"):
        api(Service(takes=9)).ask("temperature", PLACE, print, patience=6)


def test_a_refusal_is_told_in_the_words_of_the_problem_document() -> None:
    with pytest.raises(Refused, match="403: Not now") as refused:
        met(refusing(403)).ask("temperature", PLACE, print)
    assert refused.value.what.endswith("POST /api/v1/models/temperature/predictions.")
    assert refused.value.cure.startswith("Let a grant be given")


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        (401, "./run.sh token"),
        (409, "predictions show"),
        (410, "predictions show"),
        (422, "Correct the request"),
        (429, "policies ls"),
        (500, "./run.sh logs api"),
    ],
)
def test_every_refusal_has_a_cure(status: int, cure: str) -> None:
    with pytest.raises(Refused) as refused:
        met(refusing(status)).retry("7")
    assert cure in refused.value.cure
    assert refused.value.status == status


def test_who_tried_too_often_is_told_how_long_to_wait() -> None:
    with pytest.raises(Refused) as refused:
        met(refusing(429, "9", "too-many-attempts")).sign_in("ada@example.com", "x")
    assert refused.value.cure == "Try again in 9 s."


def test_nobody_at_the_address_is_told_after_a_few_tries() -> None:
    service = Service(troubles=[unreachable] * 9)

    with pytest.raises(Unreachable, match=BASE):
        api(service).read("7")
    assert len(service.seen) == 3


def test_a_session_ends_with_its_use() -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers.get("Authorization", "")))
        return httpx.Response(204)

    with api(answer).signing_out():
        pass

    assert seen == [("/api/v1/auth/jwt/logout", "Bearer secret")]


def test_a_session_that_cannot_be_ended_hides_nothing() -> None:
    with pytest.raises(ZeroDivisionError), met(refusing(503)).signing_out():
        raise ZeroDivisionError


def test_no_proxy_of_the_environment_stands_before_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")

    assert not Api(BASE).http.trust_env


@pytest.mark.parametrize(("status", "expected"), [(200, True), (503, False)])
def test_readiness_is_what_the_api_says(status: int, expected: bool) -> None:
    asked = api(lambda _: httpx.Response(status), retries=0)

    assert asked.is_ready() is expected
