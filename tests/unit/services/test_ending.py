"""Canceling and erasing."""

from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.errors import Gone, NotFound, ScopeMissing, Unauthorized, Unavailable
from tests.samples import NOW, a_key, a_session, a_success, claims_of, key_claims_of
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def queued(world: World, ada: Person) -> Prediction:
    return world.accepted(ada, "double", metadata={"a": 1})


def used(world: World) -> int:
    return sum(usage.total for usage in world.memory.usage.values())


def test_what_waits_is_canceled_and_not_counted(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    canceled = use.ending.cancel(use.reading.endable(ada.claims, queued.id))
    assert (canceled.status, canceled.charged) == (Status.CANCELED, False)
    assert canceled == world.memory.predictions[queued.id]
    assert used(world) == 0


def test_what_runs_is_canceled_and_counted(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    world.results.claim(Job.of(queued), 2, NOW)
    canceled = use.ending.cancel(use.reading.endable(ada.claims, queued.id))
    assert (canceled.status, canceled.charged) == (Status.CANCELED, True)
    assert used(world) == 1


def test_canceling_twice_is_canceling_once(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    first = use.ending.cancel(use.reading.endable(ada.claims, queued.id))
    world.clock.advance(seconds=1)
    assert use.ending.cancel(use.reading.endable(ada.claims, queued.id)) == first


def test_what_ends_between_the_look_and_the_write_stays_as_it_ended(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    seen = use.reading.endable(ada.claims, queued.id)
    world.results.finish([a_success(queued.id)])
    assert use.ending.cancel(seen).status is Status.SUCCEEDED


def test_what_begins_between_the_look_and_the_write_stays_counted(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    seen = use.reading.endable(ada.claims, queued.id)
    world.results.claim(Job.of(queued), 2, NOW)
    assert use.ending.cancel(seen).charged
    assert used(world) == 1


def test_what_vanishes_between_the_look_and_the_write_is_not_found(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    seen = use.reading.endable(ada.claims, queued.id)
    world.memory.predictions.clear()
    with pytest.raises(NotFound):
        use.ending.cancel(seen)


def test_an_erased_one_was_canceled_first_and_is_gone(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    use.ending.erase(use.reading.endable(ada.claims, queued.id))
    left = world.memory.predictions[queued.id]
    assert (left.status, left.input, left.metadata) == (Status.CANCELED, None, {})
    assert (left.user_id, left.model) == (ada.user.id, "double")
    assert used(world) == 0
    for again in (use.reading.prediction, use.reading.endable, use.retrying.admit):
        with pytest.raises(Gone, match="erased"):
            again(ada.claims, queued.id)


def test_what_has_ended_is_erased_and_stays_counted(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    world.results.finish([a_success(queued.id)])
    use.ending.erase(use.reading.endable(ada.claims, queued.id))
    left = world.memory.predictions[queued.id]
    assert (left.status, left.output) == (Status.SUCCEEDED, None)
    assert used(world) == 1


def test_only_the_owner_and_superusers_end_it(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    with pytest.raises(NotFound):
        use.reading.endable(world.somebody().claims, queued.id)
    with pytest.raises(Unauthorized):
        use.reading.endable(claims_of(a_session(ada.user)), queued.id)
    root = world.somebody(is_superuser=True)
    assert use.reading.endable(root.claims, queued.id) == queued


def test_a_superuser_erases_what_a_deleted_user_left(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    del world.memory.users[ada.user.id]
    root = world.somebody(is_superuser=True)
    use.ending.erase(use.reading.endable(root.claims, queued.id))
    assert world.memory.predictions[queued.id].is_erased


def test_a_key_needs_the_scope_to_write(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    reads = a_key(ada.user, scopes=(Scope.PREDICTIONS_READ,))
    writes = a_key(ada.user, scopes=(Scope.PREDICTIONS_WRITE,))
    for key in (reads, writes):
        world.api_keys.add(key)
    with pytest.raises(ScopeMissing):
        use.reading.endable(key_claims_of(reads), queued.id)
    assert use.reading.endable(key_claims_of(writes), queued.id) == queued


def test_a_table_that_is_down_changes_nothing(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.ending.cancel(queued)
    assert world.memory.predictions[queued.id] == queued


@pytest.mark.parametrize("id", ["", "nonsense", uuid7(NOW)])
def test_what_is_not_there_cannot_be_ended(use: Services, ada: Person, id: str) -> None:
    with pytest.raises(NotFound):
        use.reading.endable(ada.claims, id)


def test_a_unit_that_is_not_there_is_not_given_back(
    world: World, use: Services, ada: Person, queued: Prediction
) -> None:
    world.memory.usage.clear()
    canceled = use.ending.cancel(queued)
    assert canceled == replace(queued.canceled(NOW), charged=True)
    assert used(world) == 0
