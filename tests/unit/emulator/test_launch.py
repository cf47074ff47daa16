"""What is asked of the emulator when it is started."""

import pytest

from infra.emulator.errors import EmulatorError
from infra.emulator.launch import asked_concurrency


def test_three_api_requests_run_at_once_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("API_CONCURRENCY", raising=False)

    assert asked_concurrency() == 3


@pytest.mark.parametrize("asked", ["0", "-1", "many", "", "2.5"])
def test_a_senseless_number_is_refused_by_name(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_CONCURRENCY", asked)

    with pytest.raises(EmulatorError, match="API_CONCURRENCY"):
        asked_concurrency()
