"""AWS in memory (moto), with the tables of the template, and a record of every call."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import yaml
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core.models import botocore_stubber

from chalicelib.adapters import aws
from chalicelib.adapters.tables.binding import bind
from chalicelib.settings import Settings
from tests.integration.expressions import reserved_words
from tests.integration.partiql import BatchStatements, answer, body_of

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
Answer = Callable[[AWSPreparedRequest], AWSResponse]
QUEUES = "https://sqs.us-east-1.amazonaws.com/123456789012"
SENDER = "lambent@example.com"
SECRET = '{"current": "a random string that CloudFormation made"}'


@dataclass
class Wire:
    """What goes to AWS: every operation by name, and answers that a test puts in its way.

    One call after the other, whoever's it is: DynamoDB's are atomic, and moto's, in threads, are
    not.

    Figures are noted and read every ten seconds at most, so when they are depends on what ran
    before: they stand apart, no test that counts calls is told of them, and the answers that are
    put in their way are given for `GetItem of figures` and `UpdateItem of figures`.
    """

    calls: list[str] = field(default_factory=list)
    of_figures: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    statements: BatchStatements | None = None
    tokens: set[str] = field(default_factory=set)
    """Of transactions that were carried out and not answered."""
    turn: AbstractContextManager[object] = field(default_factory=RLock)
    """Whose call it is; an answer may make calls of its own."""

    def count(self) -> dict[str, int]:
        """How often each operation was asked for, retries included."""
        return dict(Counter(self.calls))

    def forget(self) -> None:
        """Begin anew."""
        for each in (self.calls, self.of_figures, self.bodies, self.answers, self.tokens):
            each.clear()

    def refuse(
        self,
        operation: str,
        code: str,
        reasons: Sequence[Mapping[str, Any]] = (),
        seen: list[Any] | None = None,
    ) -> None:
        """Answer the next such call with this error; its body is added to `seen`."""
        error: dict[str, Any] = {
            "__type": f"com.amazonaws#{code}",
            "message": "put there by a test",
        }
        if reasons:
            error["CancellationReasons"] = reasons

        def made(request: AWSPreparedRequest) -> AWSResponse:
            if seen is not None:
                seen.append(request.body)
            return answer(request, error, 400)

        self.give(operation, made)

    def throttle(self, operation: str, times: int = 1) -> None:
        """The next such calls are too many for DynamoDB."""
        for _ in range(times):
            self.refuse(operation, "ThrottlingException")

    def lose(self, operation: str, times: int = 1) -> None:
        """Carry out the next such calls, and answer none of them."""

        def made(request: AWSPreparedRequest) -> AWSResponse:
            answered = self._carry_out(operation, request)
            if answered and answered.status_code == 200:
                self.tokens.add(body_of(request).get("ClientRequestToken", ""))
            raise ReadTimeoutError(endpoint_url=str(request.url))

        for _ in range(times):
            self.give(operation, made)

    def give(self, operation: str, made: Answer) -> None:
        """Answer the next such call so."""
        self.answers.setdefault(operation, []).append(made)

    def before_send(
        self, request: AWSPreparedRequest, event_name: str = "", **_: object
    ) -> AWSResponse | None:
        """Botocore asks this in place of sending a request."""
        with self.turn:
            return self._answer(request, event_name)

    def _answer(self, request: AWSPreparedRequest, event_name: str) -> AWSResponse | None:
        operation = event_name.rpartition(".")[2]
        body = body_of(request)
        if operation in ("GetItem", "UpdateItem") and body["Key"].get("pk") == {"S": "model"}:
            self.of_figures.append(operation)
            operation = f"{operation} of figures"
        else:
            self.calls.append(operation)
            self.bodies.append(body)
        words = reserved_words(body)
        assert not words, f"DynamoDB refuses these as names of attributes: {sorted(words)}"
        if waiting := self.answers.get(operation):
            return waiting.pop(0)(request)
        return self._carry_out(operation, request)

    def _carry_out(self, operation: str, request: AWSPreparedRequest) -> AWSResponse | None:
        if operation == "BatchExecuteStatement" and self.statements:
            return self.statements(request)
        if operation == "TransactWriteItems" and self._is_repeated(request):
            return answer(request, {})
        return botocore_stubber(operation, request)

    def _is_repeated(self, request: AWSPreparedRequest) -> bool:
        """Whether it was carried out before: DynamoDB, unlike moto, remembers the token."""
        return body_of(request).get("ClientRequestToken") in self.tokens


@dataclass(frozen=True)
class Cloud:
    """Clients as the functions have them; `wire` sees their calls, and not those of `aside`."""

    settings: Settings
    dynamodb: Any
    sqs: Any
    secrets: Any
    ses: Any
    aside: Any
    wire: Wire

    def item(self, table: str, **key: Any) -> Mapping[str, Any] | None:
        """A row as it is stored; nothing counts this read."""
        found: Mapping[str, Any] = self.aside.get_item(TableName=table, Key=key)
        return found.get("Item")

    def switch_off(self, model: str) -> None:
        """Disable a model."""
        row = {"pk": {"S": "model"}, "sk": {"S": model}, "enabled": {"BOOL": False}}
        self.aside.put_item(TableName=self.settings.catalogue_table, Item=row)

    def received(self, url: str = "", most: int = 10) -> list[dict[str, Any]]:
        """The jobs that wait, or another queue's messages, as a Lambda's event has them.

        They stay visible.
        """
        url = url or self.settings.queues["light"]["interactive"]
        found = self.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=most,
            AttributeNames=["ApproximateReceiveCount"],
            VisibilityTimeout=0,
        )
        return [
            {
                "messageId": m["MessageId"],
                "receiptHandle": m["ReceiptHandle"],
                "body": m["Body"],
                "attributes": m["Attributes"],
                "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{url.rpartition('/')[2]}",
            }
            for m in found.get("Messages", [])
        ]

    def mails(self) -> list[tuple[str, str, str, str]]:
        """What SES was told to send: to whom, subject, text and HTML."""
        return [
            (
                said["Destination.ToAddresses.member.1"],
                said["Message.Subject.Data"],
                said["Message.Body.Text.Data"],
                said["Message.Body.Html.Data"],
            )
            for said in self.wire.bodies
            if said.get("Action") == "SendEmail"
        ]


def connect() -> Cloud:
    """The clients; made once, for loading botocore's data takes longer than most tests."""
    aws.session.cache_clear()
    session: Any = aws.session()  # whose types know no handler that answers
    aside = session.create_client("dynamodb")
    wire = Wire(statements=BatchStatements(aside))
    # botocore asks every handler, so the wire stands in for moto's and asks it in turn.
    session.unregister("before-send", botocore_stubber)
    session.register("before-send", wire.before_send)
    settings = Settings(
        accounts_table="accounts",
        predictions_table="predictions",
        usage_table="usage",
        catalogue_table="catalogue",
        audit_table="audit",
        queues={"light": {kind: f"{QUEUES}/{kind}" for kind in ("interactive", "bulk")}},
        mail_queue_url=f"{QUEUES}/mail",
        erasure_queue_url=f"{QUEUES}/erasures",
        mail_sender=SENDER,
        signing_secret="signing",
        argon2_memory_kib=32,
        argon2_iterations=1,
    )
    services = ("dynamodb", "sqs", "secretsmanager", "ses")
    dynamodb, sqs, secrets, ses = (aws.client(name, attempts=2) for name in services)
    return Cloud(settings, dynamodb, sqs, secrets, ses, aside, wire)


@contextmanager
def deployed(cloud: Cloud) -> Iterator[Cloud]:
    """Empty tables and queues, the secret and the sender of mails, until the end of the block."""
    with mock_aws():
        for name, properties in template_tables().items():
            cloud.aside.create_table(TableName=getattr(cloud.settings, name), **properties)
        for name in ("interactive", "bulk", "mail", "erasures"):
            cloud.sqs.create_queue(QueueName=name)
        cloud.ses.verify_email_identity(EmailAddress=SENDER)
        cloud.secrets.create_secret(Name="signing", SecretString=SECRET)
        bind(cloud.settings, cloud.dynamodb)
        cloud.wire.forget()
        yield cloud


def template_tables() -> dict[str, dict[str, Any]]:
    """Keys and indexes of every table of the template, by its name in Settings."""
    resources = yaml.load(TEMPLATE.read_text("utf-8"), Loader=_Loader)["Resources"]
    kept = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {
        f"{logical_id.removesuffix('Table').lower()}_table": {
            name: value for name, value in resource["Properties"].items() if name in kept
        }
        for logical_id, resource in resources.items()
        if resource.get("Type") == "AWS::DynamoDB::Table"
    }


class _Loader(yaml.SafeLoader):
    """Reads over CloudFormation's tags, of which no key or index of a table has one."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
