"""Faults 13, 23 and 25: the template, clocks that differ, and a release under load."""

from collections import Counter

import pytest

from chalicelib.domain.predictions import Status
from infra.build import read_profiles
from infra.build.workers import merge_template
from infra.workspace import ROOT
from tests.faults.bounds import REPAIRED
from tests.faults.harness import MINUTE, VISIBILITY, Harness
from tests.faults.models import CATALOGUE, DEPLOYED, NEWER, VERSION

APART = 2_000
"""ms that a clock may be ahead or behind."""


def test_fault_13_every_queue_that_a_function_reads_is_told_what_comes_again() -> None:
    """As our template has it, with all workers; tests/infrastructure asks it after SAM."""
    resources = merge_template(ROOT, read_profiles(ROOT), flat=True)["Resources"].values()
    events = [
        event
        for each in resources
        for event in each.get("Properties", {}).get("Events", {}).values()
    ]
    sources = [each for each in events if each["Type"] == "SQS"]
    sources += [each for each in resources if each.get("Type") == "AWS::Lambda::EventSourceMapping"]
    told = [each["Properties"].get("FunctionResponseTypes") for each in sources]
    assert len(told) > 3 * len(read_profiles(ROOT))
    assert told == [["ReportBatchItemFailures"]] * len(told)


@pytest.mark.parametrize("ahead", [APART, -APART])
def test_fault_23_nothing_expires_two_seconds_before_its_deadline(
    lambent: Harness, ahead: int
) -> None:
    asked = lambent.submit(lambent.somebody(), expires_in=60)
    lambent.clock.advance(60_000 - APART - 1)
    lambent.work(execution=lambent.worker(ahead=ahead))
    assert lambent.found(asked).status is Status.SUCCEEDED
    lambent.require_all(MINUTE)


@pytest.mark.parametrize("ahead", [APART, -APART])
def test_fault_23_who_holds_a_prediction_loses_no_result_to_a_later_attempt(
    lambent: Harness, ahead: int
) -> None:
    asked = lambent.submit(lambent.somebody(), model="slow")
    [message] = lambent.queue.messages

    def claimed_by_another() -> None:
        message.visible_at = lambent.clock()
        lambent.faults.kill("worker.runner.predict:before")
        lambent.work(execution=lambent.worker(ahead=-ahead))

    lambent.faults.at("worker.results.finish:before", claimed_by_another)
    lambent.work(execution=lambent.worker(ahead=ahead))
    found = lambent.found(asked)
    assert (found.status, found.attempt) == (Status.SUCCEEDED, 2)
    assert found.metrics
    assert min(vars(found.metrics).values()) >= 0
    lambent.run(minutes=REPAIRED // MINUTE)
    lambent.require_all(REPAIRED)


def test_fault_25_a_release_under_load_dead_letters_nothing_and_each_row_tells_its_version(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    asked = [lambent.submit(ada, n) for n in range(30)]

    def released() -> None:
        lambent.catalogue = DEPLOYED
        lambent.work()

    lambent.faults.at("worker.runner.predict:before", released)
    lambent.work(execution=lambent.worker(CATALOGUE))
    lambent.run(seconds=VISIBILITY // 1000)
    assert Counter(lambent.found(each).version for each in asked) == {VERSION: 10, NEWER: 20}
    assert (lambent.world.memory.letters, lambent.queue.messages) == ({}, [])
    lambent.require_all(0)


def test_fault_25_what_is_cached_carries_the_version_that_ran(lambent: Harness) -> None:
    leader = lambent.submit(lambent.somebody(), model="shared")
    joined = lambent.submit(lambent.somebody(), model="shared")
    lambent.catalogue = DEPLOYED
    lambent.run(seconds=1)
    hit = lambent.submit(lambent.somebody(), model="shared")
    found = [lambent.found(each) for each in (leader, joined, hit)]
    [entry] = lambent.world.memory.entries.values()
    assert [each.cache for each in found] == ["miss", "collapsed", "hit"]
    assert {each.version for each in found} | {entry.version} == {NEWER}
    lambent.require_all(0)
