"""Prints what botocore would send for every call that our adapters make.

Run by test_bundles.py in a bare interpreter: `python -I -S aws_calls.py FOLDER…`, once on a
bundle and once on botocore as it was published.
"""

import json
import sys
from typing import Any

KEY = {"TableName": "t", "Key": {"id": {"S": "1"}}}
QUEUE = {"QueueUrl": "https://sqs.eu-central-1.amazonaws.com/1/q"}
CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("dynamodb", "get_item", KEY),
    ("dynamodb", "put_item", {"TableName": "t", "Item": {"id": {"S": "1"}}}),
    ("dynamodb", "delete_item", KEY),
    ("dynamodb", "update_item", {**KEY, "UpdateExpression": "ADD n :n"}),
    ("dynamodb", "query", {"TableName": "t", "KeyConditionExpression": "id = :id"}),
    ("dynamodb", "scan", {"TableName": "t"}),
    ("dynamodb", "describe_table", {"TableName": "t"}),
    ("dynamodb", "batch_get_item", {"RequestItems": {"t": {"Keys": [{"id": {"S": "1"}}]}}}),
    (
        "dynamodb",
        "batch_write_item",
        {"RequestItems": {"t": [{"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}},
    ),
    ("dynamodb", "query", {"TableName": "t", "IndexName": "by_time", "ScanIndexForward": False}),
    ("dynamodb", "transact_get_items", {"TransactItems": [{"Get": KEY}]}),
    (
        "dynamodb",
        "transact_write_items",
        {
            "TransactItems": [{"Put": {"TableName": "t", "Item": {"id": {"B": b"1"}}}}],
            "ClientRequestToken": "token",
        },
    ),
    (
        "dynamodb",
        "batch_execute_statement",
        {"Statements": [{"Statement": "UPDATE t", "Parameters": [{"N": "1"}]}]},
    ),
    ("dynamodb", "execute_statement", {"Statement": "SELECT * FROM t"}),
    (
        "sqs",
        "send_message",
        {
            **QUEUE,
            "MessageBody": "{}",
            "MessageAttributes": {"a": {"DataType": "String", "StringValue": "1"}},
        },
    ),
    (
        "sqs",
        "send_message_batch",
        {
            **QUEUE,
            "Entries": [{"Id": "1", "MessageBody": "{}"}],
        },
    ),
    (
        "sqs",
        "delete_message_batch",
        {
            **QUEUE,
            "Entries": [{"Id": "1", "ReceiptHandle": "r"}],
        },
    ),
    (
        "sqs",
        "get_queue_attributes",
        {
            **QUEUE,
            "AttributeNames": ["ApproximateNumberOfMessages"],
        },
    ),
    (
        "ses",
        "send_email",
        {
            "Source": "lambent@example.com",
            "Destination": {"ToAddresses": ["ada@example.com"]},
            "Message": {
                "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "line\nline", "Charset": "UTF-8"},
                    "Html": {"Data": "<p>line</p>", "Charset": "UTF-8"},
                },
            },
        },
    ),
    ("secretsmanager", "get_secret_value", {"SecretId": "arn"}),
    (
        "secretsmanager",
        "put_secret_value",
        {"SecretId": "arn", "SecretString": "{}", "ClientRequestToken": "0" * 32},
    ),
)
REGIONS = ("us-east-1", "eu-central-1")
SERVICES = ("dynamodb", "secretsmanager", "ses", "sqs")
XML = b"<SendEmailResponse><SendEmailResult/></SendEmailResponse>"  # SES answers as of old
TELLING_HEADERS = ("X-Amz-Target", "Content-Type", "X-Amzn-Query-Mode")


def sent(region: str) -> list[dict[str, Any]]:
    """Each call's request, kept from the network and answered with nothing."""
    from botocore.session import Session

    session: Any = Session()
    session.set_credentials("key", "secret")
    requests: list[dict[str, Any]] = []
    session.register("before-send", lambda request, **_: _answered(request, requests))
    clients = {name: session.create_client(name, region) for name in SERVICES}
    for service, operation, arguments in CALLS:
        getattr(clients[service], operation)(**arguments)
    query = clients["dynamodb"].get_paginator("query")
    list(query.paginate(TableName="t", KeyConditionExpression="id = :id"))
    return requests


def _answered(request: Any, requests: list[dict[str, Any]]) -> Any:
    from botocore.awsrequest import AWSResponse, HeadersDict

    headers = {name: _text(request.headers.get(name)) for name in TELLING_HEADERS}
    requests.append({"url": request.url, "body": _text(request.body), **headers})
    no_headers: Any = HeadersDict()
    response: Any = AWSResponse(request.url, 200, no_headers, None)
    response._content = XML if "email." in request.url else b"{}"
    return response


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


if __name__ == "__main__":
    sys.path[:0] = sys.argv[1:]
    json.dump({region: sent(region) for region in REGIONS}, sys.stdout)
