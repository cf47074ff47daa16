"""Why a run stopped."""

from infra.local.errors import Trouble

LAST_WORDS = 500


class Unmeasured(Trouble):
    """Something failed that was to be measured."""

    def __init__(self, what: str, said: str) -> None:
        super().__init__(
            f"{what} did not do what is measured.",
            f"It said: {said.strip()[-LAST_WORDS:]}",
            "Make ./run.sh test pass, then measure again.",
        )
