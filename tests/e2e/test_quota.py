"""Limits hold when everybody asks at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, submit


def test_forty_at_once_on_a_limit_of_ten_are_ten(lambent: Lambent, admin: httpx.Client) -> None:
    lambent.run("policies", "add", "ten", "--daily", "10", "--monthly", "100")
    client = lambent.newcomer("crowd@example.com")
    granted = lambent.run("grant", "crowd@example.com", "temperature", "--policy", "ten")
    assert granted.returncode == 0, granted.stderr

    with ThreadPoolExecutor(40) as crowd:
        answers = list(crowd.map(lambda _: submit(client, "temperature", PLACE), range(40)))

    assert Counter(answer.status_code for answer in answers) == {202: 10, 429: 30}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["violated-policies"] == ["daily"]
    assert int(refused.headers["retry-after"]) > 0
    quota = client.get("/v1/models/temperature").json()["quota"]
    assert quota["daily"]["used"] == quota["monthly"]["used"] == 10
