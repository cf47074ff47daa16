import string
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.api_keys import NOTED_EVERY, KeyClaims, Scope, minted, parse
from chalicelib.domain.ids import base32hex, owner_of
from tests.samples import NOW, a_key, a_minted_key, a_user, key_claims_of

ADA = a_user(session_version=3)
CHARACTERS = string.ascii_letters + string.digits + "_-=+/ \x00é\ud800"


def test_a_key_is_its_users_with_the_sessions_of_this_time() -> None:
    key, _ = minted(ADA, "robot", (Scope.MODELS_READ,), NOW, 60)
    assert (key.user_id, key.version, key.name) == (ADA.id, 3, "robot")
    assert (key.scopes, key.created_at) == ((Scope.MODELS_READ,), NOW)
    assert (key.expires_at, key.last_used_at) == (NOW + 60_000, None)
    assert owner_of(key.id) == ADA.id


@given(st.uuids(), st.integers(0, 2**48 - 1))
def test_a_key_says_whose_it_is(user_id: object, at: int) -> None:
    key, text = a_minted_key(a_user(id=str(user_id)), at)
    assert parse(text) == key_claims_of(key)


@given(st.data())
def test_a_key_with_one_character_changed_is_no_key(data: st.DataObject) -> None:
    _, text = a_minted_key(ADA)
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from([each for each in CHARACTERS if each != text[place]]))
    assert parse(text[:place] + character + text[place + 1 :]) is None


@pytest.mark.parametrize("spelling", ["{}=", " {}", "{}\n", "{}a", "lk_{}", "{0}{0}"])
def test_a_key_with_anything_around_it_is_none(spelling: str) -> None:
    assert parse(spelling.format(a_minted_key(ADA)[1])) is None


def test_a_key_has_one_spelling() -> None:
    _, text = a_minted_key(ADA)
    assert parse(text.upper()) is None
    assert parse("lk_" + text[3:].upper()) is None
    assert parse(text.replace("lk_", "rt_")) is None
    assert parse(text.removeprefix("lk_")) is None


@given(st.text(st.characters(codec=None)), st.booleans())
def test_any_text_is_parsed_without_an_error(text: str, has_prefix: bool) -> None:
    assert parse(f"lk_{text}" if has_prefix else text) is None


@given(st.text(st.characters(codec=None), min_size=47, max_size=47))
def test_a_secret_of_the_right_length_is_parsed_without_an_error(secret: str) -> None:
    assert parse(f"lk_{a_key(ADA).id}_{secret}") is None


def test_a_right_checksum_of_an_id_that_names_nobody_makes_no_key() -> None:
    body = f"{'z' * 42}_{'0' * 40}"
    from zlib import crc32

    text = f"lk_{body}{base32hex(crc32(body.encode()).to_bytes(4, 'big'))}"
    assert parse(text) is None


def test_no_two_keys_are_the_same() -> None:
    texts = {a_minted_key(ADA)[1] for _ in range(100)}
    assert len({text[-47:-7] for text in texts}) == 100


def test_only_a_digest_of_a_key_is_stored_and_not_even_that_is_shown() -> None:
    key, text = a_minted_key(ADA)
    assert key.digest == sha256(text.encode()).hexdigest()
    assert text[-47:] not in str(vars(key))
    assert key.digest not in repr(key) + repr(key_claims_of(key))


def test_a_key_is_proven_by_its_text_alone() -> None:
    key = a_key(ADA)
    assert key.is_proven_by(key_claims_of(key))
    assert not key.is_proven_by(KeyClaims(ADA.id, key.id, a_key(ADA).digest))
    assert not key.is_proven_by(KeyClaims(ADA.id, a_key(ADA).id, key.digest))


def test_a_key_lives_until_it_expires_or_all_of_its_users_end() -> None:
    key = a_key(ADA)
    assert key.is_live(ADA, key.expires_at - 1)
    assert not key.is_live(ADA, key.expires_at)
    assert not key.is_live(replace(ADA, session_version=4), NOW)
    assert not key.is_live(a_user(session_version=3), NOW)


@pytest.mark.parametrize(
    ("used", "is_to_note"),
    [(None, True), (NOW, False), (NOW - NOTED_EVERY + 1, False), (NOW - NOTED_EVERY, True)],
)
def test_a_use_is_noted_once_a_minute(used: int | None, is_to_note: bool) -> None:
    assert a_key(ADA, last_used_at=used).is_use_to_note(NOW) is is_to_note
    assert NOTED_EVERY == 60_000
