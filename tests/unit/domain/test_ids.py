from uuid import RFC_4122, UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ids import instant_of, is_canonical, is_prediction_id, shard_of, uuid7
from tests.samples import NOW

INSTANTS = st.integers(0, 2**48 - 1)


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
