"""The API and a worker on their real adapters; AWS is in memory and fails as it is told to."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.dead_letters import DeadLetterTable
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.usage import UsageTable
from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.domain.access import Usage
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.inference.runner import Runner
from chalicelib.services.admitting import Admission, Asked
from chalicelib.services.execution import Execution
from chalicelib.services.joining import Joining
from chalicelib.services.measuring import Measuring
from chalicelib.services.metering import Metering
from chalicelib.services.ports.reading import Wanted
from chalicelib.services.prediction import Predicting
from chalicelib.services.submission import Accepted, Order
from chalicelib.services.undertaking import Message as Given
from chalicelib.services.undertaking import Undertaking
from tests.fakes import Clock
from tests.faults.models import CATALOGUE
from tests.ground import Ground, Person
from tests.integration.cloud import Cloud, Wire
from tests.integration.partiql import answer, body_of

THROTTLED = {"Error": {"Code": "ThrottlingError", "Message": "put there by a test"}}


class OnAws:
    """One user of the model `chaos`, the API and a worker."""

    def __init__(self, cloud: Cloud, **limits: Any) -> None:
        self.cloud, self.clock = cloud, Clock()
        ports = replace(wiring.ports(cloud.settings), clock=self.clock, sleep=self.clock.sleep)
        self.api = Services(ports, CATALOGUE, cloud.settings)
        self.results = ResultTable(cloud.dynamodb, cloud.settings)
        self.queue = SqsQueue(cloud.sqs, cloud.settings.queues)
        self.worker, self.undertaker = self._worker(), self._undertaker()
        self.ground = Ground(ports, self.results)
        self.ada: Person = self.ground.somebody()
        self.ground.grant(self.ada, "chaos", **limits)
        self._reader = ports.reader
        cloud.wire.forget()

    def admitted(self, n: int = 1, **asked: Any) -> Admission:
        """What the first call of a request finds."""
        return self.api.admitting.admit(
            self.ada.claims, "chaos", Asked(input={"n": n, "do": "work"}, **asked)
        )

    def submit(self, n: int = 1, **asked: Any) -> Accepted:
        """A request of the user."""
        return self.submit_as(self.admitted(n, **asked), n)

    def submit_as(self, admission: Admission, n: int = 1) -> Accepted:
        """The rest of a request, by what its first call found."""
        return self.api.submission.submit(admission, Order({"n": n, "do": "work"}))

    def sent_again(self, prediction: Prediction, attempts: int = 0) -> None:
        """Its message comes once more, after so many deliveries."""
        self.queue.send(replace(Job.of(prediction), attempts=attempts), "light")

    def forgotten(self, prediction: Prediction) -> None:
        """Its row is gone, as at the end of its retention."""
        key = {"id": {"S": prediction.id}}
        self.cloud.aside.delete_item(TableName=self.cloud.settings.predictions_table, Key=key)

    def is_there(self, prediction: Prediction) -> bool:
        """Whether it has a row."""
        table = self.cloud.settings.predictions_table
        return self.cloud.item(table, id={"S": prediction.id}) is not None

    def bury(self, prediction: Prediction) -> None:
        """The undertaker has its message."""
        job = Job.of(prediction)
        self.undertaker.bury(Given("message", json.dumps(vars(job)), self.clock(), 5, job))

    def work(self, most: int = 10) -> list[str]:
        """A worker takes so many; the ids of the messages that come again, which is at once."""
        received = self._received(most)
        deliveries = [delivery_of(each) for each in received]
        returned = self.worker.run(deliveries, lambda: 30_000)
        for each in received:
            if each["messageId"] not in returned:
                self._delete(each["receiptHandle"])
        return returned

    def waiting(self) -> int:
        """Messages that are still in the queue."""
        return len(self._received())

    def stored(self, prediction: Prediction) -> Prediction:
        """It as it is now."""
        found = self._reader.read(self.ada.claims, Wanted(prediction=prediction.id)).prediction
        assert found
        return found

    def used(self) -> Usage:
        """What was accepted this month."""
        wanted = Wanted(models=("chaos",), month="2026-11")
        return self._reader.read(self.ada.claims, wanted).usage.get("chaos", Usage())

    def counted(self) -> tuple[int, int]:
        """Outcomes in the usage of today: succeeded, failed."""
        days = self.api.metering.report(self.ada.user.id, None, None)
        return sum(each.succeeded for each in days), sum(each.failed for each in days)

    def _received(self, most: int = 10) -> Sequence[dict[str, Any]]:
        return self.cloud.received(most=most)

    def _delete(self, receipt: str) -> None:
        url = self.cloud.settings.queues["light"]["interactive"]
        self.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)

    def _worker(self) -> Execution:
        dynamodb, settings = self.cloud.dynamodb, self.cloud.settings
        return Execution(
            Predicting(CATALOGUE, Runner(Path()), self.clock),
            self.results,
            self._joining(),
            Metering(UsageTable(dynamodb, settings), self.clock),
            Measuring(FigureTable(dynamodb, settings), self.clock),
            self.clock,
        )

    def _undertaker(self) -> Undertaking:
        dynamodb, settings = self.cloud.dynamodb, self.cloud.settings
        return Undertaking(
            PredictionTable(dynamodb, settings),
            self.results,
            self._joining(),
            DeadLetterTable(dynamodb, settings),
            self.clock,
        )

    def _joining(self) -> Joining:
        entries = CacheEntryTable(self.cloud.dynamodb, self.cloud.settings)
        return Joining(entries, self.results, self.queue, CATALOGUE, self.clock)


def first(act: Callable[[], object], operation: str, wire: Wire) -> None:
    """Let this happen while the next such call is on its way to DynamoDB."""

    def made(request: AWSPreparedRequest) -> AWSResponse:
        act()
        answered = wire.before_send(request, f"before-send.dynamodb.{operation}")
        assert answered
        return answered

    wire.give(operation, made)


def throttle_a_third(wire: Wire) -> None:
    """Of the statements of the next call each third is too many for DynamoDB."""

    def made(request: AWSPreparedRequest) -> AWSResponse:
        statements = body_of(request)["Statements"]
        taken = [each for at, each in enumerate(statements) if at % 3]
        sent = replaced(request, {"Statements": taken})
        answered = wire.before_send(sent, "before-send.dynamodb.BatchExecuteStatement")
        assert answered
        answers = iter(json.loads(answered.content)["Responses"])
        told = [next(answers) if at % 3 else THROTTLED for at in range(len(statements))]
        return answer(request, {"Responses": told})

    wire.give("BatchExecuteStatement", made)


def replaced(request: AWSPreparedRequest, body: Mapping[str, Any]) -> AWSPreparedRequest:
    """The same with another body."""
    return AWSPreparedRequest(
        request.method, request.url, request.headers, json.dumps(body), request.stream_output
    )
