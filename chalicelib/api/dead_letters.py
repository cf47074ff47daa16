"""What was given up, for superusers: looking at it, and asking for it once more."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.dead_letters import DeadLetterList, DeadLetterView, Redrive, ReportView
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.domain.accounts.callers import Caller
from chalicelib.domain.redrives import Report

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/admin/dead-letters",
    admit=admission.superuser,
    query=PageQuery,
    answers={200: DeadLetterList},
    headers=("Link",),
)
def dead_letters(request: Request[Caller, None]) -> Reply:
    """What no worker could be done with, of the last 14 days; the newest predictions first."""
    limit, after = request.query.limit, paging.place(request)
    page = wiring.services().dead_letters.page(limit, after)
    cursor, headers = paging.following(request, page)
    data = [DeadLetterView.of(letter) for letter in page.items]
    return Reply(DeadLetterList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "POST",
    "/v1/admin/dead-letters/redrive",
    admit=admission.superuser,
    body=Redrive,
    answers={202: ReportView},
)
def redrive(request: Request[Caller, Redrive]) -> Reply:
    """A new prediction for each whose prediction failed, in place of its owner; once."""
    services, body = wiring.services(), request.body
    if body.ids:
        report = services.redriving.redrive(body.ids, request.origin)
    else:
        report = services.redriving.redrive_all(_place(request), request.origin)
    return Reply(ReportView.of(report, _cursor(request, report)), 202)


def _place(request: Request[Caller, Redrive]) -> str | None:
    cursor = request.body.cursor
    return None if cursor is None else wiring.services().cursors.open(cursor, _name(request))


def _cursor(request: Request[Caller, Redrive], report: Report) -> str | None:
    return report.next and wiring.services().cursors.seal(report.next, _name(request))


def _name(request: Request[Caller, Redrive]) -> str:
    """The list of all, as this caller redrives it."""
    return f"{request.path}#{request.origin.actor}"
