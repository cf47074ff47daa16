"""Up again, down and up on a LocalStack that runs elsewhere."""

import json
import os
import re

import httpx
import pytest

from infra.build.contents import bundles
from infra.build.profiles import read_profiles
from infra.localstack.pinned import VARIABLE, VERSION
from infra.workspace import ROOT
from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, predicted


def test_url_is_the_endpoints_own_address_of_the_api(lambent: Lambent) -> None:
    url = lambent.run("url").stdout.strip()

    assert url.startswith(f"{lambent.workspace.endpoint}/_aws/execute-api/")
    assert httpx.get(f"{url}/v1/health/ready", timeout=30).status_code == 200


def test_status_tells_the_release(lambent: Lambent) -> None:
    told = json.loads(lambent.run("status", "--json").stdout)

    assert (told["up"], told["emulator"]["version"]) == (True, f"LocalStack {VERSION}")


def test_up_again_changes_nothing(lambent: Lambent) -> None:
    again = lambent.run("up")

    assert again.returncode == 0, again.stderr
    zips = len(bundles(read_profiles(ROOT), flat=True))
    assert re.search(rf"\b{zips} zips, .* \(unchanged\)", again.stdout)
    assert "(no gaps filled)" in again.stdout


@pytest.mark.skipif(
    VARIABLE not in os.environ,
    reason=f"containers of ours keep nothing over a down. To run this: {VARIABLE}=… names a "
    "LocalStack that runs already",
)
def test_users_and_results_outlive_down_and_up(lambent: Lambent) -> None:
    before = predicted(lambent.client("demo@example.com"), "temperature", PLACE)

    down = lambent.run("down")
    assert down.returncode == 0, down.stderr
    assert lambent.run("status").returncode == 1
    up = lambent.up()
    assert up.returncode == 0, up.stderr

    after = lambent.client("demo@example.com").get(f"/v1/predictions/{before['id']}").json()
    assert after == before


def test_the_embedded_emulator_does_not_come_up_in_the_same_folder(lambent: Lambent) -> None:
    refused = lambent.run("up", "--target", "embedded")

    assert refused.returncode == 1
    assert "a folder holds one at a time" in refused.stderr
