"""Who will run the functions, and so which wheels they need."""

import sys
from enum import StrEnum

# Newest glibc of the Lambda images: Amazon Linux 2 up to Python 3.11, Amazon Linux 2023 after it.
_GLIBC_MINOR = 26 if sys.version_info < (3, 12) else 34


class Target(StrEnum):
    """One of the three places the same template goes to."""

    EMBEDDED = "embedded"
    LOCALSTACK = "localstack"
    AWS = "aws"

    @property
    def flat(self) -> bool:
        """True where layers are stored but not mounted: their files go into each worker's zip."""
        return self is Target.LOCALSTACK

    @property
    def platforms(self) -> tuple[str, ...]:
        """The wheel platforms that run there, best first; empty: whatever runs on this machine."""
        if self is Target.EMBEDDED:
            return ()
        dated = (f"manylinux_2_{minor}" for minor in range(_GLIBC_MINOR, 4, -1))
        kinds = (*dated, "manylinux2014", "manylinux2010", "manylinux1")
        return tuple(f"{kind}_x86_64" for kind in kinds)

    @property
    def wheels(self) -> str:
        """The name of its kind of wheels: targets of one kind share installed dependencies."""
        return "lambda" if self.platforms else "host"
