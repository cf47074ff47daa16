"""What `python -X importtime` tells, added up by library."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping

STANDARD = "standard library"
OURS = "Lambent itself"
OUR_PACKAGES = frozenset({"app", "chalicelib", "functions", "ml_models"})
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)$")


def by_library(lines: Iterable[str]) -> Mapping[str, float]:
    """Milliseconds that each library's own modules took, without those that they import."""
    spent: Counter[str] = Counter()
    for line in lines:
        if found := _LINE.match(line.rstrip()):
            spent[_library(found[2])] += int(found[1])
    return {name: micros / 1000 for name, micros in spent.most_common()}


def _library(module: str) -> str:
    top = module.partition(".")[0]
    if top in OUR_PACKAGES:
        return OURS
    if top in sys.stdlib_module_names or top.startswith("_sysconfigdata"):
        return STANDARD
    return "cryptography" if top == "_cffi_backend" else top
