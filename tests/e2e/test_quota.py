"""Limits hold when everybody asks at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, submit


def test_a_hundred_at_once_on_a_limit_of_fifty_are_fifty(
    lambent: Lambent, admin: httpx.Client
) -> None:
    lambent.run("policies", "add", "fifty", "--daily", "50", "--monthly", "500")
    client = lambent.newcomer("crowd@example.com")
    granted = lambent.run("grant", "crowd@example.com", "temperature", "--policy", "fifty")
    assert granted.returncode == 0, granted.stderr

    with ThreadPoolExecutor(100) as crowd:
        answers = list(crowd.map(lambda _: submit(client, "temperature", PLACE), range(100)))

    assert Counter(answer.status_code for answer in answers) == {202: 50, 429: 50}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["violated-policies"] == ["daily"]
    assert int(refused.headers["retry-after"]) > 0
    quota = client.get("/v1/models/temperature").json()["quota"]
    assert quota["daily"]["used"] == quota["monthly"]["used"] == 50
