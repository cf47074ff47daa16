"""Asking once more."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.predictions import Failure, Job, Prediction, Status
from chalicelib.errors import (
    Conflict,
    Forbidden,
    Invalid,
    ModelDisabled,
    NoGrant,
    NotFound,
    QuotaExceeded,
)
from tests.samples import DAY, NOW
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `double`, without limits."""
    ada = world.somebody()
    world.grant(ada, "double", retention_days=3)
    return ada


def ended(world: World, person: Person, status: Status = Status.FAILED, **facts: Any) -> Prediction:
    said = {"input": {"n": 4}, "metadata": {"a": 1}, "error": Failure("model-error", "x"), **facts}
    prediction = world.accepted(person, "double", expires_at=NOW + 1, **said)
    world.memory.predictions[prediction.id] = replace(prediction, status=status)
    return world.memory.predictions[prediction.id]


def retry(use: Services, person: Person, prediction: Prediction) -> Prediction:
    return use.retrying.retry(use.retrying.admit(person.claims, prediction.id)).prediction


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELED, Status.EXPIRED])
def test_what_ended_without_an_output_is_asked_for_again(
    world: World, use: Services, ada: Person, status: Status
) -> None:
    source = ended(world, ada, status)
    world.clock.advance(seconds=5)
    again = retry(use, ada, source)
    assert again.id != source.id
    assert (again.retry_of, again.status, again.expires_at) == (source.id, Status.QUEUED, None)
    assert (again.model, again.input, again.metadata) == ("double", {"n": 4}, {"a": 1})
    assert (again.version, again.error) == ("1.2.0", None)
    assert again.retained_until == NOW + 5000 + 3 * DAY
    assert world.memory.predictions[source.id] == source


def test_it_is_counted_stored_and_queued_as_a_submit_is(
    world: World, use: Services, ada: Person
) -> None:
    again = retry(use, ada, ended(world, ada))
    assert world.kept() == (2, 2, 1)
    assert world.queue.jobs == [Job.of(again)]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.SUCCEEDED])
def test_nothing_else_can_be_retried(
    world: World, use: Services, ada: Person, status: Status
) -> None:
    with pytest.raises(Conflict, match=f"this one is {status}"):
        retry(use, ada, ended(world, ada, status))


def test_anothers_does_not_exist_and_a_superuser_is_told_that_it_is_not_theirs(
    world: World, use: Services, ada: Person
) -> None:
    source = ended(world, ada)
    with pytest.raises(NotFound):
        retry(use, world.somebody(), source)
    with pytest.raises(Forbidden):
        retry(use, world.somebody(is_superuser=True), source)


def test_it_is_checked_as_a_submit_is(world: World, use: Services, ada: Person) -> None:
    """Each cure leads to the next refusal."""
    source, misfit = ended(world, ada), ended(world, ada, input={"n": "4"})
    world.access.end_grant(ada.user.id, "double")
    with pytest.raises(NoGrant):
        retry(use, ada, source)
    world.grant(ada, "double", daily=2)
    with pytest.raises(Invalid):
        retry(use, ada, misfit)
    world.memory.disabled.add("double")
    with pytest.raises(ModelDisabled):
        retry(use, ada, source)
    world.memory.disabled.clear()
    with pytest.raises(QuotaExceeded):
        retry(use, ada, source)
    assert world.kept() == (2, 2, 0)


def test_a_model_that_is_not_served_any_more_is_named(
    world: World, use: Services, ada: Person
) -> None:
    source = world.accepted(ada, "forgotten", status=Status.FAILED)
    with pytest.raises(NotFound, match="Model forgotten not found"):
        retry(use, ada, source)
