"""Workers, the API and the emulator killed at work: nothing is lost, nothing is done twice."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.disorder import (
    GIVEN_UP,
    REDELIVERED,
    Outlived,
    chaotic_in,
    give_until_stopped,
    give_while_the_api_dies,
    give_with_a_killer,
    kill_emulator,
    kill_who_works_on,
    kill_workers_at_work,
    start,
)
from tests.e2e.orders import Orders, noted, wrong
from tests.e2e.people import at_once, statuses, user_of
from tests.e2e.predictions import PLACE, REFERENCE, api, finished, predicted, submit, used
from tests.e2e.workers import held
from tests.emulators import eventually

KILLERS = {"hang": 10, "kill": 10, "exit": 100}
"""What ends its worker each time, and among how many it comes."""
REDRIVE = "/v1/admin/dead-letters/redrive"


@pytest.fixture(scope="module")
def chaotic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lambent]:
    with chaotic_in(tmp_path_factory.mktemp("chaotic")) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def doomed(chaotic: Lambent) -> dict[str, Orders]:
    """Those of each killer; given before the first test, for five deliveries take minutes."""
    return {act: give_with_a_killer(chaotic, act, count) for act, count in KILLERS.items()}


@pytest.fixture(scope="module", autouse=True)
def unheard(doomed: object, chaotic: Lambent) -> Orders:
    """A hundred; given before the first test too, for what was not queued waits for the sweeper."""
    return give_while_the_api_dies(chaotic, 100, deaths=4)


@pytest.fixture(scope="module")
def outlived(chaotic: Lambent) -> Outlived:
    return give_until_stopped(chaotic)


def test_of_five_hundred_each_ends_right_however_often_all_workers_are_killed(
    chaotic: Lambent, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diary = tmp_path / "diary"
    orders = Orders(user_of(chaotic, "chaos"))
    wanted = [{"number": n, "seconds": 0.005, "diary": str(diary)} for n in range(500)]

    with ThreadPoolExecutor(7) as crowd:
        given = [crowd.submit(orders.give, order) for order in wanted[:200]]
        given += [crowd.submit(orders.give_batch, wanted[at : at + 100]) for at in (200, 300, 400)]
        for _ in range(3):
            kill_workers_at_work(chaotic, diary)
    assert eventually(lambda: any(each["attempt"] > 1 for each in orders.listed()), REDELIVERED)
    kill_workers_at_work(chaotic, diary)
    done = orders.ended(GIVEN_UP)
    with capsys.disabled():
        print(f"\nchaos: deliveries {sorted(Counter(each['attempt'] for each in done).items())}")

    assert wrong(done) == []
    assert {each["input"]["number"] for each in done} == set(range(500))
    assert len(orders.listed()) == used(orders.client, "chaos") == 500


def test_whose_worker_is_killed_while_it_predicts_comes_back_and_succeeds(
    chaotic: Lambent, tmp_path: Path
) -> None:
    client, diary = user_of(chaotic, "slow-chaos"), tmp_path / "diary"
    order = {"number": 7, "seconds": 1, "diary": str(diary)}
    id = submit(client, "slow-chaos", order).json()["id"]
    kill_who_works_on(diary)
    killed = client.get(f"/v1/predictions/{id}").json()
    done = finished(client, id, REDELIVERED)

    assert (killed["status"], killed["attempt"]) == ("running", 1)
    assert (done["status"], done["attempt"], done["output"]["square"]) == ("succeeded", 2, 49)
    assert len(noted(diary)) == 2
    assert used(client, "slow-chaos") == 1


def test_a_result_whose_worker_is_killed_before_it_returns_is_not_made_again(
    chaotic: Lambent, tmp_path: Path
) -> None:
    """One delivery of two: the first is written when the second, which takes its time, begins."""
    client = user_of(chaotic, "chaos", "slow-chaos")
    first, second = tmp_path / "first", tmp_path / "second"
    with held(chaotic, "light"):
        quick = submit(client, "chaos", {"number": 3, "diary": str(first)}).json()["id"]
        order = {"number": 4, "seconds": 1, "diary": str(second)}
        slow = submit(client, "slow-chaos", order).json()["id"]
    kill_who_works_on(second)
    written = client.get(f"/v1/predictions/{quick}").json()
    assert finished(client, slow, REDELIVERED)["attempt"] == 2

    assert (written["status"], written["output"]["square"]) == ("succeeded", 9)
    assert client.get(f"/v1/predictions/{quick}").json() == written
    assert noted(first) == noted(second)[:1]
    assert used(client, "chaos") == 1
    usage = {day["model"]: day for day in client.get("/v1/me/usage").json()["data"]}["chaos"]
    assert (usage["accepted"], usage["succeeded"] <= 1) == (1, True)


def test_of_a_batch_in_which_some_fail_each_ends_as_it_should_at_once(chaotic: Lambent) -> None:
    orders = Orders(user_of(chaotic, "chaos"))
    acts = ("answer", "raise", "answer", "refuse", "flood", "answer")
    orders.give_batch([{"number": n, "act": act} for n, act in enumerate(acts)])
    done = orders.ended(REDELIVERED)

    reasons = [each["error"] and each["error"]["code"] for each in done]
    assert reasons == [None, "model-error", None, "invalid-input", "output-too-large", None]
    assert len(wrong(done)) == 3
    assert {each["attempt"] for each in done} == {1}
    assert used(orders.client, "chaos") == 6


@pytest.mark.parametrize("act", KILLERS)
def test_what_ends_its_worker_each_time_fails_alone(doomed: dict[str, Orders], act: str) -> None:
    orders = doomed[act]
    done = {each["id"]: each for each in orders.ended(GIVEN_UP)}
    failed = done.pop(*orders.ids(act))

    assert wrong(list(done.values())) == []
    assert (failed["status"], failed["error"]["code"]) == ("failed", "attempts-exhausted")
    assert max(each["completed_at"] for each in done.values()) < failed["completed_at"]
    assert used(orders.client, "chaos") == len(done) == KILLERS[act] - 1


def test_what_was_given_up_is_a_dead_letter_that_operators_see(
    chaotic: Lambent, doomed: dict[str, Orders]
) -> None:
    expected = {id for act, orders in doomed.items() for id in orders.ids(act)}
    admin = chaotic.client("admin@example.com")
    assert eventually(lambda: len(_dead_letters(admin)) == len(expected))
    letters = _dead_letters(admin)
    told = chaotic.run("dlq", "ls", "--json")

    assert {each["id"] for each in letters} == expected
    facts = {(each["model"], each["reason"], each["attempts"]) for each in letters}
    assert facts == {("chaos", "attempts-exhausted", 5)}
    assert json.loads(told.stdout) == letters


def test_a_dead_letter_is_redriven_once_and_what_succeeded_never(
    chaotic: Lambent, doomed: dict[str, Orders]
) -> None:
    """At once, and again; with the names of fifty of the others."""
    orders, admin = doomed["exit"], chaotic.client("admin@example.com")
    (dead,), fine = orders.ids("exit"), orders.ids("answer")[:50]
    body = {"ids": [dead, *fine]}
    before = {each["id"]: each for each in orders.listed()}
    answers = at_once(lambda _: admin.post(REDRIVE, json=body), 2)
    answers.append(admin.post(REDRIVE, json=body))
    after = {each["id"]: each for each in orders.listed()}
    units = used(orders.client, "chaos")
    (new,) = after.keys() - before.keys()
    api(orders.client).cancel(new)  # it would kill five workers more

    assert statuses(answers) == [202] * 3
    told = [answer.json() for answer in answers]
    redriven = {(each["from"], each["to"]) for one in told for each in one["redriven"]}
    assert redriven == {(dead, new)}
    assert all({each["id"] for each in one["skipped"]} >= set(fine) for one in told)
    assert after.pop(new)["retry_of"] == dead
    assert after == before
    assert units == 100


def test_what_a_killed_api_accepted_is_predicted_and_counted_once(unheard: Orders) -> None:
    done = unheard.ended(GIVEN_UP)

    assert wrong(done) == []
    assert len(done) == len(unheard.listed()) == used(unheard.client, "chaos") == 100


def test_a_clean_stop_at_work_loses_nothing(outlived: Outlived) -> None:
    orders, first = outlived
    done = orders.ended(GIVEN_UP)

    assert wrong(done) == []
    assert done[0] == first
    listed = orders.listed()
    assert orders.made.keys() <= {each["id"] for each in listed}  # an answer may have been lost
    assert {each["status"] for each in listed} == {"succeeded"}
    assert used(orders.client, "chaos") == len(listed)


def test_a_killed_emulator_is_as_it_was_at_its_last_stop_and_serves(
    chaotic: Lambent, outlived: Outlived
) -> None:
    orders, first = outlived
    later = Orders(orders.client)
    assert all(later.give({"number": n, "seconds": 0.1}) for n in range(20))
    kill_emulator(chaotic)
    start(chaotic)
    done = orders.ended(GIVEN_UP)

    assert wrong(done) == []
    assert done[0] == first
    gone = [orders.client.get(f"/v1/predictions/{id}").status_code for id in later.made]
    assert gone == [404] * 20
    assert used(orders.client, "chaos") == len(orders.listed())
    demo = chaotic.client("demo@example.com")
    assert predicted(demo, "temperature", PLACE)["output"] == {"temperature": REFERENCE}


def _dead_letters(admin: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("/v1/admin/dead-letters").json()["data"]
    return found
