import pytest

from chalicelib.errors import Unavailable
from chalicelib.services.health import Health


def fine() -> None:
    pass


def down() -> None:
    raise Unavailable


def test_all_is_well_when_every_probe_says_so() -> None:
    assert Health({"table": fine, "queue": fine}).check() == {"table": "ok", "queue": "ok"}


def test_what_does_not_answer_is_named() -> None:
    with pytest.raises(Unavailable) as refusal:
        Health({"table": fine, "queue": down, "cache": down}).check()
    assert refusal.value.detail == "Not ready: cache, queue"
    assert refusal.value.facts == {
        "checks": {"table": "ok", "queue": "unavailable", "cache": "unavailable"}
    }
    assert refusal.value.retry_after == 5
