"""When the ring of keys reads its secret again."""

from collections.abc import Mapping
from io import StringIO

import jwt
import pytest

from chalicelib.adapters.accounts.signing import KeyRing, derive, secret_reader
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud
from tests.samples import NOW, a_session, a_user


class Vault:
    """A secret that counts how often it is read, and a clock in seconds."""

    def __init__(self) -> None:
        self.members: Mapping[str, str] = {"current": "one"}
        self.reads = self.asked = 0
        self.seconds = 1000.0
        self.is_down = False
        self.ring = KeyRing(self.read, lambda: self.seconds)

    def read(self) -> Mapping[str, str]:
        self.asked += 1
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


def test_keys_that_cannot_be_read_again_stay_in_force(vault: Vault, log: StringIO) -> None:
    vault.ring.current()
    vault.is_down = True
    vault.seconds += 60
    assert vault.ring.current().kid == ONE
    assert vault.ring.find(ONE)
    assert "signing keys not read again" in log.getvalue()


def test_keys_that_could_not_be_read_again_are_asked_for_every_five_seconds(vault: Vault) -> None:
    vault.ring.current()
    vault.is_down = True
    vault.seconds += 60
    asked = vault.asked
    for _ in range(100):
        vault.seconds += 0.1
        vault.ring.current()
        vault.ring.find("nonsense")
    assert 1 <= vault.asked - asked <= 3


def test_keys_that_can_be_read_again_are_in_force_within_five_seconds(vault: Vault) -> None:
    vault.ring.current()
    vault.is_down = True
    vault.seconds += 60
    vault.ring.current()
    vault.is_down, vault.members = False, {"current": "two"}
    vault.seconds += 5
    assert vault.ring.current().kid == TWO
    assert vault.ring.find(ONE) is None


def test_the_public_parts_of_all_keys_are_a_key_set_that_verifies(vault: Vault) -> None:
    vault.members = {"next": "two", "current": "one", "previous": "three"}
    keys = jwt.PyJWKSet.from_dict(vault.ring.jwks())
    assert {key.key_id for key in keys} == {ONE, TWO, derive("three").kid}
    token = JwtTokens(vault.ring, 900).issue(a_session(a_user()), NOW, "an id")
    claims = jwt.PyJWS().decode_complete(token, keys[ONE], algorithms=["ES256"])
    assert claims["header"]["kid"] == ONE


def test_a_key_set_tells_public_parts_only(vault: Vault) -> None:
    [key] = vault.ring.jwks()["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")


@pytest.mark.parametrize("secret", ["secret 290", "secret 221"])
def test_coordinates_are_always_of_32_bytes(secret: str) -> None:
    """RFC 7518, section 6.2.1.2: also the x and the y of these, which begin with zeros."""
    [key] = KeyRing(lambda: {"current": secret}).jwks()["keys"]
    assert {len(key["x"]), len(key["y"])} == {43}


def test_the_secret_is_what_the_stack_generated(cloud: Cloud) -> None:
    assert secret_reader(cloud.secrets, "signing")() == {
        "current": "a random string that CloudFormation made"
    }


def test_a_secret_that_is_not_there_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(Unavailable):
        secret_reader(cloud.secrets, "other")()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"next": "x"}', '{"current": 1}'])
def test_a_secret_without_a_current_key_is_unavailable(cloud: Cloud, text: str) -> None:
    cloud.secrets.put_secret_value(SecretId="signing", SecretString=text or " ")
    with pytest.raises(Unavailable):
        KeyRing(secret_reader(cloud.secrets, "signing")).current()


def test_what_is_no_key_in_a_secret_is_left_out(cloud: Cloud) -> None:
    cloud.secrets.put_secret_value(SecretId="signing", SecretString='{"current":"one","n":7}')
    assert secret_reader(cloud.secrets, "signing")() == {"current": "one"}
