from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.errors import (
    AppError,
    Invalid,
    ModelDisabled,
    NoGrant,
    NotFound,
    QuotaExceeded,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from chalicelib.services.admitting import Admission
from chalicelib.services.submission import Order
from tests.samples import DAY, NOW, a_session, claims_of
from tests.world import Person, World

NOTHING = (0, 0, 0)


def submit(use: Services, person: Person, payload: Any = None, **more: Any) -> Prediction:
    admission = use.admitting.admit(person.claims, "double")
    order = Order({"n": 4} if payload is None else payload, **more)
    return use.submission.submit(admission, order).prediction


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `double`, without limits."""
    ada = world.somebody()
    world.grant(ada, "double")
    return ada


def test_an_accepted_prediction_is_stored_counted_and_queued(
    world: World, use: Services, ada: Person
) -> None:
    prediction = submit(use, ada, metadata={"order": 7})
    assert world.memory.predictions == {prediction.id: prediction}
    assert world.kept() == (1, 1, 1)
    assert world.queue.jobs == [Job.of(prediction)]


def test_an_accepted_prediction_says_what_was_asked_of_what(
    world: World, use: Services, ada: Person
) -> None:
    prediction = submit(use, ada, metadata={"order": 7})
    assert (prediction.user_id, prediction.model) == (ada.user.id, "double")
    assert (prediction.version, prediction.requested_version) == ("1.2.0", "1.2.0")
    assert (prediction.input, prediction.metadata) == ({"n": 4}, {"order": 7})
    assert (prediction.status, prediction.created_at) == (Status.QUEUED, NOW)


def test_how_long_it_is_kept_is_the_grants_to_say(world: World, use: Services) -> None:
    ada = world.somebody()
    world.grant(ada, "double", retention_days=3)
    assert submit(use, ada).retained_until == NOW + 3 * DAY


@pytest.mark.parametrize(("seconds", "deadline"), [(None, None), (1, NOW + 1000)])
def test_its_deadline_is_so_many_seconds_away_and_the_worker_is_told(
    world: World, use: Services, ada: Person, seconds: int | None, deadline: int | None
) -> None:
    assert submit(use, ada, expires_in=seconds).expires_at == deadline
    assert [job.deadline for job in world.queue.jobs] == [deadline]


@pytest.mark.parametrize("reference", ["double", "1"])
def test_a_model_is_called_by_name_or_id(
    world: World, use: Services, ada: Person, reference: str
) -> None:
    assert use.admitting.admit(ada.claims, reference).spec.name == "double"


def test_refusals_come_in_their_order(world: World, use: Services) -> None:
    """Each cure leads to the next refusal: 401, 404, 403, 422, 413, 503, 429."""
    ada = world.somebody()
    nobody = claims_of(a_session(ada.user))
    world.memory.disabled.add("double")
    with pytest.raises(Unauthorized):
        use.admitting.admit(nobody, "triple")
    with pytest.raises(NotFound):
        use.admitting.admit(ada.claims, "triple")
    with pytest.raises(NoGrant):
        use.admitting.admit(ada.claims, "double")
    world.grant(ada, "double", daily=0)
    with pytest.raises(Invalid):
        submit(use, ada, {"n": "4"}, metadata={"x": "y" * 5000})
    with pytest.raises(TooLarge):
        submit(use, ada, metadata={"x": "y" * 5000})
    with pytest.raises(ModelDisabled):
        submit(use, ada)
    world.memory.disabled.clear()
    with pytest.raises(QuotaExceeded):
        submit(use, ada)
    assert world.kept() == NOTHING


def test_a_grant_that_has_ended_is_none(world: World, use: Services) -> None:
    ada = world.somebody()
    world.grant(ada, "double", expires_at=NOW)
    with pytest.raises(NoGrant):
        submit(use, ada)


@pytest.mark.parametrize(
    ("payload", "pointer", "code"),
    [
        ({"n": "4"}, "/input/n", "int_type"),
        ({"n": True}, "/input/n", "int_type"),
        ({"n": 101}, "/input/n", "less_than_equal"),
        ({}, "/input/n", "missing"),
        ([], "/input", "model_type"),
        ("4", "/input", "model_type"),
    ],
)
def test_what_does_not_fit_is_pointed_at_and_not_kept(
    world: World, use: Services, ada: Person, payload: Any, pointer: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        submit(use, ada, payload)
    found: Any = refusal.value.facts["errors"]
    assert [(each["pointer"], each["code"]) for each in found] == [(pointer, code)]
    assert world.kept() == NOTHING


def test_a_bare_input_is_pointed_at_from_the_root(world: World, use: Services, ada: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        submit(use, ada, {}, at="")
    assert str(refusal.value.detail).startswith("/n:")


def test_a_refusal_never_repeats_what_was_sent(use: Services, ada: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        submit(use, ada, {"n": "hunter2"})
    assert "hunter2" not in str((refusal.value.detail, refusal.value.facts))


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_not_finite_is_refused(
    world: World, use: Services, ada: Person, number: float
) -> None:
    with pytest.raises(Invalid, match="/input: Input should hold finite numbers only"):
        submit(use, ada, {"n": number})
    with pytest.raises(Invalid, match="/metadata: Input should hold finite numbers only"):
        submit(use, ada, metadata={"x": number})
    assert world.kept() == NOTHING


@pytest.mark.parametrize(
    ("payload", "metadata"),
    [
        ({"n": 4, "note": "é" * 65_530}, {}),
        ({"n": 4}, {"x": "é" * 2045}),
        ({"n": 4}, {str(number): 0 for number in range(17)}),
    ],
)
def test_more_than_the_stated_limits_is_too_large(
    world: World, use: Services, ada: Person, payload: Any, metadata: dict[str, Any]
) -> None:
    with pytest.raises(TooLarge):
        submit(use, ada, payload, metadata=metadata)
    assert world.kept() == NOTHING


def test_exactly_the_stated_limits_are_accepted(use: Services, ada: Person) -> None:
    note = "x" * (128 * 1024 - len('{"n":4,"note":""}'))
    assert submit(use, ada, {"n": 4, "note": note})
    metadata = {f"{number:02}": "" for number in range(15)}
    metadata["x"] = "y" * (4096 - len('"00":"",') * 15 - len('{"x":""}'))
    assert submit(use, ada, metadata=metadata)


@pytest.mark.parametrize(("limit", "seconds"), [("daily", 43200), ("monthly", 648_000)])
def test_over_quota_is_refused_with_the_time_to_wait(
    world: World, use: Services, limit: str, seconds: int
) -> None:
    ada = world.somebody()
    world.grant(ada, "double", **{limit: 1})
    submit(use, ada)
    with pytest.raises(QuotaExceeded) as refusal:
        submit(use, ada)
    assert refusal.value.retry_after == seconds
    assert world.kept() == (1, 1, 1)


def test_the_next_day_has_room_again(world: World, use: Services) -> None:
    ada = world.somebody()
    world.grant(ada, "double", daily=1)
    submit(use, ada)
    world.clock.advance(days=1)
    assert submit(use, ada)


def test_a_new_month_is_not_held_against_the_usage_of_the_old_one(
    world: World, use: Services
) -> None:
    """Admitted in the last instant of a month whose first day was full, submitted in the next."""
    ada = world.somebody()
    world.grant(ada, "double", daily=1)
    world.clock.advance(days=-22)
    submit(use, ada)
    world.clock.advance(days=29, ms=12 * 3600 * 1000 - 1)
    admission = use.admitting.admit(ada.claims, "double")
    world.clock.advance(1)
    assert use.submission.submit(admission, Order({"n": 4}))


def test_a_message_that_could_not_be_sent_leaves_the_row_to_the_sweeper(
    world: World, use: Services, ada: Person
) -> None:
    world.queue.is_down = True
    prediction = submit(use, ada)
    assert world.memory.predictions == {prediction.id: prediction}
    assert world.kept() == (1, 1, 0)


def test_what_could_not_be_stored_is_not_queued(world: World, use: Services, ada: Person) -> None:
    admission = use.admitting.admit(ada.claims, "double")
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.submission.submit(admission, Order({"n": 4}))
    assert world.kept() == NOTHING


def test_of_forty_submits_at_once_on_a_limit_of_ten_exactly_ten_are_accepted(
    world: World, use: Services
) -> None:
    ada = world.somebody()
    world.grant(ada, "double", daily=10)
    # All are admitted before any is counted: only the transaction can refuse.
    admissions = [use.admitting.admit(ada.claims, "double") for _ in range(40)]

    def attempt(admission: Admission) -> type[AppError] | None:
        try:
            use.submission.submit(admission, Order({"n": 4}))
        except AppError as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(attempt, admissions))
    assert answers.count(None) == 10
    assert answers.count(QuotaExceeded) == 30
    assert world.kept() == (10, 10, 10)
