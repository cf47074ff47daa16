"""The catalogue."""

from chalice.app import Blueprint

from chalicelib.api import admission, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.models import ModelList, ModelView, SchemaView, Switch
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


@endpoint(
    routes,
    "PATCH",
    "/v1/models/{model}",
    admit=admission.switched_model,
    body=Switch,
    answers={200: ModelView},
)
def switch_model(request: Request[Seen, Switch], model: str) -> Reply:
    """Switch a model on or off, for superusers; while it is off, it takes no predictions."""
    (spec, grant, left, _), is_on = request.admitted, request.body.enabled
    wiring.services().switching.turn(spec, is_on=is_on, origin=request.origin)
    return Reply(ModelView.of(spec, grant, left, not is_on))


@endpoint(
    routes,
    "GET",
    "/v1/models/{model}/schema",
    admit=admission.model,
    answers={200: SchemaView},
    refuses=(ScopeMissing,),
)
def get_schema(request: Request[Seen, None], model: str) -> Reply:
    """What a model takes and gives."""
    return Reply(SchemaView.of(request.admitted[0]))
