"""What patience costs: a second's wait in one request, beside one more request.

Amazon's list prices in us-east-1, 2026-11, in dollars per million; logs and transfer are left out.
"""

GATEWAY, INVOCATION = 3.50, 0.20
GIGABYTE_SECOND = 16.6667
CONSISTENT_READ = 0.125
"""Of up to 4 KB; half of that eventually consistent."""
GIGABYTES = 0.5
"""Of the API's function."""
READ_BY_A_POLL = 3
"""User, session and prediction."""
POLL_SECONDS = 0.005
"""That the function takes for it."""


def second_of_waiting(reads: float) -> float:
    """A million of them, each with so many looks."""
    return GIGABYTES * GIGABYTE_SECOND + reads * CONSISTENT_READ / 2


def poll() -> float:
    """A million of them."""
    computed = GIGABYTES * POLL_SECONDS * GIGABYTE_SECOND
    return GATEWAY + INVOCATION + READ_BY_A_POLL * CONSISTENT_READ + computed
