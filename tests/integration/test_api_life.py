"""What happens to predictions after they were accepted, over HTTP."""

import json
from typing import Any

import pytest

from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Status
from tests.integration.api import Answer, Api
from tests.samples import NOW, PLACE, a_failure, a_success
from tests.world import Person, World

SUBMIT, LIST = "/v1/models/temperature/predictions", "/v1/predictions"
WAIT = {"Prefer": "wait=5"}
VIEW = {"input", "output"}


def submitted(api: Api, ada: Person, **more: Any) -> Any:
    answer = api.post(SUBMIT, ada, {"input": PLACE, **more})
    assert answer.status == 202, answer.text
    return answer.json


def path_of(prediction: Any, act: str = "") -> str:
    return f"{LIST}/{prediction['id']}{act}"


def act(api: Api, who: Person | None, prediction: Any, name: str) -> Answer:
    return api.ask("POST", path_of(prediction, f"/{name}"), who)


def erase(api: Api, who: Person | None, prediction: Any) -> Answer:
    return api.delete(path_of(prediction), who)


def test_a_list_is_of_mine_the_newest_first_and_without_input_and_output(
    api: Api, world: World, ada: Person
) -> None:
    mine = []
    for _ in range(3):
        world.clock.advance(1)
        mine.append(submitted(api, ada))
    world.accepted(world.somebody(), "temperature")
    listed = api.get(LIST, ada)
    assert listed.status == 200
    without = [{k: v for k, v in each.items() if k not in VIEW} for each in reversed(mine)]
    assert listed.json == {"data": without, "next_cursor": None}


def test_the_links_of_a_list_keep_its_filters(api: Api, world: World, ada: Person) -> None:
    for n in range(5):
        world.accepted(ada, "temperature", at=NOW + n)
        world.accepted(ada, "sentiment", at=NOW + n)
    query = "model=2&status=queued&created_after=2026-11-23T12:00:00Z&limit=3"
    first = api.get(f"{LIST}?{query}", ada)
    link = first.headers["Link"].partition(">")[0].removeprefix("<https://localhost")
    last = api.get(link, ada)
    found = [each for page in (first, last) for each in page.json["data"]]
    assert [len(page.json["data"]) for page in (first, last)] == [3, 1]
    assert {each["model"] for each in found} == {"temperature"}
    assert [each["created_at"][-4:-1] for each in found] == ["004", "003", "002", "001"]
    assert last.json["next_cursor"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "done"),
        ("status", "QUEUED"),
        ("batch_id", "x"),
        ("batch_id", uuid7(NOW).upper()),
        ("user_id", "x" * 3000),
        ("created_after", "yesterday"),
        ("created_after", "2026-11-23"),
        ("created_after", "2026-11-23T12:00:00"),
        ("created_after", "1763899200"),
        ("model", "x" * 101),
        ("limit", "0"),
        ("cursor", "x"),
    ],
)
def test_a_bad_filter_is_named(api: Api, root: Person, name: str, value: str) -> None:
    answer = api.get(LIST, root, **{name: value})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, f"/{name}")


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"])
def test_no_instant_is_too_far_away(api: Api, ada: Person, after: str) -> None:
    submitted(api, ada)
    listed = api.get(LIST, ada, created_after=after)
    assert (listed.status, len(listed.json["data"])) == (200, after < "2026")


def test_only_superusers_ask_for_somebodys(
    api: Api, world: World, ada: Person, root: Person
) -> None:
    one = submitted(api, ada)
    found = api.get(LIST, root, user_id=ada.user.id).json["data"]
    assert [each["id"] for each in found] == [one["id"]]
    assert api.get(LIST, root).json["data"] == []
    assert api.get(LIST, ada, user_id=ada.user.id).status == 403
    assert api.get(LIST).status == 401


def test_what_waits_is_canceled_and_costs_nothing(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    canceled = act(api, ada, one, "cancel")
    assert canceled.status == 200
    said = {name: canceled.json[name] for name in ("status", "done", "charged")}
    assert said == {"status": "canceled", "done": True, "charged": False}
    assert canceled.json["completed_at"] == "2026-11-23T12:00:00.000Z"
    assert api.get(path_of(one), ada).json == act(api, ada, one, "cancel").json == canceled.json
    assert world.kept()[:2] == (1, 0)


def test_what_has_ended_is_answered_as_it_is(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    world.results.finish([a_success(one["id"])])
    answer = act(api, ada, one, "cancel")
    assert (answer.status, answer.json["status"]) == (200, "succeeded")
    assert answer.json["charged"] is True


def test_a_result_that_comes_after_the_cancellation_is_dropped(
    api: Api, world: World, ada: Person
) -> None:
    one = submitted(api, ada)
    act(api, ada, one, "cancel")
    world.results.finish([a_success(one["id"])])
    read = api.get(path_of(one), ada).json
    assert (read["status"], read["output"]) == ("canceled", None)


def test_what_failed_is_asked_for_again(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", daily=10, retention_days=7)
    one = submitted(api, ada, metadata={"a": 1})
    world.results.finish([a_failure(one["id"])])
    answer = act(api, ada, one, "retry")
    again = answer.json
    assert answer.status == 202
    assert (again["retry_of"], again["input"], again["metadata"]) == (one["id"], PLACE, {"a": 1})
    assert answer.headers["Location"] == again["urls"]["self"]
    assert answer.headers["RateLimit"] == '"daily";r=8'
    assert int(answer.headers["Retry-After"]) >= 1
    assert world.kept() == (2, 2, 2)


def test_what_has_not_failed_is_not_asked_for_again(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    for _ in range(2):
        answer = act(api, ada, one, "retry")
        assert (answer.status, answer.json["code"]) == (409, "conflict")
        world.results.finish([a_success(one["id"])])


def test_a_retry_on_a_full_quota_is_refused_as_a_submit_is(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", daily=1)
    one = submitted(api, ada)
    world.results.finish([a_failure(one["id"])])
    answer = act(api, ada, one, "retry")
    assert (answer.status, answer.headers["RateLimit"]) == (429, '"daily";r=0;t=43200')


def test_an_erased_one_is_gone_for_every_act(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada, metadata={"name": "Ada"})
    erased = erase(api, ada, one)
    assert (erased.status, erased.text) == (204, "")
    answers = [
        api.get(path_of(one), ada),
        api.get(f"/v1/inference/task-status/{one['id']}", ada),
        act(api, ada, one, "cancel"),
        act(api, ada, one, "retry"),
        erase(api, ada, one),
    ]
    assert {(each.status, each.json["code"]) for each in answers} == {(410, "gone")}
    assert api.get(LIST, ada).json["data"] == []
    assert world.kept()[:2] == (1, 0)


def test_others_cannot_act_on_it(api: Api, world: World, ada: Person) -> None:
    one, stranger = submitted(api, ada), world.somebody()
    for who, status in ((stranger, 404), (None, 401)):
        assert act(api, who, one, "cancel").status == status
        assert act(api, who, one, "retry").status == status
        assert erase(api, who, one).status == status
    assert api.get(path_of(one), ada).json == one


@pytest.mark.parametrize("seconds", [1, 86_400])
def test_a_deadline_is_shown_and_goes_with_the_message(
    api: Api, world: World, ada: Person, seconds: int
) -> None:
    one = submitted(api, ada, expires_in=seconds)
    [job] = world.queue.jobs
    assert job.deadline == NOW + seconds * 1000
    assert one["expires_at"] is not None
    assert submitted(api, ada, expires_in=None)["expires_at"] is None


@pytest.mark.parametrize("seconds", [0, -1, 86_401, 1.5, "60", True])
def test_a_deadline_out_of_range_is_named(api: Api, ada: Person, seconds: object) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE, "expires_in": seconds})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/expires_in")


def test_what_has_not_changed_is_a_304_without_a_body(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    read = api.get(path_of(one), ada)
    tag = {"If-None-Match": read.headers["ETag"]}
    same = api.get(path_of(one), ada, tag)
    assert (same.status, same.text, same.headers["ETag"]) == (304, "", read.headers["ETag"])
    assert "Content-Type" not in same.headers
    world.results.claim(Job(**vars(world.queue.jobs[0])), 2, NOW)
    changed = api.get(path_of(one), ada, tag)
    assert (changed.status, changed.json["status"]) == (200, "running")
    assert changed.headers["ETag"] != read.headers["ETag"]


@pytest.mark.parametrize("value", ["", "x", '"', "W/", '"x', "*, *", "\x00"])
def test_a_tag_that_cannot_be_read_is_ignored(api: Api, ada: Person, value: str) -> None:
    one = submitted(api, ada)
    assert api.get(path_of(one), ada, {"If-None-Match": value}).status == 200


def test_what_is_left_is_told_with_what_was_accepted(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", daily=1000, monthly=30_000)
    policy = '"daily";q=1000;w=86400, "monthly";q=30000;w=2592000'
    for path, body in ((SUBMIT, {"input": PLACE}), ("/v1/inference/predict-temp/2", PLACE)):
        answer = api.post(path, ada, body)
        assert answer.headers["RateLimit-Policy"] == policy
    assert answer.headers["RateLimit"] == '"daily";r=998'


def test_a_refusal_says_until_when(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", daily=1, monthly=30_000)
    submitted(api, ada)
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert answer.headers["RateLimit"] == '"daily";r=0;t=43200'
    assert answer.headers["Retry-After"] == "43200"
    assert answer.headers["RateLimit-Policy"].startswith('"daily";q=1;w=86400')


def test_without_a_limit_nothing_is_told(api: Api, ada: Person) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert not {"RateLimit", "RateLimit-Policy"} & answer.headers.keys()


def finish_at_once(world: World) -> None:
    """A worker that needs as long as the first pause."""
    world.clock.meanwhile = lambda: world.results.finish(
        [a_success(id) for id in world.memory.predictions]
    )


def test_who_waits_has_the_result_in_one_request(api: Api, world: World, ada: Person) -> None:
    finish_at_once(world)
    answer = api.post(SUBMIT, ada, {"input": PLACE}, headers=WAIT)
    assert (answer.status, answer.json["done"]) == (200, True)
    assert answer.json["output"] == {"temperature": 8.5}
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert answer.headers["Location"] == answer.json["urls"]["self"]
    assert "Retry-After" not in answer.headers


def test_when_time_runs_out_it_is_answered_as_it_stands(
    api: Api, world: World, ada: Person
) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE}, headers={"Prefer": "wait=99"})
    assert (answer.status, answer.json["status"]) == (202, "queued")
    assert answer.headers["Preference-Applied"] == "wait=10"
    assert world.clock() == NOW + 10_000
    read = api.get(path_of(answer.json), ada, {"Prefer": "wait=2"})
    assert (read.status, read.headers["Preference-Applied"]) == (200, "wait=2")
    assert int(read.headers["Retry-After"]) >= 1


def test_a_read_waits_for_the_end_or_with_a_tag_for_any_change(
    api: Api, world: World, ada: Person
) -> None:
    one = submitted(api, ada)
    tag = {"If-None-Match": api.get(path_of(one), ada).headers["ETag"]}
    [job] = world.queue.jobs
    world.clock.meanwhile = lambda: world.results.claim(job, 2, NOW + 1)
    changed = api.get(path_of(one), ada, {**WAIT, **tag})
    assert (changed.status, changed.json["status"]) == (200, "running")
    assert len(world.clock.slept) == 1
    finish_at_once(world)
    assert api.get(path_of(one), ada, WAIT).json["status"] == "succeeded"


def test_who_has_seen_it_and_waits_in_vain_gets_a_304(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    tag = {"If-None-Match": api.get(path_of(one), ada).headers["ETag"]}
    answer = api.get(path_of(one), ada, {**WAIT, **tag})
    assert (answer.status, answer.headers["Preference-Applied"]) == (304, "wait=5")
    assert world.clock() == NOW + 5000


def test_what_is_erased_while_somebody_waits_is_gone(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)
    world.clock.meanwhile = lambda: erase(api, ada, one)
    assert api.get(path_of(one), ada, WAIT).status == 410


@pytest.mark.parametrize("value", ["", "wait", "wait=x", "wait=-1", "wait=1.5", "respond-async"])
def test_a_preference_that_cannot_be_read_is_ignored(
    api: Api, world: World, ada: Person, value: str
) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE}, headers={"Prefer": value})
    assert (answer.status, world.clock.slept) == (202, [])
    assert "Preference-Applied" not in answer.headers


def test_not_to_wait_is_a_preference_too(api: Api, world: World, ada: Person) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE}, headers={"Prefer": "wait=0"})
    assert (answer.headers["Preference-Applied"], world.clock.slept) == ("wait=0", [])


def test_a_table_that_is_down_meanwhile_is_no_error(api: Api, world: World, ada: Person) -> None:
    one = submitted(api, ada)

    def go_down() -> None:
        world.memory.is_down = True

    world.clock.meanwhile = go_down
    answer = api.get(path_of(one), ada, WAIT)
    assert (answer.status, answer.json["status"]) == (200, Status.QUEUED)
    assert json.loads(answer.text) == one
