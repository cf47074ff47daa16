"""Dead letters."""

from collections.abc import Collection, Mapping

from chalicelib.domain.dead_letters import DeadLetter
from chalicelib.services.ports.paging import Page
from tests.fakes.memory import Memory
from tests.fakes.paging import page_of


class FakeDeadLetters:
    """`ports.dead_letters.DeadLetters`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, letter: DeadLetter) -> bool:
        self._memory.require_up()
        with self._memory.lock:
            return self._memory.letters.setdefault(letter.id, letter) is letter

    def find(self, ids: Collection[str]) -> Mapping[str, DeadLetter]:
        self._memory.require_up()
        return {id: self._memory.letters[id] for id in ids if id in self._memory.letters}

    def page(self, limit: int, after: str | None) -> Page[DeadLetter]:
        self._memory.require_up()
        left = [each for each in self._memory.letters.values() if after is None or each.id < after]
        return page_of(sorted(left, key=lambda each: each.id, reverse=True), limit, _id)

    def remove(self, id: str) -> bool:
        self._memory.require_up()
        return self._memory.letters.pop(id, None) is not None


def _id(letter: DeadLetter) -> str:
    return letter.id
