"""Somebody who asks over HTTP, and what it costs in calls to AWS."""

from typing import Any
from urllib.parse import urlencode

from tests.integration.api import FORM, NONE, Answer, Api, Headers
from tests.integration.cloud import Cloud

PASSWORD = "correct horse battery"


class Client:
    """Somebody who registered and signed in over HTTP."""

    def __init__(self, api: Api, cloud: Cloud) -> None:
        self._api, self._cloud = api, cloud
        account = {"email": "ada@example.com", "password": PASSWORD}
        self.user = api.post("/v1/auth/register", body=account).json
        form = urlencode({"username": account["email"], "password": PASSWORD}).encode()
        signed_in = api.post("/v1/auth/jwt/login", raw=form, content_type=FORM)
        self._token: str = signed_in.json["access_token"]

    def get(self, path: str, headers: Headers = NONE) -> Answer:
        return self._api.get(path, self._token, headers)

    def delete(self, path: str) -> Answer:
        return self._api.delete(path, self._token)

    def post(self, path: str, body: Any, headers: Headers = NONE) -> Answer:
        return self._api.post(path, self._token, body, headers=headers)

    def turn_to_a_key(self) -> None:
        """From now on in place of the token; its use has been noted."""
        scopes = ["predictions:write", "predictions:read", "models:read"]
        body = {"name": "tests", "scopes": scopes, "expires_in": 600}
        self._token = self.post("/v1/users/me/api-keys", body).json["key"]
        self.get("/v1/models")

    def cost_of_get(self, path: str) -> dict[str, int]:
        self._cloud.wire.forget()
        self.get(path)
        return self._cloud.wire.count()

    def cost_of_post(self, path: str, body: Any, headers: Headers = NONE) -> dict[str, int]:
        self._cloud.wire.forget()
        self.post(path, body, headers)
        return self._cloud.wire.count()
