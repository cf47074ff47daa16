"""A running Lambent, as loads are put on it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from infra.bench.errors import Unmeasured
from infra.bench.orders import Order, Tally, tallies
from infra.bench.processes import Group
from infra.deploy import Cloud
from infra.local.deployment import Core
from infra.workspace import Workspace

if TYPE_CHECKING:
    from chalicelib.domain.accounts.users import User

MODEL = "temperature"
INPUT = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
LOGIN = "/api/v1/auth/jwt/login"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "a long and private sentence"


@dataclass(frozen=True)
class Stack:
    """A running Lambent and a user who may ask it as often as he likes."""

    workspace: Workspace
    cloud: Cloud
    outputs: Mapping[str, str]
    group: Group
    core: Core
    user_id: str

    def load(self, clients: int, submits: int, *, follow: bool = False, pause: float = 0) -> Tally:
        """So many submits by so many clients with a token of a new session."""
        submitting = self.submitting(clients, submits, follow=follow, pause=pause)
        (tally,) = self.carried_out((submitting, 202))
        return tally

    def submitting(
        self, clients: int, submits: int, *, follow: bool = False, pause: float = 0
    ) -> Order:
        """The order to do so."""
        return Order(
            port=self.workspace.port,
            path=f"/api/v1/models/{MODEL}/predictions",
            bodies=[json.dumps({"input": INPUT})],
            clients=clients,
            posts=submits,
            token=self.token(),
            follow=follow,
            pause=pause,
        )

    def logging_in(self, addresses: list[str], logins: int = 0) -> Order:
        """The order to log in with the right passwords, each client with an account of its own."""
        bodies = [urlencode({"username": each, "password": PASSWORD}) for each in addresses]
        port, clients = self.workspace.port, len(addresses)
        return Order(port, LOGIN, bodies, clients, logins, media_type=FORM)

    def carried_out(self, *expected: tuple[Order, int]) -> list[Tally]:
        """The first order, and the others for as long; all answers must have their status."""
        done = subprocess.run(
            [sys.executable, "-m", "infra.bench.clients"],
            cwd=self.workspace.root,
            input=json.dumps([asdict(order) for order, _ in expected]),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unmeasured("The load generator", done.stderr)
        found = tallies(done.stdout)
        for tally, (order, status) in zip(found, expected, strict=True):
            if set(tally.statuses) != {status}:
                said = f"status codes {dict(tally.statuses)}, not {status} alone"
                raise Unmeasured(f"The API ({order.path})", said)
        return found

    def register(self, address: str) -> "User":
        """A new account with the password of all."""
        from chalicelib.domain.accounts.callers import Origin

        return self.core.services.registration.register(address, PASSWORD, Origin())

    def token(self) -> str:
        """The access token of a new session."""
        from chalicelib.domain.accounts.callers import Origin

        services = self.core.services
        user = services.users.by_id(self.user_id)
        assert user  # made with the stack
        return services.signing_in.open_session(user, Origin()).access_token
