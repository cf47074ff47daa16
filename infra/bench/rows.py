"""The few rows that AWS remembers while handlers are measured, and DynamoDB's calls on them."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

Item = dict[str, Any]
CLAUSE = re.compile(r"\b(SET|ADD)\b")
ACTION = re.compile(r"(#\w+)\s*=?\s*(:\w+)")
EMPTY = json.dumps({"Items": [], "Count": 0, "ScannedCount": 0})


class Rows:
    """Conditions are not looked at, nor are updates within a transaction, nor queries."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, ...], Item] = {}

    def answer(self, operation: str, call: Mapping[str, Any]) -> str:
        """What DynamoDB says to a call."""
        match operation:
            case "PutItem":
                self._put(call)
            case "DeleteItem":
                self._delete(call)
            case "UpdateItem":
                return json.dumps({"Attributes": self._update(call)})
            case "TransactWriteItems":
                for each in call["TransactItems"]:
                    self._put(each.get("Put"))
                    self._delete(each.get("Delete"))
            case "GetItem":
                found = self._get(call["TableName"], call["Key"])
                return json.dumps({"Item": found} if found else {})
            case "Query":
                return EMPTY
            case "BatchGetItem":
                return json.dumps({"Responses": self._found(call["RequestItems"])})
            case "BatchWriteItem":
                self._write(call["RequestItems"])
            case "BatchExecuteStatement":
                return json.dumps({"Responses": [{} for _ in call["Statements"]]})
        return "{}"

    def _put(self, put: Mapping[str, Any] | None) -> None:
        if put:
            self.items[_place(put["TableName"], put["Item"])] = put["Item"]

    def _delete(self, delete: Mapping[str, Any] | None) -> None:
        if delete:
            self.items.pop(_place(delete["TableName"], delete["Key"]), None)

    def _get(self, table: str, key: Item) -> Item | None:
        return self.items.get(_place(table, key))

    def _found(self, wanted: Mapping[str, Any]) -> dict[str, list[Item]]:
        return {
            table: [item for key in each["Keys"] if (item := self._get(table, key))]
            for table, each in wanted.items()
        }

    def _write(self, wanted: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        for table, requests in wanted.items():
            for request in requests:
                for kind, act in (("PutRequest", self._put), ("DeleteRequest", self._delete)):
                    act({"TableName": table, **request[kind]} if kind in request else None)

    def _update(self, call: Mapping[str, Any]) -> Item:
        """SET and ADD of plain values, which is all that the API's own updates are."""
        place = _place(call["TableName"], call["Key"])
        row = self.items.setdefault(place, dict(call["Key"]))
        before = dict(row)
        changed = _changed(row, call)
        row |= changed
        wanted = {"ALL_NEW": row, "ALL_OLD": before}
        return wanted.get(call.get("ReturnValues", ""), changed)


def _changed(row: Item, call: Mapping[str, Any]) -> Item:
    names, values = call["ExpressionAttributeNames"], call["ExpressionAttributeValues"]
    _, *parts = CLAUSE.split(call["UpdateExpression"])
    found = Item()
    for clause, actions in zip(parts[::2], parts[1::2], strict=True):
        for name, value in ACTION.findall(actions):
            before = row.get(names[name]) if clause == "ADD" else None
            found[names[name]] = _sum(before, values[value]) if before else values[value]
    return found


def _sum(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    return {"N": str(int(one["N"]) + int(other["N"]))}


def _place(table: str, item: Mapping[str, Any]) -> tuple[str, ...]:
    """Where an item lies: its table and the key attributes that this table has."""
    keys = ("id",) if "id" in item else ("user_id", "period") if "period" in item else ("pk", "sk")
    return (table, *(item[name]["S"] for name in keys))
