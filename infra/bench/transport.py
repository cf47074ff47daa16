"""AWS in place of the network: counts calls, and answers from a few rows that it remembers."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]
SECRET = json.dumps({"SecretString": json.dumps({"current": "made for a measurement"})})
SENT = json.dumps({"MessageId": "1", "MD5OfMessageBody": ""})


class Transport:
    """Botocore's `before-send`: everything above the socket is real.

    Conditions are not looked at. Once `frozen`, a call costs next to nothing: each operation
    is answered as it was the last time.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.rows: dict[tuple[str, ...], Item] = {}
        self.frozen = False
        self._last: dict[str, bytes] = {}

    def __call__(self, request: Any, event_name: str, **_: object) -> Any:
        """Answer a call."""
        operation = event_name.rpartition(".")[2]
        self.calls[operation] += 1
        if not (self.frozen and operation in self._last):
            self._last[operation] = self._answer(operation, json.loads(request.body)).encode()
        return _response(request, self._last[operation])

    def _answer(self, operation: str, call: Mapping[str, Any]) -> str:
        match operation:
            case "GetSecretValue":
                return SECRET
            case "SendMessage":
                return SENT
            case "PutItem":
                self._put(call)
            case "TransactWriteItems":
                for each in call["TransactItems"]:
                    self._put(each.get("Put", {}))
            case "GetItem":
                found = self._get(call["TableName"], call["Key"])
                return json.dumps({"Item": found} if found else {})
            case "BatchGetItem":
                return json.dumps({"Responses": self._found(call["RequestItems"])})
            case "BatchExecuteStatement":
                return json.dumps({"Responses": [{} for _ in call["Statements"]]})
        return "{}"

    def _put(self, put: Mapping[str, Any]) -> None:
        if put:
            self.rows[_place(put["TableName"], put["Item"])] = put["Item"]

    def _get(self, table: str, key: Item) -> Item | None:
        return self.rows.get(_place(table, key))

    def _found(self, wanted: Mapping[str, Any]) -> dict[str, list[Item]]:
        return {
            table: [item for key in each["Keys"] if (item := self._get(table, key))]
            for table, each in wanted.items()
        }


def _place(table: str, item: Mapping[str, Any]) -> tuple[str, ...]:
    """Where an item lies: its table and the key attributes that this table has."""
    keys = ("id",) if "id" in item else ("user_id", "period") if "period" in item else ("pk", "sk")
    return (table, *(item[name]["S"] for name in keys))


def _response(request: Any, body: bytes) -> Any:
    # Not at the top: what imports this module must first have found its own botocore.
    from botocore.awsrequest import AWSResponse
    from urllib3 import HTTPHeaderDict

    headers: Any = HTTPHeaderDict({"content-type": "application/x-amz-json-1.0"})
    response: Any = AWSResponse(request.url, 200, headers, None)
    response._content = body  # read already
    return response
