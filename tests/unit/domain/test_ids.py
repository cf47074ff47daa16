from uuid import RFC_4122, UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ids import (
    OWNED,
    base32hex,
    instant_of,
    is_canonical,
    is_prediction_id,
    owned_id,
    owner_of,
    shard_of,
    unbase32hex,
    uuid7,
)
from tests.samples import NOW

INSTANTS = st.integers(0, 2**48 - 1)
USERS = st.uuids()


@given(INSTANTS)
def test_an_id_is_a_uuid_of_version_7_that_carries_its_instant(at: int) -> None:
    id = uuid7(at)
    assert (UUID(id).version, UUID(id).variant) == (7, RFC_4122)
    assert instant_of(id) == at
    assert is_prediction_id(id)


@given(INSTANTS, INSTANTS)
def test_ids_sort_as_text_by_their_instants(one: int, other: int) -> None:
    if one != other:
        assert (uuid7(one) < uuid7(other)) == (one < other)


def test_no_two_ids_of_one_instant_are_the_same() -> None:
    assert len({uuid7(NOW) for _ in range(1000)}) == 1000


def test_ids_of_one_instant_lie_in_every_shard() -> None:
    assert {shard_of(uuid7(NOW)) for _ in range(500)} == set(range(8))


@pytest.mark.parametrize(
    "spelling",
    [
        str(uuid4()).upper(),
        uuid4().hex,
        f"{{{uuid4()}}}",
        f"urn:uuid:{uuid4()}",
        f" {uuid4()}",
        "",
        "x",
        "0" * 36,
    ],
)
def test_only_one_spelling_of_a_uuid_is_canonical(spelling: str) -> None:
    assert not is_canonical(spelling)


def test_a_uuid_of_another_version_is_canonical_but_no_prediction_id() -> None:
    random = str(uuid4())
    assert is_canonical(random)
    assert not is_prediction_id(random)


@given(USERS, INSTANTS)
def test_an_owned_id_tells_whose_it_is(user_id: UUID, at: int) -> None:
    owned = owned_id(str(user_id), at)
    assert len(owned) == OWNED
    assert owner_of(owned) == str(user_id)


@given(USERS, INSTANTS, INSTANTS)
def test_owned_ids_of_one_user_sort_as_text_by_their_instants(
    user_id: UUID, one: int, other: int
) -> None:
    if one != other:
        first, second = (owned_id(str(user_id), at) for at in (one, other))
        assert (first < second) == (one < other)


def test_no_two_owned_ids_of_one_instant_are_the_same() -> None:
    user_id = str(uuid4())
    assert len({owned_id(user_id, NOW) for _ in range(1000)}) == 1000


@given(st.text(st.characters(codec=None)))
def test_a_text_that_is_no_owned_id_has_no_owner(text: str) -> None:
    assert owner_of(text) is None


@given(st.text(st.characters(codec=None), min_size=OWNED, max_size=OWNED))
def test_a_text_of_the_right_length_has_an_owner_only_as_owned_ids_are_spelt(text: str) -> None:
    owner = owner_of(text)
    assert owner is None or is_canonical(owner)


@given(st.text("0123456789abcdefghijklmnopqrstuv", min_size=OWNED, max_size=OWNED))
def test_an_owner_is_one_in_the_spelling_of_the_tables(text: str) -> None:
    owner = owner_of(text)
    assert owner is None or is_canonical(owner)


def test_an_owned_id_has_one_spelling() -> None:
    owned = owned_id(str(uuid4()), NOW)
    loose_bits = [owned[:-1] + last for last in "0123456789abcdefghijklmnopqrstuv"]
    assert owner_of(owned.upper()) is None
    assert owner_of(f"{owned[:-1]}=") is None
    assert sum(owner_of(each) is not None for each in loose_bits) == 8


@given(st.binary(max_size=60))
def test_bytes_come_back_from_their_text(raw: bytes) -> None:
    text = base32hex(raw)
    assert unbase32hex(text) == raw
    assert text == text.lower()
    assert "=" not in text


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_texts_sort_as_their_bytes_do(one: bytes, other: bytes) -> None:
    assert (base32hex(one) < base32hex(other)) == (one < other)


@given(st.text(st.characters(codec=None)))
def test_any_text_is_bytes_in_their_one_spelling_or_nothing(text: str) -> None:
    raw = unbase32hex(text)
    assert raw is None or base32hex(raw) == text
