"""What a look found, and what makes it good."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARN = "warn"  # `up` mends it by itself, or it matters only to some
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """The state of one thing; `mend` is its cure where that is safe and stays in this folder."""

    state: State
    detail: str
    cure: str = ""
    mend: Callable[[], object] | None = None

    @classmethod
    def of(cls, sentences: tuple[str, ...]) -> "Finding":
        """A foreseen error, told in what, why and what to do."""
        *told, cure = sentences if len(sentences) > 1 else (*sentences, "")
        return cls(State.FAIL, " ".join(told), cure)


@dataclass(frozen=True)
class Check:
    """One thing to look at."""

    title: str
    look: Callable[[], Finding]

    def examine(
        self, explain: Callable[[Exception], tuple[str, ...] | None], *, mend: bool
    ) -> Finding:
        """What a look finds, after mending what can be mended if that is wanted."""
        finding = self._seen(explain)
        if not mend or finding.mend is None:
            return finding
        finding.mend()
        again = self._seen(explain)
        return replace(again, detail=f"{again.detail} (mended)") if again != finding else again

    def _seen(self, explain: Callable[[Exception], tuple[str, ...] | None]) -> Finding:
        try:
            return self.look()
        except Exception as error:
            if sentences := explain(error):
                return Finding.of(sentences)
            raise


def ok(detail: str) -> Finding:
    """Nothing to do."""
    return Finding(State.OK, detail)


def warn(detail: str, cure: str, mend: Callable[[], object] | None = None) -> Finding:
    """Nothing that stops `up`."""
    return Finding(State.WARN, detail, cure, mend)


def fail(detail: str, cure: str, mend: Callable[[], object] | None = None) -> Finding:
    """Broken until it is cured."""
    return Finding(State.FAIL, detail, cure, mend)
