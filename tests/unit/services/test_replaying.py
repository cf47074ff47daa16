"""Idempotency keys: the same request again is answered with what the first one made."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import KEPT, Operation
from chalicelib.errors import (
    AppError,
    Gone,
    Invalid,
    KeyReused,
    ModelDisabled,
    NoGrant,
    QuotaExceeded,
    TooLarge,
    Unavailable,
)
from chalicelib.services.admitting import Asked
from chalicelib.services.submission import Accepted, Order
from tests.samples import DAY, NOW, a_success
from tests.unit.services.submitting import FOUR, admitted, answer, submitted
from tests.world import Person, World

KEY = "8e03978e"


@pytest.fixture
def ada(world: World) -> Person:
    """May use every model, without limits."""
    ada = world.somebody()
    for spec in world.catalogue:
        world.grant(ada, spec.name)
    return ada


def again(use: Services, person: Person, **more: Any) -> Accepted:
    return submitted(use, person, key=KEY, **more)


def test_the_same_request_again_costs_nothing_and_is_the_same_prediction(
    world: World, use: Services, ada: Person
) -> None:
    first = again(use, ada)
    second = again(use, ada)
    assert (first.is_replay, second.is_replay) == (False, True)
    assert second.prediction == first.prediction
    assert world.kept() == (1, 1, 1)


def test_it_is_answered_with_what_that_is_now(world: World, use: Services, ada: Person) -> None:
    first = again(use, ada).prediction
    world.results.finish([a_success(first.id, '{"n":8.0}')])
    found = again(use, ada).prediction
    assert (found.id, found.status, found.output) == (first.id, Status.SUCCEEDED, {"n": 8.0})


def test_without_a_key_the_same_again_is_another(world: World, use: Services, ada: Person) -> None:
    ids = {submitted(use, ada).prediction.id for _ in range(2)}
    assert len(ids) == 2
    assert not world.memory.receipts


def test_what_is_kept_is_a_digest_of_the_request_and_an_id_for_a_day(
    world: World, use: Services, ada: Person
) -> None:
    first = again(use, ada, order={"metadata": {"name": "hunter2"}}).prediction
    [receipt] = world.memory.receipts.values()
    assert (receipt.made, receipt.until) == (first.id, NOW // 1000 + KEPT)
    assert "hunter2" not in str(receipt)
    assert KEY not in str(receipt)


def test_it_works_on_a_full_quota_and_a_model_that_is_switched_off(
    world: World, use: Services, ada: Person
) -> None:
    world.grant(ada, "double", daily=1, monthly=1)
    first = again(use, ada).prediction
    assert again(use, ada).prediction == first
    world.memory.disabled.add("double")
    assert again(use, ada).prediction == first
    assert world.kept() == (1, 1, 1)


def test_it_does_not_ask_the_cache(world: World, use: Services, ada: Person) -> None:
    first = again(use, ada, model="shared").prediction
    answer(world, "shared", '{"n":8.0}', "2.0.0")
    found = again(use, ada, model="shared")
    assert (found.prediction, found.fresh_for) == (first, None)


def test_a_hit_is_replayed_too(world: World, use: Services, ada: Person) -> None:
    submitted(use, ada, "shared")
    answer(world, "shared", '{"n":8.0}', "2.0.0")
    first, second = again(use, ada, model="shared"), again(use, ada, model="shared")
    assert first.prediction == second.prediction
    assert (first.fresh_for, second.fresh_for) == (600, None)
    assert world.kept() == (2, 2, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"input": {"n": 5}},
        {"input": {"n": 4, "m": 1}},
        {"order": {"metadata": {"a": 2}, "expires_in": 60}},
        {"order": {"metadata": {}, "expires_in": 60}},
        {"order": {"metadata": {"a": 1}, "expires_in": 61}},
        {"order": {"metadata": {"a": 1}}},
    ],
)
def test_with_another_body_it_is_refused_and_nothing_is_kept(
    world: World, use: Services, ada: Person, changed: dict[str, Any]
) -> None:
    order = {"metadata": {"a": 1}, "expires_in": 60}
    again(use, ada, order=order)
    with pytest.raises(KeyReused) as refusal:
        again(use, ada, **{"order": order, **changed})
    assert refusal.value.code == "idempotency-key-reused"
    assert world.kept() == (1, 1, 1)


def test_with_the_same_body_in_another_spelling_it_is_the_same(use: Services, ada: Person) -> None:
    first = again(use, ada, input={"n": 4, "m": 7}, order={"metadata": {"a": 1, "b": [2]}})
    second = again(use, ada, input={"m": 7.0, "n": 4}, order={"metadata": {"b": [2.0], "a": 1}})
    assert second.prediction == first.prediction


def test_where_the_input_stood_is_no_part_of_it() -> None:
    assert Order(FOUR, at="").fingerprint == Order(FOUR).fingerprint


@pytest.mark.parametrize(
    "asked",
    [
        {"key": "8E03978E"},
        {"key": KEY, "operation": Operation.TASK},
        {"key": KEY, "operation": Operation.BATCH},
        {"key": KEY, "operation": Operation.RETRY},
        {"key": KEY, "source": "another"},
        {"key": KEY, "model": "shared"},
    ],
)
def test_another_key_operation_or_model_is_another_request(
    world: World, use: Services, ada: Person, asked: dict[str, Any]
) -> None:
    again(use, ada)
    assert not submitted(use, ada, **asked).is_replay
    assert world.kept() == (2, 2, 2)


def test_anothers_key_is_another_request(world: World, use: Services, ada: Person) -> None:
    bob = world.somebody()
    world.grant(bob, "double")
    assert again(use, ada).prediction.id != again(use, bob).prediction.id


def test_a_models_name_and_its_id_are_the_same(use: Services, ada: Person) -> None:
    assert again(use, ada, model="double").prediction == again(use, ada, model="1").prediction


def test_after_a_day_the_key_is_as_new(world: World, use: Services, ada: Person) -> None:
    first = again(use, ada).prediction
    world.clock.advance(days=1, ms=-1)
    assert again(use, ada).prediction == first
    world.clock.advance(1)
    assert again(use, ada, input={"n": 5}).prediction.id != first.id
    assert again(use, ada, input={"n": 5}).is_replay


def test_a_refused_request_leaves_the_key_unused(world: World, use: Services, ada: Person) -> None:
    """Each cure leads to the next refusal."""
    world.memory.disabled.add("double")
    refusals: list[tuple[type[AppError], dict[str, Any]]] = [
        (Invalid, {"input": {"n": "4"}}),
        (TooLarge, {"order": {"metadata": {"x": "y" * 5000}}}),
        (ModelDisabled, {}),
    ]
    for kind, asked in refusals:
        with pytest.raises(kind):
            again(use, ada, **asked)
    world.memory.disabled.clear()
    world.grant(ada, "double", daily=0)
    with pytest.raises(QuotaExceeded):
        again(use, ada)
    world.grant(ada, "double")
    assert not world.memory.receipts
    assert not again(use, ada).is_replay


def test_what_could_not_be_stored_leaves_the_key_unused(
    world: World, use: Services, ada: Person
) -> None:
    admission = admitted(use, ada, key=KEY)
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.submission.submit(admission, Order(FOUR))
    world.memory.is_down = False
    assert not again(use, ada).is_replay


def test_it_is_looked_up_after_what_is_wrong_with_the_request(
    world: World, use: Services, ada: Person
) -> None:
    again(use, ada)
    with pytest.raises(Invalid) as refusal:
        again(use, ada, input={"n": "4"})
    assert refusal.value.code == "invalid"
    with pytest.raises(TooLarge):
        again(use, ada, order={"metadata": {"x": "y" * 5000}})
    world.access.end_grant(ada.user.id, "double")
    with pytest.raises(NoGrant):
        again(use, ada)


def test_what_was_erased_is_gone(world: World, use: Services, ada: Person) -> None:
    first = again(use, ada).prediction
    use.ending.erase(first)
    with pytest.raises(Gone):
        again(use, ada)


def test_of_ten_at_once_one_makes_it_and_nine_have_it(
    world: World, use: Services, ada: Person
) -> None:
    # All are admitted before any is stored: only the transaction can tell.
    admissions = [admitted(use, ada, key=KEY) for _ in range(10)]

    def submit(admission: Any) -> Accepted:
        return use.submission.submit(admission, Order(FOUR))

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(submit, admissions))
    assert len({each.prediction.id for each in found}) == 1
    assert [each.is_replay for each in found].count(False) == 1
    assert world.kept() == (1, 1, 1)


def test_of_two_bodies_at_once_the_second_is_refused(
    world: World, use: Services, ada: Person
) -> None:
    first, second = (admitted(use, ada, key=KEY) for _ in range(2))
    use.submission.submit(first, Order(FOUR))
    with pytest.raises(KeyReused):
        use.submission.submit(second, Order({"n": 5}))
    assert world.kept() == (1, 1, 1)


def test_who_is_overtaken_by_the_same_request_is_not_held_back_by_the_quota(
    world: World, use: Services, ada: Person
) -> None:
    world.grant(ada, "double", daily=1)
    first, second = (admitted(use, ada, key=KEY) for _ in range(2))
    made = use.submission.submit(first, Order(FOUR)).prediction
    assert use.submission.submit(second, Order(FOUR)).prediction == made


def test_who_is_overtaken_by_the_same_request_joins_nothing(
    world: World, use: Services, ada: Person
) -> None:
    first, second = (admitted(use, ada, "shared", key=KEY) for _ in range(2))
    made = use.submission.submit(first, Order(FOUR)).prediction
    assert use.submission.submit(second, Order(FOUR)).prediction == made
    [entry] = world.memory.entries.values()
    assert entry.waiters == ()


def failed(world: World, use: Services, person: Person) -> Prediction:
    made = submitted(use, person).prediction
    world.memory.predictions[made.id] = replace(made, status=Status.FAILED)
    return made


def test_a_retry_is_replayed(world: World, use: Services, ada: Person) -> None:
    source = failed(world, use, ada)

    def retry() -> Accepted:
        admitted = use.retrying.admit(ada.claims, source.id, Asked(Operation.RETRY, key=KEY))
        return use.retrying.retry(admitted)

    first, second = retry(), retry()
    assert (first.is_replay, second.is_replay) == (False, True)
    assert first.prediction == second.prediction
    assert first.prediction.retry_of == source.id
    assert world.kept() == (2, 2, 2)


def test_the_retry_of_another_is_another_request(world: World, use: Services, ada: Person) -> None:
    asked = Asked(Operation.RETRY, key=KEY)
    sources = [failed(world, use, ada) for _ in range(2)]
    found = [use.retrying.retry(use.retrying.admit(ada.claims, each.id, asked)) for each in sources]
    assert [each.prediction.retry_of for each in found] == [each.id for each in sources]


def test_its_retention_is_the_firsts(world: World, use: Services, ada: Person) -> None:
    again(use, ada)
    world.clock.advance(seconds=60)
    assert again(use, ada).prediction.retained_until == NOW + 30 * DAY
