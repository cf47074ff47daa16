"""Whether the API lives, and whether it can do its work."""

from typing import Literal

from chalice.app import Blueprint
from pydantic import BaseModel

from chalicelib.api import wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.errors import Unavailable

routes = Blueprint(__name__)


class Live(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """What the API stands on answers."""

    status: Literal["ok"] = "ok"
    checks: dict[str, str]


@endpoint(routes, "GET", "/v1/health/live", answers={200: Live})
def live(request: Request[None, None]) -> Reply:
    """The process answers."""
    return Reply(Live())


@endpoint(routes, "GET", "/v1/health/ready", answers={200: Ready}, refuses=(Unavailable,))
def ready(request: Request[None, None]) -> Reply:
    """Table and queue answer; 503 names what does not."""
    return Reply(Ready(checks=wiring.services().health.check()))
