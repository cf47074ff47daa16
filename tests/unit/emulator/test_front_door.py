"""What the front door lets through, changes and refuses."""

import asyncio
from pathlib import Path

import pytest

from infra.emulator.route import Route

from .asgi import PORT, Client, Inner, door_to


def ask(client: Client, inner: Inner | None = None, rest_api: str | None = "abc123") -> Client:
    inner = inner or Inner()
    inner.released.set()
    return asyncio.run(client.ask(door_to(inner, rest_api)))


@pytest.fixture
def inner() -> Inner:
    return Inner()


def test_a_path_below_api_leads_to_the_deployed_rest_api(inner: Inner) -> None:
    ask(Client("/api/v1/models/temperature"), inner)

    (scope,) = inner.scopes
    assert scope["path"] == "/restapis/abc123/api/_user_request_/v1/models/temperature"


def test_the_clients_percent_encoding_is_kept(inner: Inner) -> None:
    ask(Client("/api/v1/a/b c", raw_path=b"/api/v1/a%2Fb%20c"), inner)

    assert inner.scopes[0]["raw_path"] == b"/restapis/abc123/api/_user_request_/v1/a%2Fb%20c"


def test_an_encoded_prefix_still_gives_a_valid_raw_path(inner: Inner) -> None:
    ask(Client("/api/v1/é", raw_path=b"/%61pi/v1/%C3%A9"), inner)

    assert inner.scopes[0]["raw_path"] == b"/restapis/abc123/api/_user_request_/v1/%C3%A9"


def test_forwarding_headers_are_dropped_and_the_others_kept(inner: Inner) -> None:
    headers = [
        (b"x-forwarded-for", b"6.6.6.6"),
        (b"x-forwarded-proto", b"https"),
        (b"forwarded", b"for=6.6.6.6"),
        (b"authorization", b"Bearer token"),
    ]
    ask(Client(headers=headers), inner)

    assert inner.scopes[0]["headers"] == [(b"authorization", b"Bearer token")]


def test_a_foreign_host_cannot_reach_another_service_of_the_emulator(inner: Inner) -> None:
    ask(Client(headers=[(b"host", b"bucket.s3.amazonaws.com")]), inner)

    assert inner.scopes[0]["headers"] == [(b"host", f"localhost:{PORT}".encode())]


def test_a_body_in_pieces_arrives_whole(inner: Inner) -> None:
    ask(Client(method="POST", chunks=(b"one ", b"two ", b"three")), inner)

    assert inner.bodies == [b"one two three"]


def test_other_ports_are_the_emulators_own(inner: Inner) -> None:
    ask(Client("/_ministack/health", port=4566), inner)

    assert inner.scopes[0]["path"] == "/_ministack/health"


@pytest.mark.parametrize("path", ["/", "/api", "/api/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_root_leads_to_a_page_that_answers(path: str, method: str) -> None:
    client = ask(Client(path, method))

    assert (client.status, client.header(b"location")) == (302, b"/api/docs")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/docs"), ("HEAD", "/docs"), ("POST", "/"), ("BREW", "/apiary"), ("OPTIONS", "*")],
)
def test_anything_else_is_a_problem_document_404(method: str, path: str) -> None:
    client = ask(Client(path, method))

    assert client.status == 404
    assert client.problem["type"] == "urn:lambent:problem:not-found"


def test_a_problem_has_the_shape_of_the_apis_own() -> None:
    client = ask(Client("/docs"))

    assert client.header(b"content-type") == b"application/problem+json; charset=utf-8"
    assert set(client.problem) == {
        *("type", "title", "status", "detail", "instance", "code", "request_id")
    }


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_its_own_answers_are_as_secure_as_the_apis(path: str) -> None:
    client = ask(Client(path))

    assert client.header(b"x-content-type-options") == b"nosniff"
    assert client.header(b"referrer-policy") == b"no-referrer"
    assert (
        client.header(b"content-security-policy") == b"default-src 'none'; frame-ancestors 'none'"
    )
    assert client.header(b"cache-control") == b"no-store"


def test_without_an_api_it_says_how_to_deploy_one() -> None:
    client = ask(Client(), rest_api=None)

    assert (client.status, client.problem["code"]) == (503, "not-deployed")
    assert "./run.sh up" in client.problem["detail"]


def test_a_query_that_is_not_utf8_is_a_bad_request() -> None:
    assert ask(Client(query=b"name=\xff")).status == 400


def test_a_body_over_the_gateways_limit_is_refused(inner: Inner) -> None:
    client = ask(Client(method="POST", chunks=(b"x" * 6_000_000, b"x" * 6_000_000)), inner)

    assert (client.status, inner.scopes) == (413, [])


def test_a_closed_door_refuses(inner: Inner) -> None:
    door = door_to(inner)
    door.close()

    client = asyncio.run(Client().ask(door))

    assert (client.status, client.problem["code"]) == (503, "closing")


def test_the_route_is_followed_as_soon_as_it_changes(tmp_path: Path) -> None:
    writer, reader = Route(tmp_path / "route"), Route(tmp_path / "route")
    seen = [reader.read()]
    for rest_api in ("first", "second"):
        writer.write(rest_api)
        seen.append(reader.read())
    writer.forget()

    assert [*seen, reader.read()] == [None, "first", "second", None]
