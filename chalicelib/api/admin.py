"""What superusers look at."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.audit import AuditQuery, EntryList, EntryView
from chalicelib.api.schemas.queues import QueueList, QueueView
from chalicelib.domain.accounts.callers import Caller

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/admin/audit",
    admit=admission.superuser,
    query=AuditQuery,
    answers={200: EntryList},
    headers=("Link",),
)
def audit(request: Request[Caller, None]) -> Reply:
    """Who did what to whom, the newest first."""
    query = request.query
    page = wiring.services().audit.page(query.search(), query.limit, paging.place(request))
    cursor, headers = paging.following(request, page)
    data = [EntryView.of(entry) for entry in page.items]
    return Reply(EntryList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "GET",
    "/v1/admin/queue",
    admit=admission.superuser,
    answers={200: QueueList},
)
def queues(request: Request[Caller, None]) -> Reply:
    """How much waits in each queue."""
    depths = wiring.services().gauge.depths()
    return Reply(QueueList(queues=[QueueView.of(depth) for depth in depths]))
