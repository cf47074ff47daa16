"""Dead letters over HTTP: looking at them, and asking once more."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.results import ResultTable
from chalicelib.api import wiring
from chalicelib.domain.accounts.users import Change
from chalicelib.domain.dead_letters import DeadLetter, Reason
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.redriving import BUDGET
from tests.contracts.dead_letters import a_letter
from tests.fakes import FakePredictions
from tests.integration.api import Api, services_over
from tests.integration.client import Client
from tests.integration.cloud import Cloud
from tests.integration.test_permissions import asked, granted
from tests.samples import NOW, PLACE, a_failure
from tests.world import Person, World

LETTERS = "/v1/admin/dead-letters"
REDRIVE = f"{LETTERS}/redrive"


def dead(world: World, person: Person, status: Status = Status.FAILED) -> DeadLetter:
    made = world.accepted(person, "temperature")
    world.memory.predictions[made.id] = replace(made, status=status)
    letter = a_letter(id=made.id)
    world.dead_letters.add(letter)
    return letter


def test_a_dead_letter_is_shown_exactly_so(api: Api, world: World, root: Person) -> None:
    letter = a_letter()
    world.dead_letters.add(letter)
    answer = api.get(LETTERS, root)
    assert (answer.status, answer.json) == (
        200,
        {
            "data": [
                {
                    "id": letter.id,
                    "model": "temperature",
                    "reason": "attempts-exhausted",
                    "attempts": 5,
                    "created_at": "2026-11-23T12:00:00.000Z",
                    "dead_at": "2026-11-23T12:15:00.000Z",
                }
            ],
            "next_cursor": None,
        },
    )


def test_what_names_no_prediction_is_shown_without_its_body(
    api: Api, world: World, root: Person
) -> None:
    letter = a_letter(id="m", reason=Reason.MALFORMED_MESSAGE, model=None, body='{"secret"')
    world.dead_letters.add(letter)
    answer = api.get(LETTERS, root)
    [shown] = answer.json["data"]
    assert (shown["id"], shown["model"], shown["reason"]) == ("m", None, "malformed-message")
    assert "secret" not in answer.text


def test_the_newest_lead_and_a_link_leads_on(api: Api, world: World, root: Person) -> None:
    letters = [a_letter(NOW + at) for at in range(3)]
    for letter in letters:
        world.dead_letters.add(letter)
    first = api.get(LETTERS, root, limit=2)
    second = api.get(LETTERS, root, limit=2, cursor=first.json["next_cursor"])
    shown = [each["id"] for answer in (first, second) for each in answer.json["data"]]
    assert shown == [letter.id for letter in reversed(letters)]
    assert first.headers["Link"].endswith('rel="next"')
    assert "Link" not in second.headers


def test_a_redrive_tells_what_became_of_each(
    api: Api, world: World, ada: Person, root: Person
) -> None:
    failed, succeeded = dead(world, ada), dead(world, ada, Status.SUCCEEDED)
    answer = api.post(REDRIVE, root, {"ids": [failed.id, succeeded.id, "x"]})
    [made] = [each for each in world.memory.predictions.values() if each.retry_of]
    assert (answer.status, answer.json) == (
        202,
        {
            "redriven": [{"from": failed.id, "to": made.id}],
            "skipped": [
                {"id": succeeded.id, "reason": "succeeded"},
                {"id": "x", "reason": "not-found"},
            ],
            "next_cursor": None,
        },
    )
    assert (made.retry_of, made.user_id) == (failed.id, ada.user.id)
    assert world.trail.entries[-1].actor == root.user.id


def test_the_owner_sees_the_new_one_as_theirs(
    api: Api, world: World, ada: Person, root: Person
) -> None:
    letter = dead(world, ada)
    [made] = api.post(REDRIVE, root, {"all": True}).json["redriven"]
    seen = api.get(f"/v1/predictions/{made['to']}", ada)
    assert (seen.status, seen.json["retry_of"]) == (200, letter.id)


def test_the_cursor_of_the_last_answer_is_as_none(api: Api, world: World, root: Person) -> None:
    assert api.post(REDRIVE, root, {"all": True, "cursor": None}).status == 202


def test_redriving_all_twice_makes_one(api: Api, world: World, ada: Person, root: Person) -> None:
    dead(world, ada)
    first, second = (api.post(REDRIVE, root, {"all": True}) for _ in range(2))
    assert len(first.json["redriven"]) == 1
    assert second.json == {"redriven": [], "skipped": [], "next_cursor": None}
    assert len(world.queue.messages) == 1


class Slow(FakePredictions):
    """Each look takes all the time that there is."""

    def __init__(self, world: World) -> None:
        super().__init__(world.memory)
        self._clock = world.clock

    def glimpse(self, prediction_id: str) -> Prediction | None:
        self._clock.advance(BUDGET)
        return super().glimpse(prediction_id)


@pytest.fixture
def slow(api: Api, world: World) -> Api:
    """The same API over a table that takes its time."""
    world.predictions = Slow(world)
    wiring.use(services_over(world))
    return api


def test_a_cursor_leads_to_what_there_was_no_time_for(
    slow: Api, world: World, ada: Person, root: Person
) -> None:
    letters = {dead(world, ada).id for _ in range(2)}
    first = slow.post(REDRIVE, root, {"all": True}).json
    second = slow.post(REDRIVE, root, {"all": True, "cursor": first["next_cursor"]}).json
    assert {each["from"] for each in first["redriven"] + second["redriven"]} == letters
    assert (len(first["redriven"]), len(second["redriven"])) == (1, 1)


def test_the_cursor_of_a_list_or_of_another_is_none_of_a_redrive(
    slow: Api, world: World, ada: Person, root: Person
) -> None:
    for _ in range(2):
        dead(world, ada)
    listed = slow.get(LETTERS, root, limit=1).json["next_cursor"]
    mine = slow.post(REDRIVE, root, {"all": True}).json["next_cursor"]
    other = world.somebody(is_superuser=True)
    for who, cursor in ((root, listed), (other, mine), (root, "")):
        answer = slow.post(REDRIVE, who, {"all": True, "cursor": cursor})
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/cursor")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"ids": []},
        {"ids": ["x"] * 101},
        {"ids": [""]},
        {"ids": ["x" * 201]},
        {"ids": [1]},
        {"ids": "x"},
        {"all": False},
        {"all": 1},
        {"all": "true"},
        {"ids": None, "all": None},
        {"ids": None, "all": True},
        {"ids": ["x"], "all": False},
        {"ids": ["x"], "cursor": None},
        {"ids": ["x"], "all": True},
        {"ids": ["x"], "cursor": "x"},
        {"ids": [], "all": True},
        {"cursor": "x"},
        {"all": True, "cursor": 1},
        {"all": True, "more": 1},
    ],
)
def test_anything_else_is_a_422_and_nothing_is_redriven(
    api: Api, world: World, ada: Person, root: Person, body: Any
) -> None:
    letter = dead(world, ada)
    assert api.post(REDRIVE, root, body).status == 422
    assert world.memory.letters == {letter.id: letter}


def test_a_table_that_does_not_answer_is_a_503(api: Api, world: World, root: Person) -> None:
    world.memory.is_down = True
    assert api.get(LETTERS, root).status == 503
    assert api.post(REDRIVE, root, {"all": True}).status == 503


def given_up(cloud: Cloud, client: Client) -> str:
    """A prediction of that client, who becomes a superuser, among the dead letters."""
    services = wiring.services()
    id: str = client.post("/v1/models/temperature/predictions", {"input": PLACE}).json["id"]
    failure = a_failure(id, "attempts-exhausted")
    ResultTable(cloud.dynamodb, cloud.settings).finish([failure])
    services.dead_letters.add(a_letter(wiring.now(), id=id))
    user = services.users.by_id(client.user["id"])
    assert user
    services.users.change(user, Change(is_superuser=True))
    return id


def test_in_the_tables_it_is_made_once_and_linked(cloud: Cloud, client: Client) -> None:
    id = given_up(cloud, client)
    listed = client.get(LETTERS).json["data"]
    first, second = (client.post(REDRIVE, {"ids": [id]}).json for _ in range(2))
    [made] = first["redriven"]
    again = client.get(f"/v1/predictions/{made['to']}").json
    assert ([each["id"] for each in listed], made["from"]) == ([id], id)
    assert (again["retry_of"], again["input"], again["status"]) == (id, PLACE, "queued")
    assert second["skipped"] == [{"id": id, "reason": "not-found"}]
    assert client.get(LETTERS).json["data"] == []


def test_in_the_tables_a_letter_that_is_there_again_is_known(cloud: Cloud, client: Client) -> None:
    id = given_up(cloud, client)
    client.post(REDRIVE, {"ids": [id]})
    wiring.services().dead_letters.add(a_letter(wiring.now(), id=id))
    again = client.post(REDRIVE, {"all": True}).json
    assert again["skipped"] == [{"id": id, "reason": "redriven"}]


def test_the_role_of_the_api_allows_it(cloud: Cloud, client: Client) -> None:
    id = given_up(cloud, client)
    cloud.wire.forget()
    for act in (lambda: client.get(LETTERS), lambda: client.post(REDRIVE, {"ids": [id]})):
        assert act().status in (200, 202)
    used = set(asked(cloud))
    assert used - granted("ApiRole") == set()
    assert used >= {("dynamodb:Query", "CatalogueTable"), ("dynamodb:DeleteItem", "CatalogueTable")}
