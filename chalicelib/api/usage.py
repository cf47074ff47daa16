"""What is left of my quotas, and what I used."""

from chalice.app import Blueprint

from chalicelib.api import admission, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.usage import ModelQuota, QuotaList, UsageList, UsageQuery, UsageView
from chalicelib.domain.accounts.callers import Caller
from chalicelib.errors import ScopeMissing
from chalicelib.services.reading import ModelView as Seen

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/me/quotas",
    admit=admission.models,
    answers={200: QuotaList},
    refuses=(ScopeMissing,),
)
def quotas(request: Request[list[Seen], None]) -> Reply:
    """Limits, used, remaining and reset of every model that I may use."""
    data = [ModelQuota.of(spec.name, *left) for spec, _, left, _ in request.admitted if left]
    return Reply(QuotaList(data=data))


@endpoint(
    routes,
    "GET",
    "/v1/me/usage",
    admit=admission.metered,
    query=UsageQuery,
    answers={200: UsageList},
    refuses=(ScopeMissing,),
)
def usage(request: Request[Caller, None]) -> Reply:
    """Counts and milliseconds per model and day; at most 92 days, the last 30 without dates."""
    query = request.query
    days = wiring.services().metering.report(request.admitted.user.id, query.first, query.last)
    return Reply(UsageList(data=[UsageView.of(day) for day in days]))
