"""The first call of a request."""

from dataclasses import replace

from chalicelib.domain.access import Grant, Usage
from chalicelib.domain.accounts.sessions import Claims, Session
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry, Lead
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.receipts import Receipt
from chalicelib.services.ports.reading import Snapshot, Wanted
from tests.contracts.stores import Stores
from tests.samples import (
    DAY,
    NOW,
    a_grant,
    a_key,
    a_prediction,
    a_session,
    a_user,
    claims_of,
    key_claims_of,
)


class ReaderContract:
    def test_of_what_does_not_exist_nothing_is_found(self, stores: Stores) -> None:
        wanted = Wanted(models=("temperature",), month="2026-11", prediction=uuid7(NOW))
        assert stores.reader.read(claims_of(a_session(a_user())), wanted) == Snapshot()

    def test_all_that_is_wanted_is_found_in_one_read(self, stores: Stores) -> None:
        user, session, grant, prediction = self._somebody(stores)
        stores.switch_off(grant.model)
        wanted = Wanted((grant.model, "sentiment"), "2026-11", prediction.id)
        assert stores.reader.read(claims_of(session), wanted) == Snapshot(
            user=user,
            proof=session,
            grants={grant.model: grant},
            usage={grant.model: Usage(1, {23: 1})},
            disabled=frozenset({grant.model}),
            prediction=prediction,
        )

    def test_without_a_proof_the_same_is_found_but_the_proof(self, stores: Stores) -> None:
        user, session, grant, prediction = self._somebody(stores)
        wanted = Wanted((grant.model,), "2026-11", prediction.id)
        found = stores.reader.situation(user.id, wanted)
        assert (found.user, found.proof, found.prediction) == (user, None, prediction)
        assert found == replace(stores.reader.read(claims_of(session), wanted), proof=None)

    def test_what_was_kept_of_the_same_request_and_input_is_found_in_the_same_read(
        self, stores: Stores
    ) -> None:
        user, session, grant, prediction = self._somebody(stores)
        leader = a_prediction(grant)
        receipt = Receipt("a key", "a fingerprint", leader.id, NOW // 1000 + 60)
        entry = Entry(leader.id, (), 3600, NOW // 1000 + 60)
        batch = Batch(uuid7(NOW), user.id, grant.model, 3, NOW, NOW + DAY)
        part = Lead("an input", entry)
        stores.predictions.accept(leader, grant, receipt=receipt, part=part)
        stores.predictions.accept_batch(batch, grant)
        wanted = Wanted(prediction=prediction.id, receipt="a key", entry="an input", batch=batch.id)
        assert stores.reader.read(claims_of(session), wanted) == Snapshot(
            user=user,
            proof=session,
            prediction=prediction,
            receipt=receipt,
            entry=entry,
            batch=batch,
        )

    def test_a_receipt_an_entry_and_a_batch_of_one_name_are_told_apart(
        self, stores: Stores
    ) -> None:
        _, session, grant, prediction = self._somebody(stores)
        id = uuid7(NOW)
        receipt = Receipt(id, "a fingerprint", prediction.id, NOW // 1000 + 60)
        stores.predictions.accept(a_prediction(grant), grant, receipt=receipt)
        wanted = Wanted(prediction=id, receipt=id, entry=id, batch=id)
        found = stores.reader.read(claims_of(session), wanted)
        assert found.receipt == receipt
        assert found.prediction is found.entry is found.batch is None

    def test_what_is_not_wanted_is_not_found(self, stores: Stores) -> None:
        user, session, grant, _ = self._somebody(stores)
        stores.switch_off(grant.model)
        found = stores.reader.read(claims_of(session), Wanted())
        assert found == Snapshot(user=user, proof=session)

    def test_another_month_has_usage_of_its_own(self, stores: Stores) -> None:
        _, session, grant, _ = self._somebody(stores)
        found = stores.reader.read(claims_of(session), Wanted((grant.model,), "2026-12"))
        assert found.usage == {}

    def test_anothers_session_is_not_found(self, stores: Stores) -> None:
        user, *_ = self._somebody(stores)
        stranger = a_session(a_user())
        stores.sessions.start(stranger)
        found = stores.reader.read(Claims(user.id, stranger.id, 1), Wanted())
        assert (found.user, found.proof) == (user, None)

    def test_a_key_is_found_as_a_session_is(self, stores: Stores) -> None:
        user, _, grant, prediction = self._somebody(stores)
        key = a_key(user)
        stores.api_keys.add(key)
        wanted = Wanted((grant.model,), "2026-11", prediction.id)
        found = stores.reader.read(key_claims_of(key), wanted)
        assert (found.user, found.proof) == (user, key)
        assert (found.grants, found.prediction) == ({grant.model: grant}, prediction)

    def test_a_key_is_no_session_and_a_session_no_key(self, stores: Stores) -> None:
        user, session, *_ = self._somebody(stores)
        key = a_key(user)
        stores.api_keys.add(key)
        as_session = Claims(user.id, key.id, key.version)
        as_key = key_claims_of(a_key(user, id=session.id))
        assert stores.reader.read(as_session, Wanted()).proof is None
        assert stores.reader.read(as_key, Wanted()).proof is None

    def test_another_user_is_found_beside_the_caller(self, stores: Stores) -> None:
        user, session, *_ = self._somebody(stores)
        other, *_ = self._somebody(stores)
        found = stores.reader.read(claims_of(session), Wanted(user=other.id))
        assert found == Snapshot(user=user, proof=session, other=other)

    def test_who_asks_for_themselves_is_that_other(self, stores: Stores) -> None:
        user, session, *_ = self._somebody(stores)
        found = stores.reader.read(claims_of(session), Wanted(user=user.id))
        assert found == Snapshot(user=user, proof=session, other=user)

    def test_another_who_does_not_exist_is_not_found(self, stores: Stores) -> None:
        user, session, *_ = self._somebody(stores)
        found = stores.reader.read(claims_of(session), Wanted(user=a_user().id))
        assert found == Snapshot(user=user, proof=session)

    def _somebody(self, stores: Stores) -> tuple[User, Session, Grant, Prediction]:
        user = a_user()
        session, grant = a_session(user), a_grant(user, daily=5)
        prediction = a_prediction(grant)
        stores.users.add(user)
        stores.sessions.start(session)
        stores.access.put_grant(grant)
        stores.predictions.accept(prediction, grant)
        return user, session, grant, prediction
