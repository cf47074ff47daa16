"""The first call of every request: all that it needs, in one consistent BatchGetItem."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from chalicelib.adapters.access import grant_of, period, usage_of
from chalicelib.adapters.accounts.api_keys import api_key_of
from chalicelib.adapters.accounts.sessions import session_of
from chalicelib.adapters.accounts.user_rows import user_of
from chalicelib.adapters.aws import Client
from chalicelib.adapters.batches import Keys, fetch
from chalicelib.adapters.entry_rows import entry_id, entry_in
from chalicelib.adapters.prediction_rows import prediction_in
from chalicelib.adapters.submission_rows import batch_in, batch_row_id, receipt_id, receipt_in
from chalicelib.adapters.tables.access import GrantRow
from chalicelib.adapters.tables.accounts import ApiKeyRow, SessionRow, UserRow
from chalicelib.adapters.transactions import Item
from chalicelib.domain.access import Grant, Usage
from chalicelib.domain.accounts.api_keys import KeyClaims
from chalicelib.domain.accounts.callers import Credential, Proof
from chalicelib.domain.accounts.users import User
from chalicelib.services.ports.reading import Snapshot, Wanted
from chalicelib.settings import Settings

T = TypeVar("T")


class TableReader:
    """`ports.reading.Reader` on DynamoDB; at most 32 models fit in the 100 keys of one call."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def read(self, credential: Credential, wanted: Wanted) -> Snapshot:
        """One call, unless DynamoDB leaves some keys for another."""
        return self._read(credential.user_id, credential, wanted)

    def situation(self, user_id: str, wanted: Wanted) -> Snapshot:
        """The same call, of one key less."""
        return self._read(user_id, None, wanted)

    def _read(self, user_id: str, credential: Credential | None, wanted: Wanted) -> Snapshot:
        found = fetch(self._client, self._keys(user_id, credential, wanted))
        accounts = _Accounts(found[self._settings.accounts_table], user_id)
        rows = {item["id"]["S"]: item for item in found[self._settings.predictions_table]}
        return Snapshot(
            user=accounts.user(user_id),
            proof=accounts.proof(credential) if credential else None,
            grants=accounts.grants(),
            usage=_usage(found[self._settings.usage_table]),
            disabled=_disabled(found[self._settings.catalogue_table]),
            prediction=_in(rows, wanted.prediction, prediction_in),
            receipt=_in(rows, wanted.receipt and receipt_id(wanted.receipt), receipt_in),
            entry=_in(rows, wanted.entry and entry_id(wanted.entry), entry_in),
            batch=_in(rows, wanted.batch and batch_row_id(wanted.batch), batch_in),
            other=accounts.user(wanted.user) if wanted.user else None,
        )

    def _keys(self, user_id: str, credential: Credential | None, wanted: Wanted) -> Keys:
        models = wanted.models
        proof = [_proof_name(credential)] if credential else []
        names = ["user", *proof, *(f"grant#{model}" for model in models)]
        accounts = {(user_id, name): None for name in names}
        if wanted.user:
            accounts[wanted.user, "user"] = None  # who asks for themselves is read once
        keys: Keys = {
            self._settings.accounts_table: [
                {"pk": {"S": f"user#{owner}"}, "sk": {"S": name}} for owner, name in accounts
            ],
            self._settings.usage_table: [
                {"user_id": {"S": user_id}, "period": {"S": period(wanted.month, model)}}
                for model in models
            ],
            self._settings.catalogue_table: [
                {"pk": {"S": "model"}, "sk": {"S": model}} for model in models
            ],
            self._settings.predictions_table: [{"id": {"S": id}} for id in _rows(wanted)],
        }
        return {table: wants for table, wants in keys.items() if wants}


class _Accounts:
    """What was found in the accounts table."""

    def __init__(self, items: Sequence[Item], caller: str) -> None:
        self._items = {(item["pk"]["S"], item["sk"]["S"]): dict(item) for item in items}
        self._caller = f"user#{caller}"

    def user(self, user_id: str) -> User | None:
        item = self._items.get((f"user#{user_id}", "user"))
        return user_of(UserRow.from_raw_data(item)) if item else None

    def proof(self, credential: Credential) -> Proof | None:
        item = self._items.get((self._caller, _proof_name(credential)))
        if item is None:
            return None
        if isinstance(credential, KeyClaims):
            return api_key_of(ApiKeyRow.from_raw_data(item))
        return session_of(SessionRow.from_raw_data(item))

    def grants(self) -> Mapping[str, Grant]:
        return {
            name.removeprefix("grant#"): grant_of(GrantRow.from_raw_data(item))
            for (_, name), item in self._items.items()
            if name.startswith("grant#")
        }


def _proof_name(credential: Credential) -> str:
    if isinstance(credential, KeyClaims):
        return f"key#{credential.key_id}"
    return f"session#{credential.session_id}"


def _rows(wanted: Wanted) -> Iterator[str]:
    """The ids of what is wanted of the predictions table."""
    if wanted.prediction:
        yield wanted.prediction
    if wanted.receipt:
        yield receipt_id(wanted.receipt)
    if wanted.entry:
        yield entry_id(wanted.entry)
    if wanted.batch:
        yield batch_row_id(wanted.batch)


def _in(rows: Mapping[str, Item], id: str | None, of: Callable[[Item], T]) -> T | None:
    return of(rows[id]) if id and id in rows else None


def _usage(items: Sequence[Item]) -> dict[str, Usage]:
    return {item["period"]["S"].partition("#")[2]: usage_of(item) for item in items}


def _disabled(items: Sequence[Item]) -> frozenset[str]:
    return frozenset(item["sk"]["S"] for item in items if item.get("enabled") == {"BOOL": False})
