"""The routes of the template that Lambent re-imagines, for clients that already speak them."""

from chalice.app import Blueprint

from chalicelib.api import admission, wiring
from chalicelib.api.answers import ACCEPTED, KEYED, accepted_reply
from chalicelib.api.drafts import Draft
from chalicelib.api.health import Live
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.seed import (
    ModelInfo,
    PairingView,
    PairUserModel,
    TaskFailure,
    TaskId,
    TaskStatus,
    task_status,
)
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.predictions import Json, Prediction
from chalicelib.domain.receipts import Operation
from chalicelib.errors import (
    Forbidden,
    Gone,
    KeyReused,
    ModelDisabled,
    NoGrant,
    NotFound,
    QuotaExceeded,
    ScopeMissing,
)
from chalicelib.inference.catalogue import unknown_model
from chalicelib.inference.registry import Spec
from chalicelib.services.admitting import Admission
from chalicelib.services.submission import Order

routes = Blueprint(__name__)

ALIASES = {"temperature": "temp"}
"""The seed's own name in a path, beside the model's."""


class Refused(Forbidden):
    """The seed answered 403 where we answer 429."""

    code = "quota-exceeded"
    title = "Quota exceeded"


def _serve(spec: Spec, name: str) -> None:
    """The seed's route of one model; an id of another model does not exist there."""

    def admit(credential: Credential, draft: Draft, model_id: str) -> Admission:
        if model_id != str(spec.id):
            admission.predictor(credential)
            raise unknown_model(model_id)
        asked = draft.asked(Operation.TASK, draft.body)
        return wiring.services().admitting.admit(credential, spec.name, asked)

    @endpoint(
        routes,
        "POST",
        f"/v1/inference/predict-{name}/{{model_id}}",
        admit=admit,
        raw=True,
        is_drafted=True,
        answers={200: TaskId},
        headers=ACCEPTED,
        takes=KEYED,
        refuses=(ScopeMissing, NoGrant, Gone, KeyReused, Refused, ModelDisabled),
        models=(spec,),
        operation=f"predict_{name}",
    )
    def predict(request: Request[Admission, Json], model_id: str) -> Reply:
        """Ask for a prediction; the body is the bare input."""
        try:
            order = Order(request.body, at="")
            accepted = wiring.services().submission.submit(request.admitted, order)
        except QuotaExceeded as error:
            raise Refused(error.detail, retry_after=error.retry_after, **error.facts) from error
        body = TaskId(task_id=accepted.prediction.id)
        return accepted_reply(accepted, body, request.admitted, request.base_url, 200)


for model in wiring.catalogue():
    for name in filter(None, (model.name, ALIASES.get(model.name))):
        _serve(model, name)


def _task(credential: Credential, task_id: str) -> Prediction:
    return admission.reader(credential, task_id)


def _status_at(name: str, operation: str) -> None:
    @endpoint(
        routes,
        "GET",
        f"/v1/inference/{name}/{{task_id}}",
        admit=_task,
        answers={200: TaskStatus | TaskFailure},
        refuses=(ScopeMissing, Gone),
        operation=operation,
    )
    def status(request: Request[Prediction, None], task_id: str) -> Reply:
        """How a task stands."""
        return Reply(task_status(request.admitted), facts={"prediction_id": task_id})


_status_at("task-status", "task_status")
_status_at("task_status", "task_status_as_once_spelled")


@endpoint(
    routes,
    "POST",
    "/v1/inference/pair_user_model",
    admit=admission.superuser,
    body=PairUserModel,
    answers={200: PairingView},
    refuses=(NotFound,),
)
def pair_user_model(request: Request[Caller, PairUserModel]) -> Reply:
    """Let a user use a model; again, under another policy."""
    body = request.body
    pairing = wiring.services().granting.pair(
        body.user_id, str(body.model_id), body.access_policy_id, request.origin
    )
    return Reply(PairingView.of(pairing, body.model_id))


@endpoint(
    routes,
    "GET",
    "/v1/inference/predict/get_info/{model_id}",
    answers={200: ModelInfo},
)
def get_info(request: Request[None, None], model_id: str) -> Reply:
    """What a model is."""
    spec = wiring.catalogue().find(model_id)
    return Reply(
        ModelInfo(
            name=spec.name,
            problem=spec.problem,
            category=spec.category,
            version=spec.version,
            access_policy_id=spec.policy.id if spec.policy else 1,
        )
    )


@endpoint(routes, "GET", "/v1/inference/health", answers={200: Live})
def health(request: Request[None, None]) -> Reply:
    """The process answers."""
    return Reply(Live())
