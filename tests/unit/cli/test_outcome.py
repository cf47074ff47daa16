import pytest

from infra.cli.outcome import Unsuccessful, latency_ms, require_success

DONE = {
    "id": "7",
    "status": "succeeded",
    "created_at": "2026-11-23T15:28:45.099Z",
    "completed_at": "2026-11-23T15:28:45.900Z",
    "error": None,
}


def test_latency_is_from_accepted_to_stored() -> None:
    assert latency_ms(DONE) == 801


def test_a_success_is_let_through() -> None:
    require_success(DONE)


def test_a_failure_is_told_with_its_reason() -> None:
    failed = DONE | {"status": "failed", "error": {"code": "model-error", "detail": "too cold"}}

    with pytest.raises(Unsuccessful, match="model-error: too cold"):
        require_success(failed)
