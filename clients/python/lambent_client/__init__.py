"""Predictions from a Lambent: submitted, waited for, and never made twice."""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

WAIT = 1  # second; a request that waits longer costs the service more than another look
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20  # seconds between two tries
LOST = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
Report = Callable[[dict[str, Any]], object]
_quoted = partial(quote, safe="")


class ApiError(Exception):
    """The API refused; `problem` is its document (RFC 9457), and `code` names what it is."""

    def __init__(self, response: httpx.Response) -> None:
        self.response, self.status = response, response.status_code
        is_ours = "application/problem+json" in response.headers.get("Content-Type", "")
        self.problem: dict[str, Any] = response.json() if is_ours else {}
        self.code = str(self.problem.get("code", ""))
        self.detail = str(self.problem.get("detail", response.reason_phrase))
        self.retry_after = _retry_after(response)
        super().__init__(f"{self.status}: {self.detail}")


class PredictionFailed(Exception):
    """It failed, was canceled or expired, as `prediction` tells."""

    def __init__(self, prediction: Mapping[str, Any]) -> None:
        self.prediction = prediction
        super().__init__("{id} {status}: {error}".format_map(prediction))


class Reply(dict[str, Any]):
    """A prediction or a batch as the API shows it, and when it says to look again."""

    def __init__(self, response: httpx.Response, path: str = "", known: Any = None) -> None:
        super().__init__(known if response.status_code == 304 else response.json())
        made = f"predictions/{self['id']}" if "id" in self else f"batches/{self['batch_id']}"
        self.path, self.etag = path or f"/v1/{made}", response.headers.get("ETag")
        self.retry_after = _retry_after(response) or 1


@dataclass(eq=False)
class Lambent:
    """The API at `base_url`, for the bearer of an access token or an API key."""

    base_url: str
    token: str | None = field(default=None, repr=False)
    http: httpx.Client = field(default_factory=partial(httpx.Client, timeout=35), repr=False)
    retries: int = 4
    clock: Any = time

    def sign_in(self, email: str, password: str) -> None:
        """Begin a session, and bear its access token."""
        form = {"username": email, "password": password}
        self.token = self.request("POST", "/v1/auth/jwt/login", data=form).json()["access_token"]

    def submit(self, model: str, input: Any, *, key: str = "", wait: int = 0, **more: Any) -> Reply:
        """Ask for a prediction, with `metadata`, `expires_in`; it may be done in `wait` seconds."""
        return self._post(f"models/{_quoted(model)}/predictions", key, wait, input=input, **more)

    def batch(self, model: str, inputs: Sequence[Any], *, key: str = "") -> Reply:
        """Ask for up to 1,000 predictions: the `id` or the `error` of each, in their order."""
        return self._post(f"models/{_quoted(model)}/predictions/batch", key, inputs=inputs)

    def predict(self, model: str, input: Any, *, timeout: float = 300, **more: Any) -> Any:
        """The output; PredictionFailed if there is none, TimeoutError if there is none yet."""
        prediction = self.wait(self.submit(model, input, wait=WAIT, **more), timeout=timeout)
        if prediction["status"] != "succeeded":
            raise PredictionFailed(prediction)
        return prediction["output"]

    def read(self, prediction_id: str, *, wait: int = 0) -> Reply:
        """A prediction as it is now, or when it is done within `wait` seconds."""
        return self._look(f"/v1/predictions/{_quoted(prediction_id)}", wait)

    def batch_status(self, batch_id: str) -> Reply:
        """How many of a batch stand how, and whether it is done."""
        return self._look(f"/v1/batches/{_quoted(batch_id)}")

    def wait(self, what: str | Reply, *, timeout: float = 300, report: Report = bool) -> Reply:
        """A prediction (or its id) or a batch once it is done; looks when the API says so."""
        deadline = self.clock.monotonic() + timeout
        known = self.read(what, wait=WAIT) if isinstance(what, str) else what
        while not known.get("done"):
            report(known)
            if (left := deadline - self.clock.monotonic()) <= 0:
                raise TimeoutError(f"{known.path} is not done in time; it stays accepted")
            self.clock.sleep(min(left, known.retry_after))
            known = self._look(known.path, WAIT, known)
        return known

    def cancel(self, prediction_id: str) -> Reply:
        """End a prediction, unless it has ended; it as it is then."""
        return self._post(f"predictions/{_quoted(prediction_id)}/cancel")

    def retry(self, prediction_id: str, *, key: str = "") -> Reply:
        """Ask once more for what failed, was canceled or expired; the new prediction."""
        return self._post(f"predictions/{_quoted(prediction_id)}/retry", key)

    def list(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Mine, the newest first, page after page, without inputs and outputs."""
        while filters.get("cursor", "first"):
            page = self.request("GET", "/v1/predictions", params={"limit": 100, **filters}).json()
            yield from page["data"]
            filters["cursor"] = page["next_cursor"]

    def request(self, method: str, path: str, headers: Any = (), **content: Any) -> httpx.Response:
        """Ask for anything; again if that was lost or met an outage, and cannot be done twice."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content |= {"url": self.base_url.rstrip("/") + path, "headers": bearer | dict(headers)}
        is_safe = method == "GET" or "Idempotency-Key" in content["headers"]
        # 409: the first request with this key, whose answer was lost, is still being stored.
        passing = {409, 502, 503, 504} if path.endswith("/batch") else {502, 503, 504}
        pauses = [FIRST_PAUSE * 2**n for n in range(self.retries)] if is_safe else []
        while True:
            try:
                response = self.http.request(method, **content)
                if response.is_success or response.status_code == 304:
                    return response
                raise ApiError(response)
            except (ApiError, *LOST) as error:  # to be lost is as good as a 503
                asked, status = getattr(error, "retry_after", 0), getattr(error, "status", 503)
                if not pauses or asked > LONGEST_PAUSE or status not in passing:
                    raise
            self.clock.sleep(asked + random.uniform(0, pauses.pop(0)))  # nosec B311

    def _look(self, path: str, wait: int = 0, known: Reply | None = None) -> Reply:
        etag = {"If-None-Match": known.etag} if known and known.etag else {}
        return Reply(self.request("GET", path, {"Prefer": f"wait={wait}", **etag}), path, known)

    def _post(self, place: str, key: str = "", wait: int = 0, **body: Any) -> Reply:
        """With a key, so that it may be asked again; what happens only once anyway ignores it."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Prefer": f"wait={wait}"}
        return Reply(self.request("POST", f"/v1/{place}", headers, json=body or None))


def _retry_after(response: httpx.Response) -> int:
    text = response.headers.get("Retry-After", "")
    return int(text) if text.isdecimal() else 0
