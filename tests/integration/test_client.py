"""The Python client against the app of this process."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from chalicelib.domain.predictions import Outcome
from clients.python.lambent_client import ApiError, Lambent, PredictionFailed
from tests.integration.api import Api
from tests.integration.wsgi import wsgi
from tests.samples import NOW, PLACE, a_failure, a_success
from tests.world import Person, World

Ended = Callable[[str], Outcome]


@dataclass(frozen=True)
class WorldsTime:
    """The one time that passes on both sides."""

    world: World

    def monotonic(self) -> float:
        return self.world.clock() / 1000

    def sleep(self, seconds: float) -> None:
        self.world.clock.sleep(seconds)


@pytest.fixture
def client(api: Api, world: World, ada: Person) -> Lambent:
    """Bears Ada's token."""
    http = httpx.Client(transport=httpx.WSGITransport(app=wsgi))
    return Lambent("http://localhost", ada.token, http, clock=WorldsTime(world))


def work_after(seconds: int, world: World, ended: Ended = a_success) -> None:
    """A worker that takes what was accepted once so much time has passed."""

    def work() -> None:
        if world.clock() >= NOW + seconds * 1000:
            world.results.finish([ended(id) for id in world.memory.predictions])

    world.clock.meanwhile = work


def test_what_is_quick_is_there_in_one_request(client: Lambent, world: World) -> None:
    work_after(0, world)

    assert client.predict("temperature", PLACE) == {"temperature": 8.5}
    assert len(world.memory.predictions) == 1


def test_what_is_slow_is_waited_for(client: Lambent, world: World) -> None:
    work_after(8, world)
    statuses: list[str] = []
    accepted = client.submit("temperature", PLACE, metadata={"order": 7}, expires_in=60)

    done = client.wait(accepted, report=lambda look: statuses.append(look["status"]))

    assert (done["output"], done["metadata"]) == ({"temperature": 8.5}, {"order": 7})
    assert set(statuses) == {"queued"}
    assert client.wait(accepted["id"]) == client.read(accepted["id"]) == done


def test_what_fails_is_told(client: Lambent, world: World) -> None:
    work_after(0, world, a_failure)

    with pytest.raises(PredictionFailed, match="No such month"):
        client.predict("temperature", PLACE)


def test_what_nobody_works_on_is_not_done_in_time(client: Lambent) -> None:
    with pytest.raises(TimeoutError, match="stays accepted"):
        client.predict("temperature", PLACE, timeout=5)


def test_mine_are_listed_through_all_pages(client: Lambent, world: World, ada: Person) -> None:
    ids = [world.accepted(ada, "temperature", at=NOW + n).id for n in range(5)]

    listed = client.list(model="temperature", status="queued", limit=2)

    assert [each["id"] for each in listed] == ids[::-1]


def test_one_is_canceled_and_asked_for_again(client: Lambent) -> None:
    accepted = client.submit("2", PLACE)
    canceled = client.cancel(accepted["id"])
    again = client.retry(accepted["id"])

    assert (canceled["status"], canceled["done"]) == ("canceled", True)
    assert (again["status"], again["retry_of"]) == ("queued", accepted["id"])


def test_a_refusal_has_its_document(client: Lambent) -> None:
    with pytest.raises(ApiError, match="422") as told:
        client.submit("temperature", {"latitude": 400})
    assert told.value.code == "invalid"
    assert told.value.problem["errors"]


def test_who_has_no_token_is_told(client: Lambent) -> None:
    client.token = None

    with pytest.raises(ApiError) as told:
        next(client.list())
    assert (told.value.status, told.value.code) == (401, "unauthorized")


@dataclass
class Forgetful(httpx.WSGITransport):
    """Loses the answers to the first posts: they were made, and nobody hears of it."""

    losses: int = 0

    def __post_init__(self) -> None:
        super().__init__(app=wsgi)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method == "POST" and self.losses:
            self.losses -= 1
            raise httpx.ReadError("the connection was lost")
        return response


@pytest.fixture
def forgotten(client: Lambent) -> Lambent:
    """The same client, over a network that loses two answers."""
    client.http = httpx.Client(transport=Forgetful(losses=2))
    return client


def test_a_submit_whose_answers_are_lost_is_made_once(forgotten: Lambent, world: World) -> None:
    accepted = forgotten.submit("temperature", PLACE)

    assert list(world.memory.predictions) == [accepted["id"]]


def test_a_batch_whose_answers_are_lost_is_made_once_and_waited_for(
    forgotten: Lambent, world: World
) -> None:
    work_after(5, world)
    accepted = forgotten.batch("temperature", [PLACE, PLACE])
    done = forgotten.wait(accepted)

    assert list(world.memory.predictions) == [each["id"] for each in accepted["predictions"]]
    assert done["counts"]["succeeded"] == 2
