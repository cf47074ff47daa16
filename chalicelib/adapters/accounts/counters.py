"""Failures and requests, counted in the accounts table: `throttle#<key>` / `counter`."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.batches import fetch, write
from chalicelib.adapters.transactions import Item
from chalicelib.domain.accounts.throttling import FORGOTTEN, TRUSTED, Budget, Failures
from chalicelib.settings import Settings


class CounterTable:
    """`ports.security.Counters` on DynamoDB, which removes a row some time after it matters."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.accounts_table

    def failures(self, *keys: str) -> list[Failures]:
        """One consistent BatchGetItem."""
        rows = fetch(self._client, {self._table: [_key(key) for key in dict.fromkeys(keys)]})
        found = {row["pk"]["S"]: _failures_of(row) for row in rows[self._table]}
        return [found.get(_key(key)["pk"]["S"], Failures()) for key in keys]

    def count(self, key: str, seen: Failures, now: int) -> Failures | None:
        """One update, on condition of all that was seen; else one consistent read."""
        try:
            with available("table"):
                self._replace(key, seen, seen.one_more(now))
        except _Overtaken:
            return self.failures(key)[0]
        return None

    def settle(self, counted: str, pair: str, now: int) -> None:
        """One BatchWriteItem."""
        trusted = _item(pair, Failures(trusted_until=now + TRUSTED))
        requests: list[Mapping[str, Any]] = [{"PutRequest": {"Item": trusted}}]
        if counted != pair:
            requests.append({"DeleteRequest": {"Key": _key(counted)}})
        write(self._client, self._table, requests)

    def spent(self, budget: Budget, whom: str, now: int) -> int:
        """One consistent read."""
        key = _key(budget.key(whom, now))
        with available("table"):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return int(answer.get("Item", {"count": {"N": "0"}})["count"]["N"])

    def spend(self, budget: Budget, whom: str, now: int, units: int = 1) -> int:
        """One ADD."""
        values = {":ttl": _seconds(budget.ends(now)), ":units": {"N": str(units)}}
        with available("table"):
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(budget.key(whom, now)),
                UpdateExpression="SET #ttl = :ttl ADD #count :units",
                ExpressionAttributeNames={"#ttl": "ttl", "#count": "count"},
                ExpressionAttributeValues=values,
                ReturnValues="UPDATED_NEW",
            )
        return int(answer["Attributes"]["count"]["N"])

    def _replace(self, key: str, seen: Failures, after: Failures) -> None:
        try:
            self._client.put_item(TableName=self._table, Item=_item(key, after), **_as_seen(seen))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise _Overtaken from error
            raise


class _Overtaken(Exception):
    """Others counted meanwhile."""


def _as_seen(seen: Failures) -> Mapping[str, Any]:
    """The condition that the row is what was seen."""
    if seen == Failures():
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    facts = _facts(seen)
    return {
        "ConditionExpression": " AND ".join(f"#{name} = :{name}" for name in facts),
        "ExpressionAttributeNames": {f"#{name}": name for name in facts},
        "ExpressionAttributeValues": {f":{name}": value for name, value in facts.items()},
    }


def _item(key: str, failures: Failures) -> Item:
    matters_until = max(failures.last_at + FORGOTTEN, failures.trusted_until)
    return {**_key(key), **_facts(failures), "ttl": _seconds(matters_until)}


def _facts(failures: Failures) -> Item:
    return {name: {"N": str(value)} for name, value in vars(failures).items()}


def _failures_of(row: Item) -> Failures:
    return Failures(*(int(row[name]["N"]) for name in ("count", "last_at", "trusted_until")))


def _key(key: str) -> Item:
    return {"pk": {"S": f"throttle#{key}"}, "sk": {"S": "counter"}}


def _seconds(ms: int) -> Mapping[str, str]:
    return {"N": str(ms // 1000)}
