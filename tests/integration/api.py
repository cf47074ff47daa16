"""A client of the API: through Chalice's own test client, or by a gateway's event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client

from app import app
from chalicelib.api.composition import Services
from tests.samples import event
from tests.world import Person, World

ROOT = Path(__file__).parents[2]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Who = Person | str | None
"""Who asks: a person, the bearer of this token, or nobody."""
Headers = Mapping[str, str]
NONE: Headers = {}


@dataclass(frozen=True)
class Answer:
    """Status, headers and the body as it came and as JSON."""

    status: int
    headers: dict[str, Any]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Api:
    """Requests to the app of this process, which serves from `world`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._http = Client(app, stage_name="api", project_dir=str(ROOT)).http

    def get(self, path: str, who: Who = None, headers: Headers = NONE, **query: object) -> Answer:
        """`query` are the parameters of the query."""
        asked = f"{path}?{urlencode(query)}" if query else path
        return self._request("GET", asked, who, b"", headers)

    def post(
        self,
        path: str,
        who: Who = None,
        body: Any = None,
        *,
        raw: bytes | None = None,
        content_type: str = JSON,
        headers: Headers = NONE,
    ) -> Answer:
        """`body` is sent as JSON, `raw` as it is."""
        sent = json.dumps(body).encode() if raw is None else raw
        return self._request("POST", path, who, sent, {"Content-Type": content_type, **headers})

    def patch(self, path: str, who: Who = None, body: Any = None) -> Answer:
        """`body` is sent as JSON."""
        return self.ask("PATCH", path, who, json.dumps(body).encode())

    def delete(self, path: str, who: Who = None, body: Any = None) -> Answer:
        """Without a body, unless there is one."""
        return self.ask("DELETE", path, who, b"" if body is None else json.dumps(body).encode())

    def ask(
        self, method: str, path: str, who: Who = None, raw: bytes = b"", content_type: str = JSON
    ) -> Answer:
        """Any request; `raw` is sent as it is."""
        return self._request(method, path, who, raw, {"Content-Type": content_type})

    def login(self, username: str, password: str) -> Answer:
        """Sign in, with the form that OAuth has for it."""
        form = urlencode({"username": username, "password": password}).encode()
        return self.post("/v1/auth/jwt/login", raw=form, content_type=FORM)

    def _request(self, method: str, path: str, who: Who, body: bytes, headers: Headers) -> Answer:
        token = who.token if isinstance(who, Person) else who
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._http.request(method, path, headers={**bearer, **headers}, body=body)
        return Answer(answer.status_code, answer.headers, answer.body.decode())


def signed(name: str, person: Person) -> dict[str, Any]:
    """A sample event of the gateway, with that person's token."""
    sample = event(name)
    sample["headers"]["Authorization"] = f"Bearer {person.token}"
    return sample


def send(sample: dict[str, Any], **more: list[str]) -> Answer:
    """What the function answers to this event of the gateway; `more` headers have many values."""
    single = {name: [value] for name, value in sample["headers"].items()}
    sample["multiValueHeaders"] = single | more
    answer = app(sample, None)
    return Answer(answer["statusCode"], answer["headers"], answer["body"])


def services_over(world: World) -> Services:
    """Every use case over the fakes of a world."""
    return world.services()
