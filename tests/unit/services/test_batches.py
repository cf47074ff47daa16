"""Reading batches."""

from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.batches import STORING, Batch, member_id
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import Operation
from chalicelib.errors import Gone, NotFound, ScopeMissing, Unauthorized, Unavailable
from chalicelib.services.admitting import Asked
from chalicelib.services.ports.paging import Page
from tests.contracts.stores import walk
from tests.samples import DAY, NOW, a_key, a_session, claims_of, key_claims_of
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `double`, without limits."""
    ada = world.somebody()
    world.grant(ada, "double")
    return ada


@pytest.fixture
def batch(use: Services, ada: Person) -> Batch:
    """Of five predictions."""
    return a_batch(use, ada, 5)


def a_batch(use: Services, person: Person, size: int) -> Batch:
    admission = use.admitting.admit(person.claims, "double", Asked(Operation.BATCH))
    return use.batching.submit(admission, [{"n": at} for at in range(size)]).batch


def end(world: World, batch: Batch, place: int, status: Status) -> None:
    id = member_id(batch.id, place)
    world.memory.predictions[id] = replace(world.memory.predictions[id], status=status)


def test_the_owner_finds_a_batch(use: Services, ada: Person, batch: Batch) -> None:
    assert use.batches.find(ada.claims, batch.id) == batch


def test_anothers_does_not_exist_and_a_superuser_sees_everybodys(
    world: World, use: Services, batch: Batch
) -> None:
    with pytest.raises(NotFound):
        use.batches.find(world.somebody().claims, batch.id)
    root = world.somebody(is_superuser=True)
    assert use.batches.find(root.claims, batch.id) == batch
    assert len(use.batches.page(batch, 10, None).items) == 5


@pytest.mark.parametrize("id", [uuid7(NOW), "1", "", "ü" * 3000, "%00", uuid7(NOW).upper()])
def test_what_is_no_batch_is_not_found(use: Services, ada: Person, batch: Batch, id: str) -> None:
    with pytest.raises(NotFound):
        use.batches.find(ada.claims, id)


def test_a_prediction_is_no_batch(use: Services, ada: Person, batch: Batch) -> None:
    with pytest.raises(NotFound):
        use.batches.find(ada.claims, member_id(batch.id, 0))


def test_from_the_end_of_its_retention_it_is_gone_and_anothers_still_does_not_exist(
    world: World, use: Services, ada: Person
) -> None:
    stranger = world.somebody()
    world.grant(ada, "double", retention_days=3)
    batch = a_batch(use, ada, 1)
    world.clock.now = NOW + 3 * DAY - 1
    assert use.batches.find(ada.claims, batch.id)
    world.clock.advance(1)
    with pytest.raises(Gone):
        use.batches.find(ada.claims, batch.id)
    with pytest.raises(NotFound):
        use.batches.find(stranger.claims, batch.id)


def test_nobody_is_refused_before_anything_is_told(
    use: Services, ada: Person, batch: Batch
) -> None:
    nobody = claims_of(a_session(ada.user))
    with pytest.raises(Unauthorized):
        use.batches.find(nobody, batch.id)


@pytest.mark.parametrize(
    ("scope", "may"), [(Scope.PREDICTIONS_READ, True), (Scope.PREDICTIONS_WRITE, False)]
)
def test_a_key_reads_it_with_the_scope_for_reading(
    world: World, use: Services, ada: Person, batch: Batch, scope: Scope, may: bool
) -> None:
    key = a_key(ada.user, scopes=frozenset({scope}))
    world.api_keys.add(key)
    credential: Credential = key_claims_of(key)
    if may:
        assert use.batches.find(credential, batch.id) == batch
    else:
        with pytest.raises(ScopeMissing):
            use.batches.find(credential, batch.id)


def test_its_progress_is_how_its_predictions_stand(
    world: World, use: Services, batch: Batch
) -> None:
    world.accepted(world.somebody(), "double", batch_id=uuid7(NOW))
    for place, status in enumerate((Status.SUCCEEDED, Status.FAILED, Status.RUNNING)):
        end(world, batch, place, status)
    progress = use.batches.progress(batch)
    assert not progress.is_done
    assert progress.counts == {
        Status.QUEUED: 2,
        Status.RUNNING: 1,
        Status.SUCCEEDED: 1,
        Status.FAILED: 1,
        Status.CANCELED: 0,
        Status.EXPIRED: 0,
    }


def test_it_is_done_when_all_have_ended(world: World, use: Services, batch: Batch) -> None:
    for place in range(5):
        assert not use.batches.progress(batch).is_done
        end(world, batch, place, Status.SUCCEEDED)
    assert use.batches.progress(batch).is_done


def test_what_was_never_stored_is_queued_for_a_while_and_then_failed(
    world: World, use: Services, ada: Person
) -> None:
    world.predictions.most_stored = 2
    with pytest.raises(Unavailable):
        a_batch(use, ada, 5)
    [batch] = world.memory.batches.values()
    assert use.batches.progress(batch).counts[Status.QUEUED] == 5
    world.clock.advance(STORING)
    counts = use.batches.progress(batch).counts
    assert (counts[Status.QUEUED], counts[Status.FAILED]) == (2, 3)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_its_pages_are_in_the_order_of_the_inputs(
    world: World, use: Services, ada: Person, batch: Batch, limit: int
) -> None:
    world.accepted(ada, "double")
    a_batch(use, ada, 3)

    def page(after: str | None) -> Page[Prediction]:
        return use.batches.page(batch, limit, after)

    pages = walk(page)
    found = [each for page in pages for each in page]
    assert [each.id for each in found] == [member_id(batch.id, place) for place in range(5)]
    assert all(each.input is each.output is None for each in found)
    assert all(len(page) <= limit for page in pages)


def test_what_was_erased_of_it_is_counted_and_not_shown(
    world: World, use: Services, batch: Batch
) -> None:
    use.ending.erase(world.memory.predictions[member_id(batch.id, 2)])
    counts = use.batches.progress(batch).counts
    assert (counts[Status.QUEUED], counts[Status.CANCELED]) == (4, 1)
    shown = [each.id for each in use.batches.page(batch, 10, None).items]
    assert shown == [member_id(batch.id, place) for place in (0, 1, 3, 4)]
