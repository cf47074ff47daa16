"""The one PartiQL statement of ours, for moto, whose parser knows only part of the language.

It answers BatchExecuteStatement in moto's place by the UpdateItem that the statement means.
That real parsers understand it is shown where there is one: on the emulator, in tests/e2e.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

STATEMENT = re.compile(
    r'UPDATE "(?P<table>[^"]+)" (?P<sets>(SET "\w+"=\? )+)(?P<removes>(REMOVE "\w+" )+)'
    r'WHERE "(?P<key>\w+)"=\? AND "(?P<condition>\w+)"=\?'
)
MOST = 25
"""Statements in one call."""


class BatchStatements:
    """A handler of botocore's `before-send`; it writes with a client of its own."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        statements = body_of(request)["Statements"]
        assert 0 < len(statements) <= MOST, "BatchExecuteStatement takes 1 to 25 statements"
        return answer(request, {"Responses": [self._run(each) for each in statements]})

    def _run(self, statement: Mapping[str, Any]) -> Mapping[str, Any]:
        parsed = STATEMENT.fullmatch(statement["Statement"])
        assert parsed, f"Not the statement that this stands in for: {statement['Statement']}"
        names = re.findall(r'"(\w+)"', parsed["sets"])
        removed = re.findall(r'"(\w+)"', parsed["removes"])
        *values, key, condition = statement["Parameters"]
        try:
            self._client.update_item(
                TableName=parsed["table"],
                Key={parsed["key"]: key},
                UpdateExpression=_expression(names, removed),
                ConditionExpression="#condition = :condition",
                ExpressionAttributeNames={
                    "#condition": parsed["condition"],
                    **{f"#{name}": name for name in names + removed},
                },
                ExpressionAttributeValues={
                    ":condition": condition,
                    **{f":{name}": value for name, value in zip(names, values, strict=True)},
                },
                ReturnValuesOnConditionCheckFailure=statement[
                    "ReturnValuesOnConditionCheckFailure"
                ],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            old = error.response.get("Item")
            return {"Error": {"Code": "ConditionalCheckFailed", "Message": "", "Item": old}}
        return {"TableName": parsed["table"]}


def _expression(names: list[str], removed: list[str]) -> str:
    assignments = ", ".join(f"#{name} = :{name}" for name in names)
    return f"SET {assignments} REMOVE {', '.join(f'#{name}' for name in removed)}"


def body_of(request: AWSPreparedRequest) -> Any:
    """What a call says: of a JSON service a document, of an older one its parameters."""
    assert isinstance(request.body, str | bytes)
    text = request.body.decode() if isinstance(request.body, bytes) else request.body
    return json.loads(text) if text.startswith("{") else dict(parse_qsl(text))


def answer(request: AWSPreparedRequest, body: Mapping[str, Any], status: int = 200) -> AWSResponse:
    """An answer of a JSON service, as botocore reads it."""
    response: Any = AWSResponse(str(request.url), status, HTTPHeaders(), None)
    response._content = json.dumps(body).encode()
    made: AWSResponse = response
    return made
