"""What a run found: as a table, as a file, beside an earlier one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.bench.figures import FIGURES, Figure
from infra.bench.machine import Machine
from infra.local.errors import Trouble

Row = tuple[str, ...]


class NoReport(Trouble):
    """A file that no run wrote."""

    def __init__(self, path: Path, why: str) -> None:
        cure = "Name a file that ./run.sh bench --json FILE wrote."
        super().__init__(f"{path} is no report to compare with.", why, cure)


@dataclass(frozen=True)
class Report:
    """Values by the keys of FIGURES; `shares` has the init CPU (ms) of each library."""

    machine: Machine
    values: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Report":
        """What `write` wrote; NoReport otherwise."""
        try:
            found = json.loads(path.read_text("utf-8"))
            machine = Machine(**found["machine"])
            values = {str(key): float(value) for key, value in found["values"].items()}
        except OSError as error:
            raise NoReport(path, f"It cannot be read: {error.strerror}.") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NoReport(path, "It is not what a run writes.") from None
        return cls(machine, values, found.get("shares", {}), tuple(found.get("notes", ())))

    def write(self, path: Path) -> None:
        """For programs, and to compare a later run with."""
        targets = {one.key: one.target.value for one in FIGURES if one.target}
        found = {**asdict(self), "targets": targets, "exceeded": [f.key for f in self.exceeded()]}
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")

    def exceeded(self) -> list[Figure]:
        """Counts and sizes over their limit; times are never held against anybody."""
        return [one for one in self._measured() if one.binding and not self._is_met(one)]

    def rows(self, earlier: "Report | None" = None) -> list[Row]:
        """A row a figure: title, value, target, whether it is met; then the earlier, the ratio."""
        return [(*self._row(one), *self._beside(one, earlier)) for one in self._measured()]

    def _measured(self) -> list[Figure]:
        return [one for one in FIGURES if one.key in self.values]

    def _is_met(self, figure: Figure) -> bool:
        return figure.target is None or figure.target.is_met(self.values[figure.key])

    def _row(self, figure: Figure) -> Row:
        value = figure.shown(self.values[figure.key])
        if figure.target is None:
            return figure.title, value, "", ""
        sign = "≥" if figure.target.at_least else "≤"
        met = "met" if self._is_met(figure) else "EXCEEDED" if figure.binding else "missed"
        return figure.title, value, f"{sign} {figure.shown(figure.target.value)}", met

    def _beside(self, figure: Figure, earlier: "Report | None") -> Row:
        if earlier is None:
            return ()
        before = earlier.values.get(figure.key)
        if before is None:
            return "", ""
        ratio = f"x {self.values[figure.key] / before:.2f}" if before else ""
        return figure.shown(before), ratio


def heads(*, compared: bool) -> Row:
    """The headings of `rows`."""
    plain = ("Figure", "Value", "Target", "")
    return (*plain, "Earlier", "Ratio") if compared else plain


def share_rows(shares: Mapping[str, Mapping[str, float]], most: int = 8) -> list[Row]:
    """The libraries that cost most at init, with their ms and part of all, function by function."""
    names = {name for costs in shares.values() for name in costs}
    dearest = sorted(names, key=lambda name: -max(c.get(name, 0) for c in shares.values()))
    return [(name, *(_part(costs, name) for costs in shares.values())) for name in dearest[:most]]


def _part(costs: Mapping[str, float], name: str) -> str:
    if name not in costs:
        return ""
    return f"{costs[name]:.0f} ms, {costs[name] / sum(costs.values()):.0%}"
