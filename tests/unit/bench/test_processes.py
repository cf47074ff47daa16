"""CPU and memory of a process group."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.bench.processes import Group

PARENT = """
import subprocess, sys
holds = "x = bytearray(30 * 2**20); print(len(x), flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", holds])
child.wait()
"""


@pytest.fixture
def group() -> Iterator[Group]:
    """A process and its child, which holds 30 MB."""
    command = [sys.executable, "-c", PARENT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, start_new_session=True) as parent:
        assert parent.stdout
        parent.stdout.readline()
        yield Group(parent.pid)


def test_the_memory_of_children_counts(group: Group) -> None:
    assert 30 < group.memory() < 300


def test_the_cpu_of_children_counts(group: Group) -> None:
    assert group.cpu() > 0


def test_another_group_is_not_counted() -> None:
    assert Group(os.getpid() if os.getpgrp() != os.getpid() else 2**22).cpu() == 0
