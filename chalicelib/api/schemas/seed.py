"""The shapes of the routes that the seed had."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from chalicelib.api.schemas.formats import Id, Instant
from chalicelib.domain.instants import iso
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.granting import Pairing

STATES = {
    Status.QUEUED: "PENDING",
    Status.RUNNING: "STARTED",
    Status.SUCCEEDED: "SUCCESS",
    Status.FAILED: "FAILURE",
    Status.EXPIRED: "FAILURE",
    Status.CANCELED: "REVOKED",
}
"""The names that Celery gave to the same statuses."""


class PairUserModel(BaseModel):
    """A grant, in the seed's words."""

    model_config = ConfigDict(protected_namespaces=())

    user_id: Id
    model_id: int = 2
    access_policy_id: int = 1


class PairingView(BaseModel):
    """A grant and how much was used of it."""

    model_config = ConfigDict(protected_namespaces=())

    user_id: Id
    model_id: int
    access_policy_id: int
    api_calls: int
    access_granted: Literal[True] = True
    last_accessed: Instant

    @classmethod
    def of(cls, pairing: Pairing, model_id: int) -> "PairingView":
        return cls(
            user_id=pairing.grant.user_id,
            model_id=model_id,
            access_policy_id=pairing.grant.policy_id,
            api_calls=pairing.accepted,
            last_accessed=iso(pairing.last_accessed),
        )


class TaskId(BaseModel):
    """A prediction's id, as a task's."""

    task_id: Id


class ModelInfo(BaseModel):
    """What the seed told of a model."""

    name: str
    problem: str
    category: str
    version: str
    access_policy_id: int


class TaskStatus(BaseModel):
    """A task that has not failed; its result is there once it succeeded."""

    state: Literal["PENDING", "STARTED", "SUCCESS", "REVOKED"]
    result: JsonValue = None


class TaskFailure(BaseModel):
    """A failed task, with the error in place of a result."""

    state: Literal["FAILURE"] = "FAILURE"
    error: str


def task_status(prediction: Prediction) -> TaskStatus | TaskFailure:
    """A prediction in the seed's words; its result is there once it succeeded."""
    state = STATES[prediction.status]
    if state == "FAILURE":
        error = prediction.error
        return TaskFailure(error=error.detail if error else "The deadline passed")
    return TaskStatus(state=state, result=prediction.output)
