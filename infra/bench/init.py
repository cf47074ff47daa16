"""The CPU of a cold start: importing each function, as Lambda does before its first event."""

from collections.abc import Mapping

from infra.bench.bundles import Bundle
from infra.bench.imports import by_library

RUNS = 7
MEASURE = """\
import resource, {module}
used = resource.getrusage(resource.RUSAGE_SELF)
print((used.ru_utime + used.ru_stime) * 1000)
"""


def init_cpu(bundles: Mapping[str, Bundle], runs: int = RUNS) -> Mapping[str, float]:
    """Milliseconds of each, interpreter included: the least of some runs, taken in turns."""
    found = [{name: _measured(bundle) for name, bundle in bundles.items()} for _ in range(runs)]
    return {name: min(run[name] for run in found) for name in bundles}


def shares(bundle: Bundle, cpu: float) -> Mapping[str, float]:
    """The same milliseconds by library.

    Watched imports are slower and told in wall time, so they serve as parts of `cpu` only.
    """
    told = bundle.run("-X", "importtime", "-c", f"import {bundle.module}", told_by="stderr")
    spent = by_library(told.splitlines())
    whole = sum(spent.values())
    return {name: round(ms * cpu / whole, 1) for name, ms in spent.items()}


def _measured(bundle: Bundle) -> float:
    return float(bundle.run("-c", MEASURE.format(module=bundle.module)).split()[-1])
