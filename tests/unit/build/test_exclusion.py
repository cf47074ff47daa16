from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from infra.build.exclusion import alone


def test_a_second_build_says_that_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    waits = Event()

    def second() -> str:
        with alone(tmp_path, lambda _: waits.set()):
            return "done"

    with ThreadPoolExecutor() as pool:
        with alone(tmp_path, print):
            other = pool.submit(second)
            assert waits.wait(timeout=5)
            assert not other.done()
        assert other.result(timeout=5) == "done"
