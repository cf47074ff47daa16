"""Seeding: what is missing is added, what is there is kept."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.domain.access import Policy
from chalicelib.inference import Model, register
from chalicelib.inference.catalogue import Catalogue
from infra.local.credentials import CredentialsFile
from infra.local.errors import CredentialsLost
from infra.local.seed import ADMIN, BASE, DEMO, Seeded, seed
from tests.integration.api import services_over
from tests.world import World


@pytest.fixture
def world() -> World:
    world = World(wiring.catalogue())
    world.memory.policies.clear()
    return world


@pytest.fixture
def services(world: World) -> Services:
    return services_over(world)


@pytest.fixture
def file(tmp_path: Path) -> CredentialsFile:
    return CredentialsFile.below(tmp_path)


@pytest.fixture
def seeded(services: Services, world: World, file: CredentialsFile) -> Seeded:
    return seed(services, world.reader, file)


def test_a_fresh_stack_gets_a_policy_two_users_and_a_grant_a_model(seeded: Seeded) -> None:
    models = tuple(spec.name for spec in wiring.catalogue())
    assert seeded == Seeded(("base",), (ADMIN, DEMO), models)


def test_both_users_sign_in_with_the_passwords_of_the_file(
    seeded: Seeded, world: World, file: CredentialsFile
) -> None:
    for email, credential in file.read().items():
        user = world.users.by_email(email)
        assert user
        assert world.passwords.verify(credential.password, user.password_hash)


def test_only_the_administrator_is_a_superuser(seeded: Seeded, world: World) -> None:
    assert [(u.email, u.is_superuser, u.is_verified) for u in world.users.all()] == [
        (ADMIN, True, True),
        (DEMO, False, True),
    ]


def test_the_base_policy_has_the_limits_of_the_reference(seeded: Seeded, world: World) -> None:
    assert world.policies.all() == [Policy(1, "base", daily=1000, monthly=30_000)]


def test_a_second_time_changes_nothing(
    seeded: Seeded, services: Services, world: World, file: CredentialsFile
) -> None:
    before = (world.memory.users.copy(), world.memory.grants.copy(), file.path.read_text())

    assert not seed(services, world.reader, file)
    assert before == (world.memory.users, world.memory.grants, file.path.read_text())


def test_a_policy_that_was_changed_is_kept(
    services: Services, world: World, file: CredentialsFile
) -> None:
    world.policies.add(Policy(BASE.id, "base", daily=5))

    assert seed(services, world.reader, file).policies == ()


def test_a_password_written_before_an_interruption_is_the_users(
    services: Services, world: World, file: CredentialsFile
) -> None:
    seed(services, world.reader, file)
    world.memory.users.clear()  # the emulator died before it saved
    kept = file.read()[DEMO]

    seed(services, world.reader, file)

    user = world.users.by_email(DEMO)
    assert user
    assert world.passwords.verify(kept.password, user.password_hash)


def test_lost_passwords_of_users_who_exist_are_told_and_nothing_is_added(
    seeded: Seeded, services: Services, world: World, file: CredentialsFile
) -> None:
    file.forget()

    with pytest.raises(CredentialsLost, match=f"{ADMIN}, {DEMO}"):
        seed(services, world.reader, file)
    assert not file.path.exists()


class Number(BaseModel):
    n: int


@register(
    id=9, name="dear", version="1.0.0", problem="p", category="c", policy=Policy(4, "few", daily=3)
)
class Dear(Model[Number, Number]):
    def predict_one(self, item: Number) -> Number:
        return item


def test_a_model_is_granted_under_the_policy_that_it_declares(file: CredentialsFile) -> None:
    world = World(Catalogue([Dear.spec]))  # type: ignore[attr-defined]  # set by register

    added = seed(services_over(world), world.reader, file)

    (grant,) = world.memory.grants.values()
    assert (added.policies, grant.policy_id, grant.daily) == (("few",), 4, 3)
