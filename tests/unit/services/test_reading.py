from uuid import uuid4

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.access import Window
from chalicelib.domain.ids import uuid7
from chalicelib.errors import Gone, NotFound, Unauthorized
from chalicelib.services.reading import LONGEST_RETENTION
from tests.samples import DAY, NOW, a_session, claims_of
from tests.world import World


def test_the_owner_reads_a_prediction(world: World, use: Services) -> None:
    ada = world.somebody()
    prediction = world.accepted(ada, "double")
    assert use.reading.prediction(ada.claims, prediction.id) == prediction


def test_anothers_prediction_does_not_exist(world: World, use: Services) -> None:
    prediction = world.accepted(world.somebody(), "double")
    with pytest.raises(NotFound):
        use.reading.prediction(world.somebody().claims, prediction.id)


def test_a_superuser_reads_everybodys(world: World, use: Services) -> None:
    prediction = world.accepted(world.somebody(), "double")
    root = world.somebody(is_superuser=True)
    assert use.reading.prediction(root.claims, prediction.id) == prediction


@pytest.mark.parametrize(
    "id", [uuid7(NOW), str(uuid4()), "1", "", "'; DROP TABLE", uuid7(NOW).upper(), "ü" * 3000]
)
def test_what_was_never_accepted_is_not_found(world: World, use: Services, id: str) -> None:
    with pytest.raises(NotFound):
        use.reading.prediction(world.somebody().claims, id)


def test_from_the_end_of_its_retention_a_prediction_is_gone(world: World, use: Services) -> None:
    ada = world.somebody()
    prediction = world.accepted(ada, "double", retained_until=NOW + DAY)
    world.clock.now = prediction.retained_until - 1
    assert use.reading.prediction(ada.claims, prediction.id)
    world.clock.advance(1)
    with pytest.raises(Gone):
        use.reading.prediction(ada.claims, prediction.id)


def test_after_its_retention_anothers_prediction_still_does_not_exist(
    world: World, use: Services
) -> None:
    prediction = world.accepted(world.somebody(), "double", retained_until=NOW + DAY)
    stranger = world.somebody()
    world.clock.now = prediction.retained_until
    with pytest.raises(NotFound):
        use.reading.prediction(stranger.claims, prediction.id)


def test_an_absent_one_is_gone_once_no_policy_would_have_kept_it(
    world: World, use: Services
) -> None:
    ada = world.somebody()
    with pytest.raises(Gone):
        use.reading.prediction(ada.claims, uuid7(NOW - LONGEST_RETENTION - 1))
    with pytest.raises(NotFound):
        use.reading.prediction(ada.claims, uuid7(NOW - LONGEST_RETENTION))


def test_nobody_is_refused_before_anything_is_told(world: World, use: Services) -> None:
    nobody = claims_of(a_session(world.somebody().user))
    with pytest.raises(Unauthorized):
        use.reading.prediction(nobody, uuid7(NOW))
    with pytest.raises(Unauthorized):
        use.reading.model(nobody, "triple")


@pytest.mark.parametrize("reference", ["double", "1"])
def test_a_model_is_shown_with_what_is_left_of_its_grant(
    world: World, use: Services, reference: str
) -> None:
    ada = world.somebody()
    grant = world.grant(ada, "double", daily=5)
    world.accepted(ada, "double")
    spec, shown, left, is_disabled = use.reading.model(ada.claims, reference)
    assert (spec.name, shown, is_disabled) == ("double", grant, False)
    assert left is not None
    assert left[0] == Window("daily", 5, 1, NOW + DAY // 2)


def test_without_a_live_grant_a_model_shows_neither_grant_nor_quota(
    world: World, use: Services
) -> None:
    ada = world.somebody()
    world.grant(ada, "double", expires_at=NOW)
    assert {view[1:3] for view in use.reading.models(ada.claims)} == {(None, None)}


def test_models_are_listed_by_id_and_tell_when_they_are_switched_off(
    world: World, use: Services
) -> None:
    world.memory.disabled.add("broken")
    shown = use.reading.models(world.somebody().claims)
    assert [(view[0].id, view[3]) for view in shown][:2] == [(1, False), (2, True)]
    assert [view[0].id for view in shown] == sorted(view[0].id for view in shown)


def test_an_unknown_model_is_named(world: World, use: Services) -> None:
    with pytest.raises(NotFound, match="Model triple not found"):
        use.reading.model(world.somebody().claims, "triple")
