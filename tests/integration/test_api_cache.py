"""The result cache, over HTTP."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api import wiring
from chalicelib.domain import caching as domain
from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.predictions import Status
from tests.integration.api import Answer, Api
from tests.samples import NOW, PLACE, a_success
from tests.world import Person, World, caching

SUBMIT = "/v1/models/temperature/predictions"
TASK = "/v1/inference/predict-temp/2"
FRESH = {"Cache-Control": "no-cache"}
OUTPUT = '{"temperature":8.5}'


@pytest.fixture
def world() -> World:
    """Fakes, and the models that are really served, each with a cache."""
    return World(caching(wiring.catalogue()))


@pytest.fixture
def bob(world: World) -> Person:
    """May use the model `temperature`, as often as five times a day."""
    bob = world.somebody()
    world.grant(bob, "temperature", daily=5)
    return bob


def submit(api: Api, who: Person, **headers: str) -> Answer:
    return api.post(SUBMIT, who, {"input": PLACE}, headers=headers)


def key(whose: str | None = None) -> str:
    return domain.key_of("temperature", "1.0.0", PLACE, whose)


def put(world: World, **facts: Any) -> None:
    """An entry with an hour to go."""
    entry = Entry("01a20846-fe00-7da6-bfd0-7962220fa054", (), 3600, NOW // 1000 + 3600)
    world.memory.entries[key()] = replace(entry, **facts)


def test_the_first_to_ask_is_a_miss(api: Api, ada: Person) -> None:
    answer = submit(api, ada)
    assert (answer.status, answer.json["cache"]) == (202, "miss")
    assert answer.headers["Cache-Status"] == "lambent; fwd=miss"


def test_who_asks_the_same_meanwhile_waits_for_its_result(
    api: Api, world: World, ada: Person, bob: Person
) -> None:
    submit(api, ada)
    answer = submit(api, bob)
    assert (answer.status, answer.json["cache"]) == (202, "collapsed")
    assert answer.headers["Cache-Status"] == "lambent; fwd=miss; collapsed"
    assert int(answer.headers["Retry-After"]) >= 1
    assert len(world.queue.messages) == 1


def test_who_asks_the_same_afterwards_is_answered_at_once(
    api: Api, world: World, bob: Person
) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    world.clock.advance(seconds=60)
    answer = submit(api, bob)
    assert answer.status == 200
    assert answer.headers["Cache-Status"] == "lambent; hit; ttl=3540"
    assert (answer.json["status"], answer.json["done"]) == ("succeeded", True)
    assert (answer.json["cache"], answer.json["output"]) == ("hit", {"temperature": 8.5})
    assert world.kept() == (1, 1, 0)


def test_a_hit_is_a_prediction_as_any_other(api: Api, world: World, bob: Person) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    answer = submit(api, bob)
    assert answer.headers["Location"] == answer.json["urls"]["self"]
    assert "Retry-After" not in answer.headers
    read = api.get(f"/v1/predictions/{answer.json['id']}", bob)
    assert (read.status, read.json) == (200, answer.json)
    assert answer.json["completed_at"] == answer.json["created_at"]
    assert answer.json["metrics"] is answer.json["started_at"] is answer.json["error"] is None


def test_a_hit_costs_a_request_and_counts_as_a_success(api: Api, world: World, bob: Person) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    answer = submit(api, bob)
    assert (answer.headers["RateLimit"], answer.json["charged"]) == ('"daily";r=4', True)
    [day] = api.get("/v1/me/usage", bob).json["data"]
    assert (day["accepted"], day["succeeded"], day["predict_ms"]) == (1, 1, 0)


def test_a_hit_needs_room_in_the_quota(api: Api, world: World, bob: Person) -> None:
    world.grant(bob, "temperature", daily=0)
    put(world, output=OUTPUT, version="1.0.0")
    assert submit(api, bob).status == 429


def test_who_wants_a_fresh_result_gets_one(api: Api, world: World, bob: Person) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    answer = submit(api, bob, **FRESH)
    assert (answer.status, answer.json["cache"]) == (202, "bypass")
    assert answer.headers["Cache-Status"] == "lambent; fwd=request"
    assert len(world.queue.messages) == 1


def test_who_finds_a_hundred_waiting_is_a_miss(api: Api, world: World, bob: Person) -> None:
    put(world, waiters=(Waiter("1", "2", NOW),) * 100)
    answer = submit(api, bob)
    assert (answer.status, answer.json["cache"]) == (202, "miss")
    assert answer.headers["Cache-Status"] == "lambent; fwd=miss"


def test_who_waits_for_anothers_result_has_it_as_soon_as_it_is_there(
    api: Api, world: World, ada: Person, bob: Person
) -> None:
    submit(api, ada)

    def succeed() -> None:
        world.results.finish([a_success(id) for id in world.memory.predictions])

    world.clock.meanwhile = succeed
    answer = submit(api, bob, Prefer="wait=5")
    assert (answer.status, answer.json["output"]) == (200, {"temperature": 8.5})
    assert answer.headers["Cache-Status"] == "lambent; fwd=miss; collapsed"


def test_a_replay_says_nothing_of_the_cache(api: Api, world: World, bob: Person) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    first, second = (submit(api, bob, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert second.json == first.json
    assert "Cache-Status" in first.headers
    assert "Cache-Status" not in second.headers


def test_a_key_that_was_used_is_told_before_the_cache_answers(
    api: Api, world: World, bob: Person
) -> None:
    first = submit(api, bob, **{"Idempotency-Key": "k"})
    put(world, output=OUTPUT, version="1.0.0")
    second = submit(api, bob, **{"Idempotency-Key": "k"})
    assert (second.status, second.json) == (202, first.json)
    assert "Cache-Status" in first.headers
    assert "Cache-Status" not in second.headers


def test_the_seeds_task_is_answered_from_the_same_cache(
    api: Api, world: World, ada: Person, bob: Person
) -> None:
    submit(api, ada)
    joined = api.post(TASK, bob, PLACE)
    put(world, output=OUTPUT, version="1.0.0")
    hit, fresh = api.post(TASK, bob, PLACE), api.post(TASK, bob, PLACE, headers=FRESH)
    assert {each.status for each in (joined, hit, fresh)} == {200}
    assert [each.headers["Cache-Status"] for each in (joined, hit, fresh)] == [
        "lambent; fwd=miss; collapsed",
        "lambent; hit; ttl=3600",
        "lambent; fwd=request",
    ]
    assert hit.json.keys() == {"task_id"}
    told = api.get(f"/v1/inference/task-status/{hit.json['task_id']}", bob).json
    assert told == {"state": "SUCCESS", "result": {"temperature": 8.5}}


def test_a_retry_is_answered_from_the_cache_or_goes_past_it(
    api: Api, world: World, bob: Person
) -> None:
    id = submit(api, bob).json["id"]
    world.memory.predictions[id] = replace(world.memory.predictions[id], status=Status.FAILED)
    put(world, output=OUTPUT, version="1.0.0")
    path = f"/v1/predictions/{id}/retry"
    hit, fresh = (api.post(path, bob, raw=b"", headers=headers) for headers in ({}, FRESH))
    assert (hit.status, hit.json["output"]) == (200, {"temperature": 8.5})
    assert hit.headers["Cache-Status"] == "lambent; hit; ttl=3600"
    assert (fresh.status, fresh.json["cache"]) == (202, "bypass")


def test_a_batch_goes_past_the_cache(api: Api, world: World, bob: Person) -> None:
    put(world, output=OUTPUT, version="1.0.0")
    answer = api.post(f"{SUBMIT}/batch", bob, {"inputs": [PLACE, PLACE]})
    assert "Cache-Status" not in answer.headers
    listed = api.get(f"/v1/batches/{answer.json['batch_id']}", bob).json["data"]
    assert [each["cache"] for each in listed] == ["bypass", "bypass"]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"input": {"latitude": 1e999, "longitude": 1, "month": 1, "hour": 1}}',
        b'{"input": {"latitude": ' + b"9" * 4000 + b"}}",
        b'{"input": {"latitude": -1e308}}',
        b'{"input": null}',
        b'{"input": 7}',
        b'{"input": ["\\u0000", {"\\ud83d\\ude42": 1e-400}]}',
        b"{}",
        b"[]",
        b"null",
        b"7",
    ],
)
def test_what_does_not_fit_is_a_422_with_a_cache_as_without(
    api: Api, ada: Person, raw: bytes
) -> None:
    assert api.post(SUBMIT, ada, raw=raw).status == 422
    assert api.post(TASK, ada, raw=raw).status == 422


class TestWithoutACache:
    @pytest.fixture
    def world(self) -> World:
        return World(wiring.catalogue())

    def test_there_is_no_status_of_one(self, api: Api, ada: Person) -> None:
        answer = submit(api, ada, **FRESH)
        assert (answer.status, answer.json["cache"]) == (202, None)
        assert "Cache-Status" not in answer.headers


class TestPrivate:
    @pytest.fixture
    def world(self) -> World:
        return World(caching(wiring.catalogue(), private=True))

    def test_what_a_model_keeps_private_is_not_shared(
        self, api: Api, world: World, ada: Person, bob: Person
    ) -> None:
        told = [submit(api, who).headers["Cache-Status"] for who in (ada, bob, ada)]
        assert told == ["lambent; fwd=miss", "lambent; fwd=miss", "lambent; fwd=miss; collapsed"]
        assert world.memory.entries.keys() == {key(ada.user.id), key(bob.user.id)}
