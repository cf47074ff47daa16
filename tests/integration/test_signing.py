"""When the ring of keys reads its secret again."""

from collections.abc import Mapping

import pytest

from chalicelib.adapters.signing import KeyRing, derive, secret_reader
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud


class Vault:
    """A secret that counts how often it is read, and a clock in seconds."""

    def __init__(self) -> None:
        self.members: Mapping[str, str] = {"current": "one"}
        self.reads = 0
        self.seconds = 1000.0
        self.is_down = False
        self.ring = KeyRing(self.read, lambda: self.seconds)

    def read(self) -> Mapping[str, str]:
        if self.is_down:
            raise Unavailable
        self.reads += 1
        return self.members


@pytest.fixture
def vault() -> Vault:
    return Vault()


ONE, TWO = derive("one").kid, derive("two").kid


def test_the_secret_is_read_at_first_use_and_then_for_a_minute_not(vault: Vault) -> None:
    assert vault.reads == 0
    assert vault.ring.current().kid == ONE
    vault.seconds += 59.9
    vault.ring.current()
    vault.ring.find(ONE)
    assert vault.reads == 1


def test_after_a_minute_it_is_read_again(vault: Vault) -> None:
    vault.ring.current()
    vault.members = {"current": "two"}
    vault.seconds += 60
    assert vault.ring.current().kid == TWO
    assert vault.reads == 2


def test_a_revoked_key_is_unknown_within_a_minute(vault: Vault) -> None:
    assert vault.ring.find(ONE)
    vault.members = {"current": "two"}
    vault.seconds += 60
    assert vault.ring.find(ONE) is None


def test_an_unknown_name_is_looked_up_again_at_once(vault: Vault) -> None:
    vault.ring.current()
    vault.members = {"current": "two", "previous": "one"}
    vault.seconds += 5
    found = vault.ring.find(TWO)
    assert found is not None
    assert found.kid == TWO


def test_unknown_names_cause_one_read_in_five_seconds(vault: Vault) -> None:
    vault.ring.current()
    for _ in range(100):
        vault.seconds += 0.05
        vault.ring.find("nonsense")
    assert vault.reads <= 2


@pytest.mark.parametrize("kid", [None, 7, "", "x" * 1000])
def test_a_name_that_cannot_be_one_is_no_key(vault: Vault, kid: object) -> None:
    assert vault.ring.find(kid) is None


def test_every_member_of_the_secret_verifies_and_only_the_current_one_signs(vault: Vault) -> None:
    vault.members = {"next": "two", "current": "one"}
    assert vault.ring.current().kid == ONE
    assert vault.ring.find(TWO)


def test_a_secret_that_cannot_be_read_is_unavailable_and_read_as_soon_as_it_can(
    vault: Vault,
) -> None:
    vault.is_down = True
    with pytest.raises(Unavailable):
        vault.ring.current()
    vault.is_down = False
    assert vault.ring.current().kid == ONE


def test_the_secret_is_what_the_stack_generated(cloud: Cloud) -> None:
    assert secret_reader(cloud.secrets, "signing")() == {
        "current": "a random string that CloudFormation made"
    }


def test_a_secret_that_is_not_there_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(Unavailable):
        secret_reader(cloud.secrets, "other")()
