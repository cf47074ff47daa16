"""A client of the API, over HTTP and through the front door as everybody else's."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from infra.local.errors import Trouble

PATIENCE = 300.0
"""Seconds to wait for a result; it stays accepted after them."""
ANSWER_SECONDS = 35.0  # the API's own limit is 29

Json = Mapping[str, Any]


class Refused(Trouble):
    """The API answered with a problem document."""

    def __init__(self, response: httpx.Response) -> None:
        problem = _problem(response)
        detail = problem.get("detail") or problem.get("title") or response.reason_phrase
        self.status = response.status_code
        super().__init__(
            f"The API refused {response.request.method} {response.request.url.path}.",
            f"It answered {response.status_code}: {detail}.",
            _wait(response, problem) or _cure(response.status_code),
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


@dataclass(frozen=True)
class Answer:
    """A prediction as the API shows it, and when to ask again."""

    prediction: Json
    url: str
    retry_after: float


class Api:
    """The API at one address, for one bearer of a token."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._base_url = base_url
        # Never through a proxy that the environment names: the address is this machine's.
        self._http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False, transport=transport)

    def sign_in(self, email: str, password: str) -> str:
        """An access token of a new session."""
        form = {"username": email, "password": password}
        answer = self._call("POST", "/v1/auth/jwt/login", data=form)
        return str(answer.json()["access_token"])

    def bear(self, token: str) -> None:
        """Send this token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    @contextmanager
    def bearing(self, token: str) -> Iterator[None]:
        """Send this token for a while; its session ends with it."""
        self.bear(token)
        try:
            yield
        finally:
            with suppress(Trouble):  # what went wrong before it is what matters
                self._call("POST", "/v1/auth/jwt/logout")

    def is_ready(self) -> bool:
        """Whether the API says that all it stands on answers."""
        try:
            self._call("GET", "/v1/health/ready")
        except Trouble:
            return False
        return True

    def predict(
        self,
        model: str,
        payload: object,
        report: Callable[[str], None],
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Json:
        """Submit, and ask for the result as often as the API says, until there is one."""
        deadline = time.monotonic() + patience
        answer, told = self._submit(model, payload), ""
        while not answer.prediction["done"]:
            if answer.prediction["status"] != told:
                told = answer.prediction["status"]
                report(f"{answer.prediction['id']} {told}")
            if time.monotonic() > deadline:
                raise Overdue(answer.prediction, patience)
            sleep(answer.retry_after)
            answer = self._read(answer.url)
        return answer.prediction

    def predictions(self, filters: Mapping[str, Any]) -> Json:
        """A page of predictions, the newest first."""
        return self._json("GET", "/v1/predictions", params=dict(filters))

    def prediction(self, prediction_id: str) -> Json:
        """One prediction."""
        return self._json("GET", _place(prediction_id))

    def cancel(self, prediction_id: str) -> Json:
        """End a prediction, unless it has ended; it as it is then."""
        return self._json("POST", _place(prediction_id) + "/cancel")

    def retry(self, prediction_id: str) -> Json:
        """Ask once more; the new prediction."""
        return self._json("POST", _place(prediction_id) + "/retry")

    def _json(self, method: str, place: str, **content: Any) -> Json:
        found: Json = self._call(method, place, **content).json()
        return found

    def _submit(self, model: str, payload: object) -> Answer:
        response = self._call("POST", f"/v1/models/{model}/predictions", json={"input": payload})
        return _answer(response, response.headers["Location"])

    def _read(self, url: str) -> Answer:
        return _answer(self._call("GET", url), url)

    def _call(self, method: str, place: str, **content: Any) -> httpx.Response:
        url = place if place.startswith("http") else self._base_url + place
        try:
            response = self._http.request(method, url, **content)
        except httpx.TransportError:
            raise Unreachable(self._base_url) from None
        if response.is_error:
            raise Refused(response)
        return response


def _place(prediction_id: str) -> str:
    return f"/v1/predictions/{quote(prediction_id, safe='')}"


def _answer(response: httpx.Response, url: str) -> Answer:
    return Answer(response.json(), url, float(response.headers.get("Retry-After", "1")))


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _wait(response: httpx.Response, problem: Json) -> str | None:
    """What cures too many attempts, and nothing else: waiting."""
    if problem.get("code") != "too-many-attempts":
        return None
    return f"Try again in {response.headers.get('Retry-After', 'a few')} s."


def _cure(status: int) -> str:
    match status:
        case 401:
            return "Get another token: ./run.sh token EMAIL --password-stdin"
        case 403:
            return "Let a grant be given: ./run.sh grant EMAIL MODEL"
        case 429:
            return "Wait for the reset, or grant it under another policy: ./run.sh policies ls"
        case 409 | 410:
            return "Look at it: ./run.sh predictions show ID, or ./run.sh predictions ls"
        case 400 | 404 | 413 | 415 | 422:
            return "Correct the request and send it again."
    return "Look with ./run.sh logs api and ./run.sh status, then try again."
