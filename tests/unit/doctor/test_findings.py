"""A check that is looked at, mended, and looked at again."""

from dataclasses import dataclass

import pytest

from infra.doctor.findings import Check, Finding, State, fail, ok


@dataclass
class Lamp:
    """Something that can be broken and mended."""

    is_on: bool = False

    def look(self) -> Finding:
        return ok("on") if self.is_on else fail("off", "switch it on", self.mend)

    def mend(self) -> None:
        self.is_on = True


def explain(error: Exception) -> tuple[str, ...] | None:
    return tuple(error.args) if isinstance(error, LookupError) else None


def test_a_look_changes_nothing() -> None:
    lamp = Lamp()
    assert Check("Lamp", lamp.look).examine(explain, mend=False).state == State.FAIL
    assert not lamp.is_on


def test_mending_is_told_with_what_is_found_afterwards() -> None:
    found = Check("Lamp", Lamp().look).examine(explain, mend=True)
    assert (found.state, found.detail) == (State.OK, "on (mended)")


def test_what_cannot_be_mended_here_stays_as_it_is() -> None:
    found = Check("Lamp", lambda: fail("gone", "buy one")).examine(explain, mend=True)
    assert (found.state, found.cure) == (State.FAIL, "buy one")


@pytest.mark.parametrize(
    ("sentences", "detail", "cure"),
    [(("What.", "Why.", "Cure."), "What. Why.", "Cure."), (("All in one.",), "All in one.", "")],
)
def test_a_foreseen_error_is_a_finding(sentences: tuple[str, ...], detail: str, cure: str) -> None:
    def look() -> Finding:
        raise LookupError(*sentences)

    found = Check("Lamp", look).examine(explain, mend=False)
    assert found == Finding(State.FAIL, detail, cure)


def test_an_error_that_nobody_foresaw_keeps_its_traceback() -> None:
    def look() -> Finding:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Check("Lamp", look).examine(explain, mend=False)
