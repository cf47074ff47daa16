"""The page of the document, and the files that it is made of."""

import re

import pytest

from chalicelib.api import assets, docs
from chalicelib.api.http import Request
from chalicelib.domain.accounts.callers import Origin
from chalicelib.errors import NotFound

ASKED: Request[None, None] = Request(None, None, None, "https://example.com/api", "/docs", Origin())


def page() -> str:
    """The page as it is sent."""
    return str(docs.page(ASKED).body)


def test_the_root_leads_to_the_page() -> None:
    reply = docs.home(ASKED)
    assert (reply.status, reply.headers["Location"]) == (302, "https://example.com/api/docs")


def test_the_page_is_made_of_files_that_are_served() -> None:
    addresses = re.findall(r'(?:src|href)="static/(\w+)/([^"]+)"', page())

    assert {name for _, name in addresses} == set(assets.SERVED)
    for digest, name in addresses:
        assert docs.static(ASKED, digest=digest, name=name).body


def test_the_page_names_no_other_address_and_holds_no_code() -> None:
    assert "//" not in page()
    assert re.findall(r"<style|\bstyle=|\bon\w+=|<script(?! src)", page()) == []


def test_the_page_may_load_and_ask_nothing_but_this_api() -> None:
    policy = docs.page(ASKED).headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("name", sorted(assets.SERVED))
def test_a_file_is_kept_for_ever_under_its_digest(name: str) -> None:
    reply = docs.static(ASKED, digest=assets.digest(name), name=name)

    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.media_type in {"text/css", "text/javascript"}


@pytest.mark.parametrize(
    ("digest", "name"),
    [
        ("0" * 16, "docs.js"),
        (assets.digest("docs.js"), "swagger-ui.js"),
        (assets.digest("docs.js"), "docs.html"),
        ("x", "../docs.py"),
        ("", ""),
    ],
)
def test_anything_else_does_not_exist(digest: str, name: str) -> None:
    with pytest.raises(NotFound):
        docs.static(ASKED, digest=digest, name=name)


def test_powertools_still_ships_a_swagger_ui_that_shows_openapi_3_1() -> None:
    assert 'PACKAGE_VERSION:"5.' in assets.text("swagger-ui.js")
