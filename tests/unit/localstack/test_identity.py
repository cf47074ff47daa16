"""A LocalStack of no use is told apart from a useful one before anything is done."""

import socket

import pytest

from infra.localstack.errors import (
    NoAnswer,
    NoEndpoint,
    NotLocalStack,
    ServicesOff,
    WantsToken,
    WrongVersion,
)
from infra.localstack.identity import address, require_usable
from infra.localstack.pinned import SERVICES, VERSION
from tests.unit.localstack.conftest import Serve, healthy


def test_the_wanted_release_is_usable(serve: Serve) -> None:
    identity = require_usable(serve(healthy()))

    assert identity.version == VERSION
    assert identity.services == set(SERVICES)


def test_a_later_patch_of_the_same_release_is_usable(serve: Serve) -> None:
    assert require_usable(serve(healthy(version="4.14.7"))).version == "4.14.7"


@pytest.mark.parametrize("version", ["4.13.1", "4.1", "3.0.0.post_ministack", "2026.3.0", ""])
def test_another_release_is_told_with_the_one_that_is_wanted(serve: Serve, version: str) -> None:
    endpoint = serve(healthy(version=version))

    with pytest.raises(WrongVersion) as trouble:
        require_usable(endpoint)

    assert (
        trouble.value.what == f"LocalStack {version} runs at {endpoint}; Lambent wants {VERSION}."
    )
    assert f"localstack/localstack:{VERSION}" in trouble.value.cure


def test_an_edition_without_its_licence_wants_a_token(serve: Serve) -> None:
    with pytest.raises(WantsToken, match="LOCALSTACK_AUTH_TOKEN"):
        require_usable(serve(healthy(edition="pro")))


def test_an_edition_with_its_licence_is_usable(serve: Serve) -> None:
    answers = healthy(edition="pro") | {"/_localstack/info": {"is_license_activated": True}}

    assert require_usable(serve(answers)).edition == "pro"


def test_services_that_are_off_are_named_with_the_list_that_is_wanted(serve: Serve) -> None:
    services = dict.fromkeys(SERVICES, "running") | {"sqs": "disabled", "iam": "error"}

    with pytest.raises(ServicesOff) as trouble:
        require_usable(serve(healthy(services=services)))

    assert "does not serve iam, sqs." in trouble.value.what
    assert ",".join(SERVICES) in trouble.value.cure


@pytest.mark.parametrize(("state", "has_mail"), [("available", True), ("disabled", False)])
def test_one_that_catches_no_mail_is_usable_all_the_same(
    serve: Serve, state: str, has_mail: bool
) -> None:
    services = dict.fromkeys(SERVICES, "running") | {"ses": state}

    assert require_usable(serve(healthy(services=services))).has_mail is has_mail


@pytest.mark.parametrize("health", [None, b"<html>", {}, {"services": []}, [], {"version": "1"}])
def test_something_else_at_the_endpoint_is_no_localstack(serve: Serve, health: object) -> None:
    with pytest.raises(NotLocalStack, match="_localstack/health"):
        require_usable(serve({"/_localstack/health": health}))


def test_nobody_at_the_endpoint_is_told_with_how_to_start_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(NoAnswer, match=r"docker compose -f docker-compose\.localstack\.yml up"):
        require_usable(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("text", ["http://127.0.0.1:4566/", " http://127.0.0.1:4566"])
def test_an_address_is_taken_without_a_slash_at_its_end(text: str) -> None:
    assert address(text) == "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:4566",
        "localhost",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://127.0.0.1:4566/api",
        "http://127.0.0.1:4566?x",
        "http://me:secret@127.0.0.1:4566",  # pragma: allowlist secret
        "http://[::1",
    ],
)
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(NoEndpoint, match="LOCALSTACK_ENDPOINT"):
        address(text)
