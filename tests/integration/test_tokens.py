"""Access tokens: only what `issue` could have made is accepted."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from chalicelib.adapters.accounts.signing import KeyRing, SigningKey, derive
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.errors import Unauthorized
from tests.samples import NOW, a_session, a_user, claims_of

SECRET = "a random string that CloudFormation made"
KEY = derive(SECRET)
SESSION = a_session(a_user(), NOW - 5000)
CLAIMS = claims_of(SESSION)
TOKENS = JwtTokens(KeyRing(lambda: {"current": SECRET}), lifetime=900)
HEADER = {"kid": KEY.kid, "typ": "at+jwt"}


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = token.split(".")
    return _decoded(header), _decoded(payload)


def _decoded(part: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return decoded


def a_token(
    key: Any = KEY.private,
    algorithm: str = "ES256",
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A token with these changes; a claim that is `...` is left out."""
    _, payload = parts_of(issued())
    whole = {name: value for name, value in (payload | changes).items() if value is not ...}
    # Not jwt.encode, which refuses to make some of the tokens that we must refuse to take.
    return jwt.PyJWS().encode(
        json.dumps(whole).encode(), key, algorithm, headers=HEADER | (header or {})
    )


def issued(tokens: JwtTokens = TOKENS, at: int = NOW) -> str:
    return tokens.issue(SESSION, at, "an id")


def is_refused(token: str, now: int = NOW) -> bool:
    with pytest.raises(Unauthorized):
        TOKENS.verify(token, now)
    return True


def test_a_token_made_as_ours_are_is_accepted() -> None:
    assert TOKENS.verify(a_token(), NOW) == CLAIMS


def test_a_token_has_the_profile_of_rfc_9068_and_nothing_personal() -> None:
    header, payload = parts_of(issued(at=NOW + 999))
    assert header == {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}
    assert payload == {
        "iss": "urn:lambent",
        "aud": "urn:lambent:api",
        "sub": CLAIMS.user_id,
        "client_id": "lambent",
        "iat": NOW // 1000,
        "nbf": NOW // 1000,
        "exp": NOW // 1000 + 900,
        "auth_time": NOW // 1000 - 5,
        "jti": "an id",
        "sid": CLAIMS.session_id,
        "sv": 1,
        "scope": "",
    }


def test_a_token_made_again_is_the_same_to_its_last_character() -> None:
    """Also in another process: a refresh that is repeated gets the answer that was lost."""
    other = JwtTokens(KeyRing(lambda: {"current": SECRET, "next": "another"}), lifetime=900)
    assert issued() == issued() == issued(other, NOW + 999)
    assert issued(at=NOW + 1000) != issued()


def test_its_signature_is_one_that_everybody_can_verify() -> None:
    claims = jwt.decode(
        issued(),
        KEY.public,
        algorithms=["ES256"],
        audience="urn:lambent:api",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert claims["sub"] == CLAIMS.user_id


def test_a_token_holds_from_its_first_second_up_to_its_last() -> None:
    token = issued()
    assert TOKENS.verify(token, NOW + 899_999) == CLAIMS
    assert is_refused(token, NOW + 900_000)
    assert is_refused(token, NOW - 1000)


@pytest.mark.parametrize(
    "claim",
    ["iss", "sub", "aud", "client_id", "iat", "nbf", "exp", "jti", "sid", "sv", "auth_time"],
)
def test_no_claim_may_be_missing(claim: str) -> None:
    changes: dict[str, Any] = {claim: ...}
    assert is_refused(a_token(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "urn:other"},
        {"iss": ["urn:lambent"]},
        {"aud": "urn:other"},
        {"aud": ["urn:lambent:api"]},
        {"aud": ["urn:lambent:api", "urn:other"]},
        {"aud": None},
        {"sub": "nobody"},
        {"sub": CLAIMS.user_id.upper()},
        {"sub": 1},
        {"sub": None},
        {"sid": 1},
        {"sv": "1"},
        {"sv": None},
        {"sv": True},
        {"nbf": NOW // 1000 + 1},
        {"exp": NOW // 1000},
        {"exp": NOW // 1000 + 901},
        {"exp": "soon"},
        {"exp": None},
        {"exp": 1e308},
        {"nbf": "now"},
        {"nbf": [1]},
        {"iat": "now"},
        {"iat": None},
        {"iat": 0},
    ],
)
def test_no_claim_may_be_another(changes: dict[str, Any]) -> None:
    assert is_refused(a_token(**changes))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "at+JWT "},
        {"typ": None},
        {"kid": "unknown"},
        {"kid": ""},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
    ],
)
def test_no_header_may_be_another(header: dict[str, Any]) -> None:
    assert is_refused(a_token(header=header))


@pytest.mark.parametrize("kid", [None, 1, [KEY.kid], {"a": 1}, True])
def test_a_kid_that_is_no_text_is_refused(kid: Any) -> None:
    assert is_refused(_forged({**HEADER, "alg": "ES256", "kid": kid}, a_token()))


def _forged(header: dict[str, Any], token: str) -> str:
    """That token under another header."""
    _, payload, signature = token.split(".")
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return f"{encoded}.{payload}.{signature}"


def test_a_token_without_a_signature_is_refused() -> None:
    assert is_refused(a_token(None, "none"))
    assert is_refused(_forged({**HEADER, "alg": "none"}, a_token()))


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    public = KEY.public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert is_refused(a_token(public, "HS256"))


def test_a_token_of_another_key_under_our_kid_is_refused() -> None:
    assert is_refused(a_token(derive("another").private))


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(other.public_key()))
    assert is_refused(a_token(other, header={"jwk": jwk, "jku": "https://evil.example"}))


def _flipped(token: str, part: int) -> str:
    parts = token.split(".")
    changed = "A" if parts[part][10] != "A" else "B"
    parts[part] = parts[part][:10] + changed + parts[part][11:]
    return ".".join(parts)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: _flipped(token, 0),
        lambda token: _flipped(token, 1),
        lambda token: _flipped(token, 2),
        lambda token: token + "=",
        lambda token: token + "==",
        lambda token: token + ".",
        lambda token: token + "A" * 5000,
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token.swapcase(),
        lambda token: "." + token,
        lambda token: token.replace(".", ""),
        lambda token: token[:-2] + "\udc00",
    ],
)
def test_a_token_that_was_tampered_with_is_refused(tamper: Callable[[str], str]) -> None:
    assert is_refused(tamper(a_token()))


def test_a_token_over_4096_characters_is_refused_whoever_signed_it() -> None:
    assert is_refused(a_token(scope="x" * 4000))


def test_a_token_of_the_previous_key_holds_while_it_is_in_force() -> None:
    secrets = {"current": "one"}
    before = issued(JwtTokens(KeyRing(lambda: secrets), 900))
    rotated = JwtTokens(KeyRing(lambda: {"current": "two", "previous": "one"}), 900)
    revoked = JwtTokens(KeyRing(lambda: {"current": "two"}), 900)
    assert rotated.verify(before, NOW) == CLAIMS
    with pytest.raises(Unauthorized):
        revoked.verify(before, NOW)


def test_a_token_that_was_accepted_before_ends_with_its_time_and_with_its_key() -> None:
    secrets, now = {"current": "one"}, [0.0]
    tokens = JwtTokens(KeyRing(lambda: secrets, lambda: now[0]), 900)
    token = issued(tokens)
    assert tokens.verify(token, NOW) == tokens.verify(token, NOW) == CLAIMS

    with pytest.raises(Unauthorized):
        tokens.verify(token, NOW + 900_000)
    secrets["current"], now[0] = "two", 61.0
    with pytest.raises(Unauthorized):
        tokens.verify(token, NOW)


def test_a_token_of_other_letters_than_ascii_is_refused() -> None:
    assert is_refused(a_token() + "\udcff")


def test_claims_may_not_pretend_to_be_whole_numbers() -> None:
    assert is_refused(a_token(sv=1.5))


def private_bytes(key: SigningKey) -> bytes:
    return key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_a_secret_always_gives_the_same_key() -> None:
    assert private_bytes(derive(SECRET)) == private_bytes(derive(SECRET))
    assert derive(SECRET).kid == derive(SECRET).kid


def test_the_key_of_a_secret_stays_the_same_from_version_to_version() -> None:
    """Another derivation would end every session at the next deployment."""
    key = derive("fixed vector")
    numbers = key.private.private_numbers()
    assert key.kid == "bfc9acf667e1ea3e"
    assert (
        f"{numbers.private_value:064x}"
        == "e5301534020393fb973318570e5b4f767fb0daa05910570db23451e8143b0878"
    )


def test_another_secret_gives_another_key_and_another_name() -> None:
    one, other = derive("one"), derive("other")
    assert one.kid != other.kid
    assert private_bytes(one) != private_bytes(other)


def test_claims_are_what_the_session_is_looked_up_by() -> None:
    session = a_session(a_user(), id="sid", version=3)
    claims = TOKENS.verify(TOKENS.issue(session, NOW, "an id"), NOW)
    assert claims == Claims(session.user_id, "sid", 3)


def test_what_a_key_says_of_itself_shows_nothing_private() -> None:
    assert "private" not in repr(KEY)
    assert "mac" not in repr(KEY)
