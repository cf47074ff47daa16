"""The page of the document, as a person uses it: in a browser, with a token."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.chromium import WANTING, Page, a_page, found
from tests.e2e.conftest import Lambent

CHROMIUM = found()
SUBMIT = "#operations-predictions-submit_temperature"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WANTING)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with a_page(str(CHROMIUM), tmp_path / "profile") as page:
        yield page


def test_a_prediction_is_submitted_from_the_page_and_no_other_host_is_asked(
    page: Page, lambent: Lambent, demo: httpx.Client
) -> None:
    home = f"localhost:{lambent.workspace.port}"
    page.open(f"http://{home}/")
    authorise(page, demo.headers["Authorization"].removeprefix("Bearer "))

    page.click(f"{SUBMIT} .opblock-summary-control")
    page.click(f"{SUBMIT} .try-out__btn")
    page.click(f"{SUBMIT} .execute")

    assert page.text(f"{SUBMIT} .live-responses-table .response .response-col_status") == "202"
    assert page.evaluate("violations") == []
    assert page.errors == []
    assert page.hosts == {home}


def authorise(page: Page, token: str) -> None:
    """As the page tells: the token goes under Authorize."""
    page.click(".btn.authorize")
    page.type(".auth-container input", token)
    page.click(".auth-btn-wrapper .authorize")
    page.click(".auth-btn-wrapper .btn-done")
