"""The first call of a request."""

from dataclasses import replace

from chalicelib.domain.accounts.api_keys import KeyClaims
from chalicelib.domain.accounts.callers import Credential, Proof
from chalicelib.services.ports.reading import Snapshot, Wanted
from tests.fakes.memory import Memory


class FakeReader:
    """`ports.reading.Reader`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def read(self, credential: Credential, wanted: Wanted) -> Snapshot:
        found = self.situation(credential.user_id, wanted)
        return replace(found, proof=self._proof(credential))

    def situation(self, user_id: str, wanted: Wanted) -> Snapshot:
        self._memory.require_up()
        memory, models = self._memory, wanted.models
        grants = {model: memory.grants.get((user_id, model)) for model in models}
        usage = {model: memory.usage.get((user_id, wanted.month, model)) for model in models}
        return Snapshot(
            user=memory.users.get(user_id),
            grants={model: grant for model, grant in grants.items() if grant},
            usage={model: used for model, used in usage.items() if used},
            disabled=frozenset(memory.disabled.intersection(models)),
            prediction=memory.predictions.get(wanted.prediction or ""),
            other=memory.users.get(wanted.user or ""),
            receipt=memory.receipts.get(wanted.receipt or ""),
            entry=memory.entries.get(wanted.entry or ""),
            batch=memory.batches.get(wanted.batch or ""),
        )

    def _proof(self, credential: Credential) -> Proof | None:
        if isinstance(credential, KeyClaims):
            return self._memory.api_keys.get((credential.user_id, credential.key_id))
        return self._memory.sessions.get((credential.user_id, credential.session_id))
