"""The worker processes of a running Lambent, and their deaths."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from infra.emulator.process import Emulator
from tests.e2e.conftest import Lambent
from tests.emulators import aws, eventually


def processes_of(lambent: Lambent, profile: str) -> list[psutil.Process]:
    """What runs a profile's worker just now."""
    status = Emulator(lambent.workspace).status()
    assert status
    worker = f"{lambent.workspace.stack}-{profile}-worker"
    children = psutil.Process(status.pid).children(recursive=True)
    return [each for each in children if _function_of(each) == worker]


def _function_of(process: psutil.Process) -> str:
    """The function that a process runs; none if it does not run any more."""
    try:
        return process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "")
    except psutil.NoSuchProcess:  # a zombie too
        return ""


@contextmanager
def dead(lambent: Lambent, profile: str) -> Iterator[None]:
    """Its worker is killed, and cannot be started again before the end of the block."""
    functions = aws(lambent.workspace, "lambda")
    worker = f"{lambent.workspace.stack}-{profile}-worker"
    functions.put_function_concurrency(FunctionName=worker, ReservedConcurrentExecutions=0)
    try:
        for process in processes_of(lambent, profile):
            process.kill()
        assert eventually(lambda: not processes_of(lambent, profile))
        yield
        assert not processes_of(lambent, profile)
    finally:
        functions.delete_function_concurrency(FunctionName=worker)
