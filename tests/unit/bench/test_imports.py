"""What importing costs, by library."""

from infra.bench.imports import OURS, STANDARD, by_library

TOLD = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |   json.decoder
import time:       200 |        300 | json
import time:      1500 |       1500 |     botocore.session
import time:       500 |       2300 |   chalicelib.adapters.aws
import time:       700 |       3000 | app
a line of something else
"""


def test_each_library_has_the_time_of_its_own_modules() -> None:
    assert by_library(TOLD.splitlines()) == {"botocore": 1.5, OURS: 1.2, STANDARD: 0.3}


def test_nothing_told_is_nothing_spent() -> None:
    assert by_library([]) == {}
