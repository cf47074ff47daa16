"""Lists of predictions: whose, and which."""

from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.predictions import Status
from chalicelib.errors import Forbidden, ScopeMissing
from chalicelib.services.reading import Filters
from tests.samples import DAY, NOW, a_key, key_claims_of
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


def listed(use: Services, person: Person, **asked: object) -> list[str]:
    filters = Filters(**asked)  # type: ignore[arg-type]
    page = use.reading.page(use.reading.lister(person.claims), filters, 100, None)
    return [each.id for each in page.items]


def test_mine_are_listed_the_newest_first_without_input_and_output(
    world: World, use: Services, ada: Person
) -> None:
    mine = [world.accepted(ada, "double", at=NOW + n) for n in range(3)]
    world.accepted(world.somebody(), "double")
    assert listed(use, ada) == [each.id for each in reversed(mine)]
    [*_, last] = use.reading.page(use.reading.lister(ada.claims), Filters(), 100, None).items
    assert last == replace(mine[0], input=None)


@pytest.mark.parametrize("reference", ["double", "1"])
def test_a_model_is_named_by_name_or_id(
    world: World, use: Services, ada: Person, reference: str
) -> None:
    one = world.accepted(ada, "double")
    world.accepted(ada, "broken")
    assert listed(use, ada, model=reference) == [one.id]


def test_a_model_that_is_not_served_any_more_still_has_its_predictions(
    world: World, use: Services, ada: Person
) -> None:
    old = world.accepted(ada, "forgotten")
    assert listed(use, ada, model="forgotten") == [old.id]
    assert listed(use, ada, model="nonsense") == []


def test_other_filters_are_passed_on(world: World, use: Services, ada: Person) -> None:
    world.accepted(ada, "double")
    late = world.accepted(ada, "double", at=NOW + 5, status=Status.FAILED, batch_id="b")
    asked = {"status": Status.FAILED, "batch_id": "b", "created_after": NOW}
    assert listed(use, ada, **asked) == [late.id]
    assert listed(use, ada, **asked | {"created_after": NOW + 5}) == []


def test_what_is_kept_no_longer_is_not_listed(world: World, use: Services, ada: Person) -> None:
    world.accepted(ada, "double", retained_until=NOW + DAY)
    world.clock.advance(days=1)
    assert listed(use, ada) == []


def test_what_was_erased_is_not_listed(world: World, use: Services, ada: Person) -> None:
    use.ending.erase(world.accepted(ada, "double"))
    assert listed(use, ada) == []


def test_a_superuser_lists_anybodys_and_nobody_else_even_their_own(
    world: World, use: Services, ada: Person
) -> None:
    one, root = world.accepted(ada, "double"), world.somebody(is_superuser=True)
    assert listed(use, root) == []
    assert listed(use, root, user_id=ada.user.id) == [one.id]
    with pytest.raises(Forbidden):
        listed(use, ada, user_id=ada.user.id)


def test_a_key_needs_the_scope_to_read(world: World, use: Services, ada: Person) -> None:
    key = a_key(ada.user, scopes=(Scope.PREDICTIONS_WRITE,))
    world.api_keys.add(key)
    with pytest.raises(ScopeMissing):
        use.reading.lister(key_claims_of(key))
