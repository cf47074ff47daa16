"""What logins take from predictions, and whether that is more than their part of the CPU."""

from dataclasses import dataclass

from infra.bench.alone import Values
from infra.bench.drain import wait_until_idle
from infra.bench.orders import Tally
from infra.bench.stack import Stack
from infra.bench.together import HALFWAY

ROUNDS = 4
SUBMITS = 250
LOGINS = 60
ADDRESSES = ["login-0@example.com", "login-1@example.com"]


@dataclass(frozen=True)
class Phase:
    """Submits, and maybe logins, in so many seconds; `cpu` is what everything took, in seconds."""

    submits: int
    logins: int
    seconds: float
    cpu: float

    def __add__(self, other: "Phase") -> "Phase":
        return Phase(
            self.submits + other.submits,
            self.logins + other.logins,
            self.seconds + other.seconds,
            self.cpu + other.cpu,
        )


NOTHING = Phase(0, 0, 0, 0)


def beside_logins(stack: Stack) -> Values:
    """Accepted a second by 8 clients, alone and while 2 others log in, in turns."""
    for address in ADDRESSES:
        stack.register(address)
    cost = _cpu_of_login(stack)
    alone, both = NOTHING, NOTHING
    for _ in range(ROUNDS):
        alone += _phase(stack, with_logins=False)
        both += _phase(stack, with_logins=True)
    return judged(alone, both, cost)


def judged(alone: Phase, both: Phase, cost: float) -> Values:
    """`cost` is the CPU of a login in seconds.

    Their part is of the CPU that Lambent and its clients got, not of what the machine has: others
    may use it too, and then both rates are lower.
    """
    share = both.logins * cost / both.cpu
    before, after = (phase.submits / phase.seconds for phase in (alone, both))
    return {
        "beside.alone": before,
        "beside.accepted": after,
        "beside.kept": after / before * 100,
        "beside.logins": both.logins / both.seconds,
        "beside.login.cpu": cost * 1000,
        "beside.share": share * 100,
        "beside.fair": after / before / (1 - share) * 100,
    }


def _cpu_of_login(stack: Stack) -> float:
    """Seconds, of everything that has a part in it, the client too."""
    stack.carried_out((stack.logging_in(ADDRESSES, 2 * len(ADDRESSES)), 200))  # warms
    before = stack.group.cpu()
    (tally,) = stack.carried_out((stack.logging_in(ADDRESSES, LOGINS), 200))
    return (stack.group.cpu() - before + tally.cpu) / LOGINS


def _phase(stack: Stack, *, with_logins: bool) -> Phase:
    """The CPU is counted until the last result is stored, the time until the last submit."""
    orders = [(stack.submitting(HALFWAY, SUBMITS), 202)]
    if with_logins:
        orders.append((stack.logging_in(ADDRESSES), 200))
    before = stack.group.cpu()
    submits, *logins = stack.carried_out(*orders)
    wait_until_idle(stack)
    cpu = stack.group.cpu() - before + submits.cpu
    return Phase(SUBMITS, sum(map(_posts, logins)), submits.seconds, cpu)


def _posts(tally: Tally) -> int:
    return tally.statuses.total()
