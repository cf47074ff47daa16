"""Tokens of every broken kind over HTTP, with the keys, tokens and cursors that are really used."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.adapters.accounts.signing import KeyRing, derive
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.adapters.cursors import SignedCursors
from chalicelib.api import wiring
from chalicelib.api.composition import Services
from tests.integration.api import Answer, Api, send
from tests.integration.members import ME, USERS, a_member, sign_in, told
from tests.samples import NOW, a_session, event
from tests.world import Person, World

SECRET, OLD = "a random string that CloudFormation made", "the one before"
KEY = derive(SECRET)
SECONDS = NOW // 1000
JWKS = "/.well-known/jwks.json"


@pytest.fixture
def secrets() -> dict[str, str]:
    """The signing secret, to be changed."""
    return {"current": SECRET, "previous": OLD}


@pytest.fixture(autouse=True)
def seconds(api: Api, world: World, secrets: dict[str, str]) -> list[float]:
    """Real keys behind the API; the time that its ring of keys believes it is."""
    now = [0.0]
    ring = KeyRing(lambda: dict(secrets), lambda: now[0])
    real = replace(
        world.ports(),
        tokens=JwtTokens(ring, 900),
        cursors=SignedCursors(ring),
        public_keys=ring.jwks,
    )
    wiring.use(Services(real, world.catalogue, world.settings))
    return now


@pytest.fixture
def one(world: World) -> Person:
    return a_member(world, is_superuser=True)


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def claims(one: Person, **changes: Any) -> dict[str, Any]:
    """What a good token of that person says, changed; `...` leaves a claim out."""
    good = {
        "iss": "urn:lambent",
        "aud": "urn:lambent:api",
        "sub": one.user.id,
        "client_id": "lambent",
        "iat": SECONDS,
        "nbf": SECONDS,
        "exp": SECONDS + 900,
        "auth_time": SECONDS,
        "jti": str(UUID(int=1)),
        "sid": one.claims.session_id,
        "sv": one.user.session_version,
        "scope": "",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def a_token(
    one: Person,
    header: dict[str, Any] | None = None,
    key: Any = KEY.private,
    algorithm: str = "ES256",
    **changes: Any,
) -> str:
    head = {"kid": KEY.kid, "typ": "at+jwt", **(header or {})}
    body = json.dumps(claims(one, **changes)).encode()
    return jwt.PyJWS().encode(body, key, algorithm, headers=head)


def reheaded(token: str, header: Any) -> str:
    """The same payload and signature under another header."""
    return ".".join((encoded(header), *token.split(".")[1:]))


def ask(api: Api, token: str) -> Answer:
    return api.get(ME, token)


def test_a_token_made_as_ours_are_is_let_in(api: Api, one: Person) -> None:
    assert ask(api, a_token(one)).status == 200
    assert (
        ask(api, a_token(one, key=derive(OLD).private, header={"kid": derive(OLD).kid})).status
        == 200
    )


def test_what_is_issued_says_what_the_contract_says(api: Api, world: World, one: Person) -> None:
    header, payload, _ = sign_in(api, one).access.split(".")
    assert decoded(header) == {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    said = decoded(payload)
    assert said == claims(one, jti=said["jti"], sid=said["sid"])
    assert said["sid"] in {sid for _, sid in world.memory.sessions}
    assert one.user.email not in base64.urlsafe_b64decode(payload + "==").decode()


BROKEN_HEADERS: dict[str, Any] = {
    "typ JWT": {"typ": "JWT"},
    "typ at+jwt in capitals": {"typ": "AT+JWT"},
    "no typ": {"typ": None},
    "a typ that is no text": {"typ": ["at+jwt"]},
    "an unknown kid": {"kid": "0123456789abcdef"},
    "an empty kid": {"kid": ""},
    "a kid that is a path": {"kid": "../../../../dev/null"},
    "a kid that is an address": {"kid": "https://evil.example/key"},
    "a kid with SQL": {"kid": "x' UNION SELECT 'secret"},
    "a kid with NUL": {"kid": f"{KEY.kid}\x00"},
    "a kid with a space": {"kid": f" {KEY.kid}"},
    "a role for a kid": {"kid": "current"},
    "crit": {"crit": ["exp"], "exp": 1},
    "b64 false": {"b64": False, "crit": ["b64"]},
}


@pytest.mark.parametrize("kind", BROKEN_HEADERS)
def test_a_token_with_another_header_is_a_401(api: Api, one: Person, kind: str) -> None:
    token = a_token(one, header=BROKEN_HEADERS[kind])
    assert told(ask(api, token)) == (401, "Unauthorized")


@pytest.mark.parametrize("kid", [None, 1, True, 1e308, [KEY.kid], {"kid": KEY.kid}])
def test_a_kid_that_is_no_text_is_a_401(api: Api, one: Person, kid: Any) -> None:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": kid}
    assert ask(api, reheaded(a_token(one), header)).status == 401


@pytest.mark.parametrize(
    "header",
    [
        [],
        "at+jwt",
        None,
        1,
        b"",
        b"{",
        b"\xff",
        b'{"alg": "ES256", "alg": "none"}',
        b'{"a":' + b"[" * 1400 + b"]" * 1400 + b"}",
        b'{"a":' + b"[" * 2900,
        b'{"a":' + b"9" * 2900 + b"}",
        b'{"a": "\\ud800"}',
        {"alg": "ES256"},
        {"alg": None, "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": ["ES256"], "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": "es256", "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": "ES256K", "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": "HS256", "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": "RS256", "kid": KEY.kid, "typ": "at+jwt"},
    ],
)
def test_a_header_that_is_none_of_ours_is_a_401(api: Api, one: Person, header: Any) -> None:
    assert told(ask(api, reheaded(a_token(one), header))) == (401, "Unauthorized")


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE", ""])
def test_a_token_of_no_algorithm_is_a_401(api: Api, one: Person, none: str) -> None:
    payload = encoded(claims(one))
    for header in ({"alg": none, "typ": "at+jwt", "kid": KEY.kid}, {"alg": none}):
        for signature in ("", encoded(b"x" * 64), a_token(one).split(".")[2]):
            assert ask(api, f"{encoded(header)}.{payload}.{signature}").status == 401


def test_the_public_key_is_no_shared_secret(api: Api, one: Person) -> None:
    public = KEY.public
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.dumps(api.get(JWKS).json["keys"][0]).encode()
    for secret in (point, der, jwk, SECRET.encode(), KEY.kid.encode(), b""):
        for algorithm, digest in (("HS256", "sha256"), ("HS512", "sha512")):
            header = {"alg": algorithm, "kid": KEY.kid, "typ": "at+jwt"}
            signed = f"{encoded(header)}.{encoded(claims(one))}"
            mac = hmac.digest(secret, signed.encode(), digest)
            assert ask(api, f"{signed}.{encoded(mac)}").status == 401


def test_a_key_that_the_token_brings_along_or_points_at_is_not_used(api: Api, one: Person) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(other.public_key()))
    evil = "https://evil.example/jwks.json"
    for header in ({"jwk": jwk}, {"jku": evil}, {"x5u": evil}, {"x5c": ["MIIB"]}, {}):
        assert ask(api, a_token(one, header, key=other)).status == 401
    # Ours may not be led astray by them either: they are ignored.
    assert ask(api, a_token(one, {"jku": evil, "jwk": jwk, "x5u": evil})).status == 200


BROKEN_CLAIMS: dict[str, dict[str, Any]] = {
    "another iss": {"iss": "urn:other"},
    "an iss with more": {"iss": "urn:lambent:api"},
    "a list for iss": {"iss": ["urn:lambent"]},
    "another aud": {"aud": "urn:other"},
    "a list for aud": {"aud": ["urn:lambent:api"]},
    "two for aud": {"aud": ["urn:lambent:api", "urn:other"]},
    "an aud for verifying": {"aud": "fastapi-users:verify"},
    "an aud for a reset": {"aud": "fastapi-users:reset"},
    "null for aud": {"aud": None},
    "expired": {"iat": SECONDS - 900, "nbf": SECONDS - 900, "exp": SECONDS},
    "long expired": {"iat": 0, "nbf": 0, "exp": 900},
    "of the future": {"iat": SECONDS + 60, "nbf": SECONDS + 60, "exp": SECONDS + 960},
    "not yet": {"nbf": SECONDS + 1},
    "for longer than is given": {"exp": SECONDS + 901},
    "for ever": {"exp": 2**53},
    "an exp that is infinite": {"exp": float("inf")},
    "a text for exp": {"exp": str(SECONDS + 900)},
    "null for exp": {"exp": None},
    "a fraction for iat": {"iat": SECONDS + 0.5},
    "a sub that is no UUID": {"sub": "admin"},
    "a sub in capitals": {"sub": "ABCDEFAB-0000-4000-8000-000000000000"},
    "a path for sub": {"sub": "../../users"},
    "a number for sub": {"sub": 1},
    "null for sub": {"sub": None},
    "another's sid": {"sid": "0" * 42},
    "a number for sid": {"sid": 1},
    "null for sid": {"sid": None},
    "an older sv": {"sv": 0},
    "a newer sv": {"sv": 2},
    "a text for sv": {"sv": "1"},
    "true for sv": {"sv": True},
    **{f"no {name}": {name: ...} for name in ("iss", "sub", "aud", "client_id", "iat", "nbf")},
    **{f"no {name}": {name: ...} for name in ("exp", "jti", "sid", "sv", "auth_time")},
}


@pytest.mark.parametrize("kind", BROKEN_CLAIMS)
def test_a_token_with_another_claim_is_a_401(api: Api, one: Person, kind: str) -> None:
    token = a_token(one, **BROKEN_CLAIMS[kind])
    answer = ask(api, token)
    assert told(answer) == (401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')
    assert token not in answer.text


def test_the_session_of_another_does_not_open_ones_account(
    api: Api, world: World, one: Person
) -> None:
    other = a_member(world)
    assert ask(api, a_token(one, sid=other.claims.session_id)).status == 401
    assert ask(api, a_token(one, sub=other.user.id)).status == 401


BROKEN_TEXTS: dict[str, Callable[[str], str]] = {
    "a trailing =": lambda token: token + "=",
    "two of them": lambda token: token + "==",
    "an = within": lambda token: token.replace(".", "=.", 1),
    "a trailing dot": lambda token: token + ".",
    "a fourth part": lambda token: token + ".e30",
    "two parts": lambda token: token.rpartition(".")[0],
    "no signature": lambda token: token.rpartition(".")[0] + ".",
    "no payload": lambda token: f"{token.split('.')[0]}..{token.split('.')[2]}",
    "oversized": lambda token: token + "A" * 5000,
    "very much oversized": lambda token: "A" * 200_000,
    "other letters": lambda token: token + "\u00e4",
    "a NUL": lambda token: token + "\x00",
    "a line break": lambda token: token[:20] + "\n" + token[20:],
    "a space": lambda token: token.replace(".", " .", 1),
    "standard base64": lambda token: token.replace("-", "+").replace("_", "/") + "+/",
    "twice": lambda token: f"{token} {token}",
    "two with a comma": lambda token: f"{token}, Bearer {token}",
    "in quotes": lambda token: f'"{token}"',
    "swapped cases": str.swapcase,
    "one bit of the payload": lambda token: _flipped(token, 1),
    "one bit of the signature": lambda token: _flipped(token, 2),
}


def _flipped(token: str, part: int) -> str:
    parts = token.split(".")
    changed = "A" if parts[part][10] != "A" else "B"
    parts[part] = parts[part][:10] + changed + parts[part][11:]
    return ".".join(parts)


@pytest.mark.parametrize("kind", BROKEN_TEXTS)
def test_a_token_that_was_tampered_with_is_a_401(api: Api, one: Person, kind: str) -> None:
    token = sign_in(api, one).access
    assert ask(api, token).status == 200
    assert told(ask(api, BROKEN_TEXTS[kind](token))) == (401, "Unauthorized")


def test_a_token_over_4096_characters_is_a_401_whoever_signed_it(api: Api, one: Person) -> None:
    assert ask(api, a_token(one, scope="x" * 100)).status == 200
    assert ask(api, a_token(one, scope="x" * 4000)).status == 401


def test_an_expired_token_is_a_401_although_it_was_accepted_before(
    api: Api, world: World, one: Person
) -> None:
    token = sign_in(api, one).access
    assert ask(api, token).status == 200
    world.clock.advance(seconds=899)
    assert ask(api, token).status == 200
    world.clock.advance(seconds=1)
    assert ask(api, token).status == 401


def by_gateway(authorization: list[str], one: Person) -> Answer:
    """GET users/me as the gateway hands it over."""
    sample = event("api_read")
    sample["requestContext"] |= {"resourcePath": ME, "path": f"/api{ME}"}
    sample |= {"path": ME, "pathParameters": None}
    del sample["headers"]["Authorization"]
    sample["headers"] |= {"Authorization": authorization[-1]} if authorization else {}
    return send(sample, Authorization=authorization)


@pytest.mark.parametrize("first", ["Bearer {}", "Bearer nonsense", "Basic YTpi", ""])
def test_two_authorization_headers_are_a_401(api: Api, one: Person, first: str) -> None:
    good = f"Bearer {a_token(one)}"
    both = [first.format(a_token(one)), good]
    assert by_gateway([good], one).status == 200
    assert by_gateway(both, one).status == 401
    assert by_gateway(both[::-1], one).status == 401
    assert by_gateway([], one).status == 401


@pytest.mark.parametrize("header", ["authorization", "AUTHORIZATION"])
def test_two_spellings_of_the_header_are_two_headers(one: Person, header: str) -> None:
    good = f"Bearer {a_token(one)}"
    sample = event("api_read")
    sample["requestContext"] |= {"resourcePath": ME, "path": f"/api{ME}"}
    sample |= {"path": ME, "pathParameters": None}
    sample["headers"] |= {"Authorization": good}
    assert send(sample, **{header: [good]}).status == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "bearer {}",
        "BEARER {}",
        "Bearer  {} ",
    ],
)
def test_the_name_of_the_scheme_has_no_case(api: Api, one: Person, authorization: str) -> None:
    assert by_gateway([authorization.format(a_token(one))], one).status == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "{}",
        "Token {}",
        "Basic {}",
        "Bearer: {}",
        "Bearer={}",
        "Bearer\t{}",
        "Bearer{}",
        "Bearer ",
        "Bearer",
        "",
        " ",
        "Bearer lk_\ud800",
        "Bearer \udcff.\udcff.\udcff",
        "Bearer lk_" + "\ud800" * 42 + "_" + "0" * 47,
    ],
)
def test_another_scheme_is_a_401(api: Api, one: Person, authorization: str) -> None:
    assert by_gateway([authorization.replace("{}", a_token(one))], one).status == 401


def test_the_jwks_has_every_public_key_and_nothing_private(
    api: Api, secrets: dict[str, str]
) -> None:
    answer = api.get(JWKS)
    keys = answer.json["keys"]
    assert answer.json.keys() == {"keys"}
    assert [key["kid"] for key in keys] == [KEY.kid, derive(OLD).kid]
    for key in keys:
        assert key.keys() == {"kty", "crv", "use", "alg", "kid", "x", "y"}
    assert not [secret for secret in secrets.values() if secret in answer.text]


def test_the_jwks_is_public_and_cacheable(api: Api) -> None:
    answer = api.get(JWKS)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_what_is_issued_can_be_verified_by_the_jwks_alone(api: Api, one: Person) -> None:
    token = sign_in(api, one).access
    keys = jwt.PyJWKSet.from_dict(api.get(JWKS).json)
    kid = jwt.get_unverified_header(token)["kid"]
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    said = jwt.decode(token, keys[kid], ["ES256"], audience="urn:lambent:api", options=options)
    assert said["sub"] == one.user.id


def test_after_a_rotation_old_tokens_hold_until_their_key_is_revoked(
    api: Api, one: Person, secrets: dict[str, str], seconds: list[float]
) -> None:
    before = sign_in(api, one).access
    secrets |= {"current": "new", "previous": SECRET}
    seconds[0] = 61
    after = sign_in(api, one).access
    assert decoded(after.split(".")[0])["kid"] == derive("new").kid
    assert [ask(api, each).status for each in (before, after)] == [200, 200]
    del secrets["previous"]
    seconds[0] = 122
    assert [ask(api, each).status for each in (before, after)] == [401, 200]
    assert [key["kid"] for key in api.get(JWKS).json["keys"]] == [derive("new").kid]


def test_cursors_are_signed_for_one_list_and_one_user(
    api: Api, world: World, one: Person, root: Person
) -> None:
    mine, others = (sign_in(api, who).access for who in (one, a_member(world, is_superuser=True)))
    cursor = api.get(USERS, mine, limit=1).json["next_cursor"]
    assert api.get(USERS, mine, cursor=cursor).status == 200
    kid, place, mac = cursor.split(".")
    broken = [
        cursor[:-1],
        cursor + "=",
        cursor[::-1],
        f"{kid}.{place}.",
        f"{kid}.{place}",
        f"{kid}.{place}x.{mac}",
        f"{derive(OLD).kid}.{place}.{mac}",
        f"{kid}.{encoded(b'user')}.{mac}",
        f"\u00df.{place}.{mac}",
        f"{kid}.{place}.\u00df",
    ]
    for each in broken:
        assert api.get(USERS, mine, cursor=each).status == 422
    assert api.get(USERS, others, cursor=cursor).status == 422
    assert api.get("/v1/admin/audit", mine, cursor=cursor).status == 422


def test_a_session_that_was_stored_for_another_opens_nothing(
    api: Api, world: World, one: Person
) -> None:
    foreign = a_session(a_member(world).user)
    world.memory.sessions[one.user.id, foreign.id] = foreign
    assert ask(api, a_token(one, sid=foreign.id)).status == 401
