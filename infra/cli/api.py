"""The Python client, for who sits at this machine: what goes wrong is told with its cure."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from clients.python.lambent_client import WAIT, ApiError, Lambent
from infra.local.errors import Trouble

PATIENCE = 300.0
"""Seconds to wait for a result; it stays accepted after them."""
ANSWER_SECONDS = 35.0  # the API's own limit is 29

Json = Mapping[str, Any]


class Refused(Trouble):
    """The API answered with a problem document."""

    def __init__(self, error: ApiError) -> None:
        self.status = error.status
        request = error.response.request
        super().__init__(
            f"The API refused {request.method} {request.url.path}.",
            f"It answered {error}.",
            _cure(error),
        )


class Unreachable(Trouble):
    """Nobody answers at the API's address."""

    def __init__(self, base_url: str) -> None:
        super().__init__(
            f"{base_url} does not answer.",
            "Lambent is not up, or was stopped meanwhile.",
            "Start it: ./run.sh up",
        )


class Overdue(Trouble):
    """A result that does not come."""

    def __init__(self, prediction: Json, seconds: float) -> None:
        super().__init__(
            f"Prediction {prediction['id']} is still {prediction['status']}.",
            f"No worker finished it within {seconds:.0f} s; it stays accepted.",
            f"Look with ./run.sh logs worker and ./run.sh logs --id {prediction['id']}",
        )


@dataclass(eq=False)
class Api(Lambent):
    """The API at one address, for one bearer of a token."""

    # Never through a proxy that the environment names: the address is this machine's.
    http: httpx.Client = field(
        default_factory=partial(httpx.Client, timeout=ANSWER_SECONDS, trust_env=False), repr=False
    )
    retries: int = 2

    def request(self, method: str, path: str, headers: Any = (), **content: Any) -> httpx.Response:
        """The answer; Refused or Unreachable."""
        try:
            return super().request(method, path, headers, **content)
        except ApiError as error:
            raise Refused(error) from None
        except httpx.TransportError:
            raise Unreachable(self.base_url) from None

    @contextmanager
    def signing_out(self) -> Iterator[None]:
        """The session ends with what is done in it."""
        try:
            yield
        finally:
            with suppress(Trouble):  # what went wrong before it is what matters
                self.request("POST", "/v1/auth/jwt/logout")

    def is_ready(self) -> bool:
        """Whether the API says that all it stands on answers."""
        try:
            self.request("GET", "/v1/health/ready")
        except Trouble:
            return False
        return True

    def ask(
        self,
        model: str,
        payload: object,
        report: Callable[[str], None],
        *,
        patience: float = PATIENCE,
    ) -> Json:
        """The prediction when it has ended; each status that it has until then is reported once."""
        told: dict[str, Json] = {}

        def look(prediction: Json) -> None:
            if prediction["status"] not in told:
                report(f"{prediction['id']} {prediction['status']}")
            told[prediction["status"]] = prediction

        accepted = self.submit(model, payload, wait=WAIT)
        try:
            return self.wait(accepted, timeout=patience, report=look)
        except TimeoutError:
            raise Overdue([*told.values()][-1], patience) from None


def _cure(error: ApiError) -> str:
    match error.status:
        case 401:
            return "Get another token: ./run.sh token EMAIL --password-stdin"
        case 403:
            return "Let a grant be given: ./run.sh grant EMAIL MODEL"
        case 429 if error.code == "too-many-attempts":
            return f"Try again in {error.retry_after} s."
        case 429:
            return "Wait for the reset, or grant it under another policy: ./run.sh policies ls"
        case 409 | 410:
            return "Look at it: ./run.sh predictions show ID, or ./run.sh predictions ls"
        case 400 | 404 | 413 | 415 | 422:
            return "Correct the request and send it again."
    return "Look with ./run.sh logs api and ./run.sh status, then try again."
