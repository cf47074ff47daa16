"""What has not ended."""

from collections.abc import Sequence

from chalicelib.domain.batches import Batch
from chalicelib.domain.ids import shard_of
from chalicelib.services.ports.repairs import Due, Open
from tests.fakes.memory import Memory
from tests.fakes.predictions import give_back


class FakeRepairs:
    """`ports.repairs.Repairs`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def due(self, shard: int, now: int, most: int) -> Sequence[Due]:
        self._memory.require_up()
        found = [
            Due(id, at, is_batch=id in self._memory.batches)
            for id, at in self._memory.due.items()
            if at <= now and shard_of(id) == shard
        ]
        return sorted(found, key=lambda each: each.at)[:most]

    def take(self, due: Due, now: int, until: int) -> Open | Batch | None:
        self._memory.require_up()
        with self._memory.lock:
            if self._memory.due.get(due.id) != due.at:
                return None
            if due.is_batch:
                self._memory.due[due.id] = until
                return self._memory.batches[due.id]
            prediction = self._memory.predictions[due.id]
            if prediction.expires_at is None or prediction.expires_at > now:
                self._memory.due[due.id] = until
                self._memory.sweeps[due.id] += 1
            return Open(prediction, self._memory.sweeps[due.id])

    def settle(self, batch: Batch, missing: int) -> bool:
        self._memory.require_up()
        with self._memory.lock:
            if self._memory.due.pop(batch.id, None) is None:
                return False
            give_back(self._memory, batch, missing)
            return True
