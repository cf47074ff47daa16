"""What a whole running Lambent does: latency, rate, memory, drain."""

from infra.bench.alone import Values
from infra.bench.drain import wait_until_idle
from infra.bench.samples import percentile
from infra.bench.stack import Stack

WARMING = 100
LATENCIES = {"close": (100, 0.0), "spaced": (40, 0.1)}
"""Submits one at a time, and the seconds between them."""
LOADS = {1: 150, 8: 650, 32: 800}
"""Submits by number of clients; together with what comes before, 1,000 until 8 are done."""
HALFWAY = 8


def warm(stack: Stack) -> None:
    """Every process has started that the loads will need."""
    stack.load(HALFWAY, WARMING)
    wait_until_idle(stack)


def latencies(stack: Stack) -> Values:
    """Percentiles of one submit at a time."""
    found = Values()
    for name, (submits, pause) in LATENCIES.items():
        samples = stack.load(1, submits, follow=True, pause=pause).latencies
        found[f"latency.{name}.p50"] = percentile(samples, 50)
        found[f"latency.{name}.p95"] = percentile(samples, 95)
    return found


def accepted(stack: Stack, clients: int) -> Values:
    """Submits a second, and the CPU of each until its result is stored.

    That of the functions is also told without the emulator's, and the clients' apart.
    """
    before, functions = stack.group.cpu(), stack.group.cpu_of_functions()
    tally = stack.load(clients, LOADS[clients])
    wait_until_idle(stack)
    spent = stack.group.cpu() - before
    own = stack.group.cpu_of_functions() - functions
    found = {
        f"accepted.{clients}": LOADS[clients] / tally.seconds,
        f"accepted.{clients}.cpu": spent / LOADS[clients] * 1000,
        f"accepted.{clients}.functions": own / LOADS[clients] * 1000,
    }
    if clients == HALFWAY:
        found |= {
            "memory": stack.group.memory(),
            "clients.cpu": tally.cpu / tally.requests * 1000,
        }
    return found
