"""The functions' processes of a running Lambent and their deaths."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from infra.emulator.process import Emulator
from tests.e2e.conftest import Lambent
from tests.emulators import aws, eventually


def processes_of(lambent: Lambent, function: str) -> list[psutil.Process]:
    """What runs a function (`api`, `light-worker`) just now."""
    status = Emulator(lambent.workspace).status()
    assert status
    children = psutil.Process(status.pid).children(recursive=True)
    name = f"{lambent.workspace.stack}-{function}"
    return [each for each in children if _function_of(each) == name]


@contextmanager
def held(lambent: Lambent, profile: str) -> Iterator[None]:
    """Its worker takes nothing new before the end of the block."""
    functions = aws(lambent.workspace, "lambda")
    worker = f"{lambent.workspace.stack}-{profile}-worker"
    functions.put_function_concurrency(FunctionName=worker, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=worker)


@contextmanager
def dead(lambent: Lambent, profile: str) -> Iterator[None]:
    """Its worker is killed, and cannot be started again before the end of the block."""
    with held(lambent, profile):
        kill_all(lambent, f"{profile}-worker")
        assert eventually(lambda: not processes_of(lambent, f"{profile}-worker"))
        yield
        assert not processes_of(lambent, f"{profile}-worker")


def kill_all(lambent: Lambent, function: str) -> int:
    """SIGKILL to each of its processes; how many these were."""
    processes = processes_of(lambent, function)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return len(processes)


def _function_of(process: psutil.Process) -> str:
    """The function that a process runs; none if it does not run any more."""
    try:
        return process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "")
    except psutil.NoSuchProcess:  # a zombie too
        return ""
