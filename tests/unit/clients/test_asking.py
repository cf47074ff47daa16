"""What the client sends, and where."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from clients.python.lambent_client import Lambent
from tests.unit.clients.service import BASE, PLACE, Service


class Pages:
    """Answers every request with the next of these bodies."""

    def __init__(self, *bodies: Mapping[str, Any]) -> None:
        self.seen: list[httpx.Request] = []
        self._bodies = iter(bodies)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return httpx.Response(200, json=next(self._bodies))

    def client(self, base_url: str = BASE, token: str | None = None) -> Lambent:
        return Lambent(base_url, token, httpx.Client(transport=httpx.MockTransport(self)))


def test_what_is_submitted_is_sent_and_nothing_else() -> None:
    service = Service()

    service.client().submit("temperature", PLACE, metadata={"order": 7}, expires_in=60)

    [request] = service.seen
    assert json.loads(request.content) == {
        "input": PLACE,
        "metadata": {"order": 7},
        "expires_in": 60,
    }


def test_a_batch_is_sent_in_one_request() -> None:
    service = Service()

    service.client().batch("temperature", [PLACE, PLACE])

    [request] = service.seen
    assert json.loads(request.content) == {"inputs": [PLACE, PLACE]}
    assert service.asked() == ["POST /v1/models/temperature/predictions/batch"]


def test_an_id_stays_inside_its_place() -> None:
    seen = Pages(*[{"id": "7"}] * 5)
    client = seen.client()
    for act in (client.read, client.cancel, client.retry, client.batch_status):
        act("7/../8")
    client.submit("a/b", PLACE)

    assert [request.url.raw_path.decode() for request in seen.seen] == [
        "/api/v1/predictions/7%2F..%2F8",
        "/api/v1/predictions/7%2F..%2F8/cancel",
        "/api/v1/predictions/7%2F..%2F8/retry",
        "/api/v1/batches/7%2F..%2F8",
        "/api/v1/models/a%2Fb/predictions",
    ]


@pytest.mark.parametrize("base_url", [BASE, f"{BASE}/"])
def test_a_token_is_sent_with_every_request(base_url: str) -> None:
    pages = Pages({"id": "7"})
    pages.client(base_url, "secret").read("7")

    [request] = pages.seen
    assert request.headers["Authorization"] == "Bearer secret"
    assert str(request.url) == f"{BASE}/v1/predictions/7"


def test_who_signs_in_is_that_user_from_then_on() -> None:
    pages = Pages({"access_token": "secret"}, {"id": "7"})
    client = pages.client()

    client.sign_in("ada@example.com", "a b&c")
    client.read("7")

    first, second = pages.seen
    assert first.content == b"username=ada%40example.com&password=a+b%26c"
    assert "Authorization" not in first.headers
    assert second.headers["Authorization"] == "Bearer secret"
    assert client.token == "secret"


def test_no_token_is_told_with_its_client() -> None:
    assert "secret" not in repr(Lambent(BASE, "secret"))


def test_a_list_goes_through_all_pages_and_fetches_none_before_it_is_needed() -> None:
    pages = Pages(
        {"data": [{"id": "3"}, {"id": "2"}], "next_cursor": "c"},
        {"data": [{"id": "1"}], "next_cursor": None},
    )

    listed = pages.client().list(status="queued", limit=2)
    first = [next(listed)["id"], next(listed)["id"]]
    fetched = len(pages.seen)

    assert (first, fetched) == (["3", "2"], 1)
    assert [each["id"] for each in listed] == ["1"]
    assert [dict(request.url.params) for request in pages.seen] == [
        {"status": "queued", "limit": "2"},
        {"status": "queued", "limit": "2", "cursor": "c"},
    ]


def test_anything_else_can_be_asked_too() -> None:
    pages = Pages({"data": []})
    answer = pages.client(token="secret").request("GET", "/v1/me/usage", params={"from": "x"})

    assert answer.json() == {"data": []}
    assert pages.seen[0].url.query == b"from=x"
