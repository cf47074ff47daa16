"""Predictions that wait for as long as a test wants."""

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.tables import binding
from chalicelib.domain.access import Grant
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.services.ports.results import Written
from tests.e2e.conftest import Lambent
from tests.e2e.people import Account, somebody
from tests.e2e.predictions import PLACE
from tests.emulators import aws


@dataclass(frozen=True)
class Desk:
    """Accepts predictions as the API does, and sends their messages when a test says so."""

    lambent: Lambent
    owner: Account

    def accept(self, minutes_ago: int = 0, **facts: Any) -> Prediction:
        """One that waits, and whose message was never sent."""
        now = time.time_ns() // 1_000_000 - minutes_ago * 60_000
        client = aws(self.lambent.workspace, "dynamodb")
        binding.bind(self.lambent.deployed, client)
        prediction = Prediction(
            id=uuid7(now),
            user_id=self.owner.id,
            model="temperature",
            version="1.0.0",
            requested_version="1.0.0",
            created_at=now,
            changed_at=now,
            retained_until=now + 10**9,
            **{"input": dict(PLACE), **facts},
        )
        grant = Grant(self.owner.id, "temperature", 1, now)
        PredictionTable(client, self.lambent.deployed).accept(prediction, grant)
        return prediction

    def send(self, prediction: Prediction) -> None:
        queue = aws(self.lambent.workspace, "sqs")
        body = json.dumps(asdict(Job.of(prediction)))
        queue.send_message(
            QueueUrl=self.lambent.deployed.queues["light"]["interactive"], MessageBody=body
        )

    def begin(self, prediction: Prediction) -> None:
        """As a worker does that takes a slow model's, or one that comes for the second time."""
        results = ResultTable(aws(self.lambent.workspace, "dynamodb"), self.lambent.deployed)
        begun = results.claim(Job.of(prediction), 2, time.time_ns() // 1_000_000)
        assert begun is Written.WON

    def is_idle(self) -> bool:
        """Whether no message is left, visible or with a worker."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = aws(self.lambent.workspace, "sqs").get_queue_attributes(
            QueueUrl=self.lambent.deployed.queues["light"]["interactive"], AttributeNames=names
        )["Attributes"]
        return [found[name] for name in names] == ["0", "0"]


def desk_of_somebody(lambent: Lambent, name: str = "owner") -> Desk:
    """For somebody new, who may use the temperature model a thousand times a day."""
    owner = somebody(lambent, name)
    granted = lambent.run("grant", owner.email, "temperature")
    assert granted.returncode == 0, granted.stderr
    return Desk(lambent, owner)
