import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.signing_keys import (
    CURRENT,
    NEXT,
    PREVIOUS,
    UnknownKey,
    fresh,
    kid,
    revoked,
    rotated,
    with_next,
)

MEMBERS = {"next": "n", "current": "c", "previous": "p", "previous-2": "q"}


def test_a_key_is_named_by_a_hash_of_its_secret() -> None:
    assert kid("a random string that CloudFormation made") == "dd51bede49f4bffe"


def test_fresh_secrets_are_long_alphanumerics_that_differ() -> None:
    one, other = fresh(), fresh()

    assert one != other
    assert all(len(each) == 64 and each.isascii() and each.isalnum() for each in (one, other))


def test_a_next_secret_is_added_once() -> None:
    first = with_next({"current": "c"})

    assert first.keys() == {NEXT, CURRENT}
    assert with_next(first) == first


def test_rotation_moves_every_secret_on_by_one() -> None:
    moved = rotated(MEMBERS)

    assert moved.pop(NEXT) not in MEMBERS.values()
    assert moved == {"current": "n", "previous": "c", "previous-2": "p", "previous-3": "q"}


def test_rotation_without_a_next_secret_makes_the_current_one_anew() -> None:
    moved = rotated({"current": "c"})

    assert moved[PREVIOUS[0]] == "c"
    assert len({moved[NEXT], moved[CURRENT], "c"}) == 3


def test_rotation_closes_the_gap_that_a_revocation_left() -> None:
    left = revoked(MEMBERS, kid("p"))

    assert [rotated(left).get(role) for role in PREVIOUS] == ["c", "q", None, None]


@given(st.integers(0, 12))
def test_after_any_rotations_the_last_four_that_signed_still_verify(times: int) -> None:
    members, signed = {"current": "c"}, ["c"]
    for _ in range(times):
        members = rotated(members)
        signed.insert(0, members[CURRENT])

    assert [members[role] for role in PREVIOUS if role in members] == signed[1:5]


def test_a_revoked_previous_key_is_gone_and_the_others_stay() -> None:
    assert revoked(MEMBERS, kid("p")) == {"next": "n", "current": "c", "previous-2": "q"}


def test_in_place_of_a_revoked_current_key_the_next_one_signs() -> None:
    left = revoked(MEMBERS, kid("c"))

    assert (left[CURRENT], left["previous"]) == ("n", "p")
    assert left[NEXT] not in MEMBERS.values()


def test_a_revoked_only_key_is_replaced_by_a_fresh_one() -> None:
    left = revoked({"current": "c"}, kid("c"))

    assert left.keys() == {CURRENT, NEXT}
    assert "c" not in left.values()


def test_a_revoked_next_key_is_replaced_by_a_fresh_one() -> None:
    left = revoked(MEMBERS, kid("n"))

    assert {**left, NEXT: "n"} == MEMBERS
    assert left[NEXT] != "n"


@pytest.mark.parametrize("name", ["", "current", "c", "0" * 16])
def test_a_name_that_no_key_has_is_refused(name: str) -> None:
    with pytest.raises(UnknownKey):
        revoked(MEMBERS, name)


@given(st.sampled_from(sorted(MEMBERS)))
def test_a_revoked_secret_is_in_no_role_any_more(role: str) -> None:
    left = revoked(MEMBERS, kid(MEMBERS[role]))

    assert MEMBERS[role] not in left.values()
    assert left.keys() >= {NEXT, CURRENT}
