import string
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.refresh import REPEATABLE, Chain, RefreshToken, Standing
from chalicelib.domain.accounts.sessions import Lifetimes, Session, opened, rotated
from chalicelib.domain.ids import owned_id, owner_of
from tests.samples import DAY, NOW, a_session, a_sign_in, a_user

ADA = a_user(session_version=3)
LIFETIMES = Lifetimes(longest=90 * DAY // 1000, idle=30 * DAY // 1000)
CHARACTERS = string.ascii_letters + string.digits + "_-=+/ \x00é"

tokens = st.builds(
    RefreshToken,
    session_id=st.builds(owned_id, st.uuids().map(str), st.integers(0, 2**48 - 1)),
    family=st.binary(min_size=16, max_size=16),
    generation=st.integers(0, 2**32 - 1),
    value=st.binary(min_size=32, max_size=32),
)


def exchanged(session: Session, token: RefreshToken, now: int) -> tuple[Session, RefreshToken]:
    """The session after a refresh, and what its owner has then."""
    after = rotated(session, token, now, LIFETIMES)
    return after, token.following(after.chain.nonce)


@given(tokens)
def test_a_refresh_token_is_read_as_it_was_written(token: RefreshToken) -> None:
    assert RefreshToken.parse(token.text) == token


@given(st.data())
def test_a_token_with_one_character_changed_is_never_the_current_one(data: st.DataObject) -> None:
    session, token = a_sign_in(ADA)
    text = token.text
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from([each for each in CHARACTERS if each != text[place]]))
    changed = RefreshToken.parse(text[:place] + character + text[place + 1 :])
    assert changed is None or (
        changed.session_id != session.id
        or session.chain.standing(changed, NOW) in (Standing.FOREIGN, Standing.REUSED)
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "{}=",
        "{}======",
        " {}",
        "{}\n",
        "{}a",
        "a{}",
        "rt_{}",
        "Bearer {}",
        "{0}{0}",
    ],
)
def test_a_token_with_anything_around_it_is_none(spelling: str) -> None:
    assert RefreshToken.parse(spelling.format(a_sign_in(ADA)[1])) is None


def test_a_token_has_one_spelling() -> None:
    text = str(a_sign_in(ADA)[1])
    assert RefreshToken.parse(text.upper()) is None
    assert RefreshToken.parse("rt_" + text[3:].upper()) is None
    assert RefreshToken.parse(text.replace("rt_", "lk_")) is None
    assert RefreshToken.parse(text.removeprefix("rt_")) is None
    assert RefreshToken.parse(text[:-1]) is None


@given(st.text(st.characters(codec=None)), st.booleans())
def test_any_text_is_parsed_without_an_error(text: str, has_prefix: bool) -> None:
    assert RefreshToken.parse(f"rt_{text}" if has_prefix else text) is None


@given(st.text(st.characters(codec=None), min_size=41, max_size=41))
def test_a_token_with_nonsense_for_a_session_has_no_owner(nonsense: str) -> None:
    secret = str(a_sign_in(ADA)[1]).rpartition("_")[2]
    token = RefreshToken.parse(f"rt_z{nonsense}_{secret}")
    assert token is None or owner_of(token.session_id) is None


def test_a_new_session_is_its_users_and_its_first_token_is_current() -> None:
    session, token = opened(ADA, NOW, LIFETIMES, "203.0.113.7", "x" * 1000)
    assert (session.user_id, session.version) == (ADA.id, 3)
    assert (session.source_ip, session.user_agent) == ("203.0.113.7", "x" * 256)
    assert (session.created_at, session.last_used_at) == (NOW, NOW)
    assert session.id == token.session_id
    assert owner_of(session.id) == ADA.id
    assert session.chain.standing(token, NOW) is Standing.CURRENT


def test_nothing_that_is_stored_or_shown_is_a_token() -> None:
    session, token = a_sign_in(ADA)
    following = token.following(session.chain.nonce)
    for secret in (token.text.rpartition("_")[2], token.value.hex(), token.family.hex()):
        assert secret not in f"{vars(session)} {vars(session.chain)}"
    assert repr(token.value) not in repr(token)
    assert repr(token.family) not in repr(following)
    assert session.chain.digest not in repr(session)


def test_no_two_sessions_of_one_moment_have_anything_secret_in_common() -> None:
    one, other = a_sign_in(ADA)[1], a_sign_in(ADA)[1]
    assert one.session_id != other.session_id
    assert one.family != other.family
    assert one.value != other.value


def test_the_id_of_an_access_token_says_nothing_about_the_nonce() -> None:
    chain = Chain(nonce="3f" * 16)
    assert chain.answer_id.replace("-", "") == sha256(b"3f" * 16).hexdigest()[:32]
    assert chain.answer_id != Chain(nonce="40" * 16).answer_id


def test_after_an_exchange_the_next_token_is_current_and_the_old_one_is_not() -> None:
    session, first = a_sign_in(ADA)
    session, second = exchanged(session, first, NOW)
    assert session.chain.standing(second, NOW) is Standing.CURRENT
    assert session.chain.standing(first, NOW) is Standing.REPEATED
    assert (second.generation, second.family) == (1, first.family)


@pytest.mark.parametrize(
    ("after", "standing"),
    [(REPEATABLE, Standing.REPEATED), (REPEATABLE + 1, Standing.REUSED)],
)
def test_an_exchanged_token_may_be_repeated_for_ten_seconds(after: int, standing: Standing) -> None:
    session, first = a_sign_in(ADA)
    session, _ = exchanged(session, first, NOW)
    assert session.chain.standing(first, NOW + after) is standing
    assert REPEATABLE == 10_000


def test_whose_token_was_repeated_gets_the_same_following_one() -> None:
    session, first = a_sign_in(ADA)
    session, second = exchanged(session, first, NOW)
    assert first.following(session.chain.nonce) == second


def test_the_following_token_cannot_be_made_without_the_nonce_or_the_value() -> None:
    session, first = a_sign_in(ADA)
    session, second = exchanged(session, first, NOW)
    assert first.following("") != second
    assert replace(first, value=bytes(32)).following(session.chain.nonce) != second


@given(st.integers(1, 6), st.integers(0, 5), st.integers(0, 30_000))
def test_only_the_last_two_of_a_chain_are_anything_but_reused(
    length: int, which: int, after: int
) -> None:
    session, token = a_sign_in(ADA)
    chain = [token]
    for _ in range(length):
        session, token = exchanged(session, token, NOW)
        chain.append(token)
    shown = chain[min(which, length)]
    expected = {length: Standing.CURRENT, length - 1: Standing.REPEATED}
    standing = expected.get(shown.generation, Standing.REUSED)
    if standing is Standing.REPEATED and after > REPEATABLE:
        standing = Standing.REUSED
    assert session.chain.standing(shown, NOW + after) is standing


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 12_000)), max_size=12))
def test_in_whatever_order_tokens_are_shown_at_most_one_is_current_and_reuse_ends_all(
    shown: list[tuple[int, int]],
) -> None:
    """Two holders of one token refresh as they like; a reuse is the end."""
    first_session, token = a_sign_in(ADA)
    session: Session | None = first_session
    known, now = [token], NOW
    for which, pause in shown:
        now += pause
        token = known[which % len(known)]
        if session is None:
            break
        match session.chain.standing(token, now):
            case Standing.CURRENT:
                session, token = exchanged(session, token, now)
                known.append(token)
            case Standing.REPEATED:
                assert token.following(session.chain.nonce) == known[-1]
            case _:
                session = None
    current = (
        []
        if session is None
        else [each for each in known if session.chain.standing(each, now) is Standing.CURRENT]
    )
    assert current == ([] if session is None else [known[-1]])


def test_a_token_of_another_session_is_foreign_whatever_its_generation() -> None:
    session, _ = a_sign_in(ADA)
    _, other = a_sign_in(ADA)
    claimed = replace(other, session_id=session.id)
    assert session.chain.standing(claimed, NOW) is Standing.FOREIGN
    assert session.chain.standing(claimed.following("x"), NOW) is Standing.FOREIGN


def test_a_session_without_a_chain_has_no_tokens() -> None:
    bare = a_session(ADA, chain=Chain())
    _, token = a_sign_in(ADA)
    assert bare.chain.standing(token, NOW) is Standing.FOREIGN


@pytest.mark.parametrize(
    ("used", "end"),
    [(0, 30), (29, 59), (60, 90), (61, 90), (89, 90)],
)
def test_a_session_ends_thirty_days_after_its_use_and_after_ninety_in_any_case(
    used: int, end: int
) -> None:
    assert LIFETIMES.end(NOW, NOW + used * DAY) == NOW + end * DAY


def test_an_exchange_moves_the_end_and_nothing_that_tells_when_it_began() -> None:
    session, token = a_sign_in(ADA)
    after, _ = exchanged(session, token, NOW + DAY)
    assert (session.expires_at, after.expires_at) == (NOW + 30 * DAY, NOW + 31 * DAY)
    assert (after.last_used_at, after.chain.rotated_at) == (NOW + DAY, NOW + DAY)
    changed = {"last_used_at", "expires_at", "chain"}
    assert {name for name in vars(session) if vars(session)[name] != vars(after)[name]} == changed
