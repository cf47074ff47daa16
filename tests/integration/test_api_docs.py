"""The document and its page over the wire; they are public."""

import pytest

from chalicelib.api import assets
from chalicelib.settings import settings
from tests.integration.api import Api


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/docs", "text/html"),
        ("/openapi.json", "application/json"),
        (f"/{assets.address('docs.js')}", "text/javascript"),
        (f"/{assets.address('swagger-ui.css')}", "text/css"),
    ],
)
def test_what_the_page_needs_is_there_in_its_type(api: Api, path: str, media_type: str) -> None:
    answer = api.get(path)

    assert (answer.status, answer.headers["Content-Type"]) == (200, f"{media_type}; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_text_is_sent_as_it_is(api: Api) -> None:
    assert api.get(f"/{assets.address('swagger-ui.js')}").text == assets.text("swagger-ui.js")


def test_the_document_names_the_address_it_was_asked_at(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://ml.example.com/")
    settings.cache_clear()

    assert api.get("/openapi.json").json["servers"] == [{"url": "https://ml.example.com"}]


def test_the_root_leads_to_the_page_with_an_empty_answer(api: Api) -> None:
    answer = api.get("/")

    assert (answer.status, answer.text) == (302, "")
    assert answer.headers["Location"].endswith("/docs")
    assert "Content-Type" not in answer.headers


def test_a_file_under_a_stale_address_is_a_problem_document(api: Api) -> None:
    assert api.get("/static/0000/docs.js").json["code"] == "not-found"
