"""The first call of every request: all that it needs, in one consistent BatchGetItem."""

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.access import grant_of, period, usage_of
from chalicelib.adapters.accounts import session_of, user_of
from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.predictions import prediction_of
from chalicelib.adapters.tables import GrantRow, PredictionRow, SessionRow, UserRow
from chalicelib.adapters.transactions import Item
from chalicelib.domain.access import Usage
from chalicelib.domain.users import Claims
from chalicelib.errors import Unavailable
from chalicelib.services.ports import Snapshot, Wanted
from chalicelib.settings import Settings

TRIES = 4
FIRST_WAIT = 0.05
"""Seconds before the keys that DynamoDB left unprocessed are asked for again."""

Keys = Mapping[str, list[Mapping[str, Any]]]
"""Keys by table."""


class TableReader:
    """`ports.Reader` on DynamoDB; at most 32 models fit in the 100 keys of one call."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def read(self, claims: Claims, wanted: Wanted) -> Snapshot:
        """One call, unless DynamoDB leaves some keys for another."""
        found = self._fetch(self._keys(claims, wanted))
        accounts = {item["sk"]["S"]: item for item in found[self._settings.accounts_table]}
        user, session = accounts.get("user"), accounts.get(f"session#{claims.session_id}")
        prediction = next(iter(found[self._settings.predictions_table]), None)
        return Snapshot(
            user=user_of(UserRow.from_raw_data(dict(user))) if user else None,
            session=session_of(SessionRow.from_raw_data(dict(session))) if session else None,
            grants={
                name.removeprefix("grant#"): grant_of(GrantRow.from_raw_data(dict(item)))
                for name, item in accounts.items()
                if name.startswith("grant#")
            },
            usage=_usage(found[self._settings.usage_table]),
            disabled=_disabled(found[self._settings.catalogue_table]),
            prediction=prediction_of(PredictionRow.from_raw_data(dict(prediction)))
            if prediction
            else None,
        )

    def _keys(self, claims: Claims, wanted: Wanted) -> Keys:
        user = {"S": f"user#{claims.user_id}"}
        names = ["user", f"session#{claims.session_id}", *(f"grant#{m}" for m in wanted.models)]
        keys: Keys = {
            self._settings.accounts_table: [{"pk": user, "sk": {"S": name}} for name in names],
            self._settings.usage_table: [
                {"user_id": {"S": claims.user_id}, "period": {"S": period(wanted.month, model)}}
                for model in wanted.models
            ],
            self._settings.catalogue_table: [
                {"pk": {"S": "model"}, "sk": {"S": model}} for model in wanted.models
            ],
            self._settings.predictions_table: [{"id": {"S": wanted.prediction}}]
            if wanted.prediction
            else [],
        }
        return {table: wants for table, wants in keys.items() if wants}

    def _fetch(self, keys: Keys) -> Mapping[str, list[Item]]:
        found: defaultdict[str, list[Item]] = defaultdict(list)
        request = {table: {"Keys": each, "ConsistentRead": True} for table, each in keys.items()}
        for attempt in range(TRIES):
            with available("table"):
                answer = self._client.batch_get_item(RequestItems=request)
            for table, items in answer["Responses"].items():
                found[table] += items
            request = answer.get("UnprocessedKeys")
            if not request:
                return found
            time.sleep(FIRST_WAIT * 2**attempt)
        raise Unavailable("The table is throttled, try again", retry_after=1)


def _usage(items: list[Item]) -> dict[str, Usage]:
    return {item["period"]["S"].partition("#")[2]: usage_of(item) for item in items}


def _disabled(items: list[Item]) -> frozenset[str]:
    return frozenset(item["sk"]["S"] for item in items if item.get("enabled") == {"BOOL": False})
