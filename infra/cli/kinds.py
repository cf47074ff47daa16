"""A pytest plugin: how many tests of each kind ran, told before pytest's closing line."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

KINDS = ("unit", "integration", "infrastructure", "e2e")
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line a kind; a kind without tests is told too."""
    terminalreporter.section("tests by kind")
    for kind, counts in counted(terminalreporter.stats).items():
        told = ", ".join(f"{counts[each]} {each}" for each in OUTCOMES if counts[each])
        terminalreporter.line(f"{kind:<15} {told or 'none run'}")


def counted(stats: Mapping[str, Any]) -> dict[str, Counter[str]]:
    """How the tests of each kind, the folder below tests/, ended."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for outcome in OUTCOMES:
        for report in stats.get(outcome, ()):
            counts.setdefault(_kind(report.nodeid), Counter())[outcome] += 1
    return counts


def _kind(nodeid: str) -> str:
    parts = nodeid.split("/")
    return parts[1] if parts[0] == "tests" and len(parts) > 2 else "other"
