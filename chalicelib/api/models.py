"""The catalogue."""

from chalice.app import Blueprint

from chalicelib.api import admission
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.models import ModelList, ModelView
from chalicelib.errors import ScopeMissing
from chalicelib.services.reading import ModelView as Seen

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/models",
    admit=admission.models,
    answers={200: ModelList},
    refuses=(ScopeMissing,),
)
def list_models(request: Request[list[Seen], None]) -> Reply:
    """Every model, my grant and what is left of my quota."""
    return Reply(ModelList(data=[ModelView.of(*seen) for seen in request.admitted]))


@endpoint(
    routes,
    "GET",
    "/v1/models/{model}",
    admit=admission.model,
    answers={200: ModelView},
    refuses=(ScopeMissing,),
)
def get_model(request: Request[Seen, None], model: str) -> Reply:
    """One model, by name or id."""
    return Reply(ModelView.of(*request.admitted))
