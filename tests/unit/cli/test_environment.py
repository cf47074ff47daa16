"""What of a developer's environment reaches the tools."""

import pytest

from infra.cli.environment import clean


@pytest.mark.parametrize(
    "name",
    [
        *("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "PORT", "EMULATOR_PORT"),
        *("LOCAL_DIR", "API_CONCURRENCY", "PYTHONPATH", "PYTEST_ADDOPTS", "ACCOUNTS_TABLE"),
        *("POWERTOOLS_LOG_LEVEL", "COVERAGE_PROCESS_START"),
    ],
)
def test_what_could_change_a_result_does_not(name: str) -> None:
    assert clean({name: "x"}) == {}


@pytest.mark.parametrize(
    "name", ["PATH", "LC_ALL", "CI", "PIP_INDEX_URL", "https_proxy", "FUZZ_SEED"]
)
def test_what_belongs_to_the_machine_does(name: str) -> None:
    assert clean({name: "x"}) == {name: "x"}
