"""What submitting asks of AWS: with a key, with a cache, and by the hundred; on moto."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.entry_rows import item_of
from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.caching import Cache, Entry, key_of
from chalicelib.domain.predictions import Status
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.admitting import Asked
from chalicelib.services.submission import Accepted, Order
from chalicelib.settings import settings
from tests.endpoint import taken
from tests.integration.client import Client
from tests.integration.cloud import Cloud
from tests.samples import PLACE, a_session, a_user, claims_of

CACHED = "/v1/models/temperature/predictions"
PLAIN = "/v1/models/sentiment/predictions"
MANY = f"{CACHED}/batch"
TASK = "/v1/inference/predict-temp/2"
KEYED = {"Idempotency-Key": "8e03978e"}
FRESH = {"Cache-Control": "no-cache"}
INPUT: dict[str, Any] = {"input": PLACE}
TEXT: dict[str, Any] = {"input": {"text": "Lovely!"}}
THREE = {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessage": 1}
TWO = {"BatchGetItem": 1, "TransactWriteItems": 1}


def models() -> Catalogue:
    """Of those that are really served one has a cache."""
    return Catalogue(
        replace(spec, cache=Cache()) if spec.name == "temperature" else spec
        for spec in wiring.catalogue()
    )


@pytest.fixture
def services(cloud: Cloud) -> Iterator[Services]:
    """The API composed as it is when deployed, but for the cache."""
    settings.cache_clear()
    services = wiring.compose(cloud.settings, models())
    wiring.use(services)
    yield services
    wiring.use(None)
    settings.cache_clear()


def places(count: int) -> list[dict[str, Any]]:
    return [{**PLACE, "longitude": at % 90} for at in range(count)]


def put(cloud: Cloud, services: Services, output: str | None = '{"temperature":8.5}') -> None:
    """A result of an hour for PLACE; without an output one that is on its way."""
    key = key_of("temperature", "1.0.0", PLACE, None)
    leader = "01a20846-fe00-7da6-bfd0-7962220fa054"
    entry = Entry(leader, (), 3600, services.clock() // 1000 + 3600, output, "1.0.0")
    cloud.aside.put_item(TableName="predictions", Item=item_of(key, entry))


def canceled(client: Client) -> str:
    """The path at which a canceled prediction is retried."""
    id = client.post(CACHED, INPUT, FRESH).json["id"]
    client.post(f"/v1/predictions/{id}/cancel", {})
    return f"/v1/predictions/{id}/retry"


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        (PLAIN, TEXT, {}),
        (PLAIN, TEXT, KEYED),
        (CACHED, INPUT, {}),
        (CACHED, INPUT, KEYED),
        (CACHED, INPUT, FRESH),
        (TASK, PLACE, KEYED),
    ],
)
def test_a_submit_is_three_calls_with_and_without_a_key_and_a_cache(
    client: Client, path: str, body: Any, headers: dict[str, str]
) -> None:
    assert client.cost_of_post(path, body, headers) == THREE


@pytest.mark.parametrize("headers", [{}, KEYED])
def test_who_waits_for_anothers_result_sends_no_message(
    cloud: Cloud, client: Client, services: Services, headers: dict[str, str]
) -> None:
    put(cloud, services, output=None)
    assert client.cost_of_post(CACHED, INPUT, headers) == TWO
    assert cloud.received() == []


@pytest.mark.parametrize("headers", [{}, KEYED])
def test_a_hit_is_two_calls_and_no_message(
    cloud: Cloud, client: Client, services: Services, headers: dict[str, str]
) -> None:
    put(cloud, services)
    assert client.cost_of_post(CACHED, INPUT, headers) == TWO
    assert cloud.received() == []


def test_a_hit_is_read_as_it_was_answered(cloud: Cloud, client: Client, services: Services) -> None:
    put(cloud, services)
    answer = client.post(CACHED, INPUT)
    assert (answer.status, answer.json["output"]) == (200, {"temperature": 8.5})
    assert answer.headers["Cache-Status"].startswith("lambent; hit; ttl=")
    assert client.get(f"/v1/predictions/{answer.json['id']}").json == answer.json


@pytest.mark.parametrize(("path", "body"), [(PLAIN, TEXT), (CACHED, INPUT), (TASK, PLACE)])
def test_a_replay_is_two_reads(client: Client, path: str, body: Any) -> None:
    client.post(path, body, KEYED)
    assert client.cost_of_post(path, body, KEYED) == {"BatchGetItem": 2}


def test_a_key_with_another_body_is_one_read(client: Client) -> None:
    client.post(CACHED, INPUT, KEYED)
    body = {"input": PLACE, "expires_in": 60}
    assert client.cost_of_post(CACHED, body, KEYED) == {"BatchGetItem": 1}


def test_a_key_adds_no_call_to_a_retry_and_its_replay_is_three_reads(client: Client) -> None:
    path = canceled(client)
    assert client.cost_of_post(path, {}, KEYED) == {**THREE, "BatchGetItem": 2}
    assert client.cost_of_post(path, {}, KEYED) == {"BatchGetItem": 3}


def test_a_retry_that_the_cache_answers_sends_no_message(
    cloud: Cloud, client: Client, services: Services
) -> None:
    path = canceled(client)
    put(cloud, services)
    assert client.cost_of_post(path, {}) == {**TWO, "BatchGetItem": 2}


@pytest.mark.parametrize("headers", [{}, KEYED])
@pytest.mark.parametrize(
    ("size", "writes", "sends"), [(1, 1, 1), (25, 1, 3), (100, 4, 10), (1000, 40, 100)]
)
def test_a_batch_of_a_hundred_is_sixteen_calls(
    client: Client, headers: dict[str, str], size: int, writes: int, sends: int
) -> None:
    assert client.cost_of_post(MANY, {"inputs": places(size)}, headers) == {
        "BatchGetItem": 1,
        "TransactWriteItems": 1,
        "BatchWriteItem": writes,
        "SendMessageBatch": sends,
    }


def test_a_batch_arrives_behind_what_somebody_waits_for_each_once(
    cloud: Cloud, client: Client
) -> None:
    answer = client.post(MANY, {"inputs": places(100)}).json
    ids = [each["id"] for each in answer["predictions"]]
    bulk = taken(cloud.sqs, cloud.settings.queues["light"]["bulk"])
    assert len(bulk) == 100
    assert all(any(id in message["Body"] for message in bulk) for id in ids)
    assert cloud.received() == []


def test_a_batch_is_read_with_three_calls(client: Client) -> None:
    batch_id = client.post(MANY, {"inputs": places(100)}).json["batch_id"]
    cost = client.cost_of_get(f"/v1/batches/{batch_id}?limit=100")
    assert cost == {"BatchGetItem": 1, "Query": 2}


def test_a_batch_is_read_as_it_was_accepted(client: Client) -> None:
    answer = client.post(MANY, {"inputs": places(30)}).json
    read = client.get(f"/v1/batches/{answer['batch_id']}?limit=100").json
    assert [{"id": each["id"]} for each in read["data"]] == answer["predictions"]
    assert read["counts"] == {**{status.value: 0 for status in Status}, "queued": 30}


@pytest.mark.parametrize("id", ["x" * 3000, "nonsense", "01a20846"])
def test_what_can_be_no_batch_is_not_looked_for(cloud: Cloud, client: Client, id: str) -> None:
    """Its key could be longer than DynamoDB's may be, which would be an error."""
    assert client.cost_of_get(f"/v1/batches/{id}") == {"BatchGetItem": 1}
    assert cloud.wire.bodies[0]["RequestItems"].keys() == {"accounts"}


def test_the_replay_of_a_batch_is_two_calls(client: Client) -> None:
    body = {"inputs": places(100)}
    client.post(MANY, body, KEYED)
    assert client.cost_of_post(MANY, body, KEYED) == {"BatchGetItem": 1, "Query": 1}
    assert client.post(MANY, body, KEYED).headers["Idempotent-Replayed"] == "true"


def test_a_batch_without_room_is_one_read(client: Client) -> None:
    body = {"inputs": places(600)}
    assert client.post(MANY, body).status == 202
    assert client.cost_of_post(MANY, body) == {"BatchGetItem": 1}


def test_what_is_refused_of_a_batch_costs_nothing(client: Client) -> None:
    body = {"inputs": [*places(25), *[{}] * 75]}
    assert client.cost_of_post(MANY, body)["BatchWriteItem"] == 1


def somebody(services: Services) -> Claims:
    """May use the model with a cache."""
    user = a_user()
    session = a_session(user, services.clock())
    services.users.add(user)
    SessionTable().start(session)
    services.granting.grant(user.id, "temperature", 1, Origin())
    return claims_of(session)


@pytest.mark.parametrize("key", [None, "8e03978e"])
def test_of_twenty_who_ask_the_same_at_once_one_is_run(
    cloud: Cloud, client: Client, services: Services, key: str | None
) -> None:
    claims = somebody(services)
    asked = Asked(input=PLACE, key=key)
    # All are admitted before any is stored: only the transaction can tell.
    admissions = [services.admitting.admit(claims, "temperature", asked) for _ in range(20)]

    def submit(admission: Any) -> Accepted:
        return services.submission.submit(admission, Order(PLACE))

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(submit, admissions))
    how = sorted(str(each.prediction.cache) for each in found)
    assert how == (["miss"] * 20 if key else ["collapsed"] * 19 + ["miss"])
    assert len({each.prediction.id for each in found}) == (1 if key else 20)
    assert len(cloud.received()) == 1
