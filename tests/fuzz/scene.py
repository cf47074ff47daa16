"""People with everything that is theirs, and what nobody may be told of it."""

from random import Random
from typing import Any

from chalicelib.api import assets
from chalicelib.domain.accounts.api_keys import Scope, minted
from chalicelib.domain.accounts.one_time import Purpose, issued
from chalicelib.domain.accounts.users import User
from chalicelib.domain.predictions import Status
from chalicelib.inference.catalogue import Catalogue
from tests.fuzz.junk import SCHEMES
from tests.fuzz.specimens import Known
from tests.ground import Ground, Person
from tests.samples import a_sign_in, a_user, claims_of

PASSWORD = "p4ssw0rd that nobody may see"
WEAK = "lambentlambentlambent"
HOUR = 3600 * 1000
CALLERS = (
    "nobody",
    "a user",
    "another user",
    "a superuser",
    "an API key",
    "a narrow API key",
    "an expired token",
    "a garbled token",
    "somebody deactivated",
    "junk",
)


class Scene:
    """Made through the ports, in memory or in tables; `chance` says what junk is sent for whom."""

    def __init__(self, ground: Ground, catalogue: Catalogue, chance: Random) -> None:
        self._ground, self._ports, self._chance = ground, ground.ports, chance
        self._hash = ground.ports.passwords.hash(PASSWORD)
        self.secrets = [PASSWORD, WEAK, self._hash]
        """What no answer may hold."""
        self._refresh_tokens: list[str] = []
        self._user, self._other = self._person(), self._person()
        for spec in catalogue:
            ground.grant(self._user, spec.name)
            ground.ports.switches.turn(spec.name, is_on=True)
        self._bearers = self._all_bearers()
        self.known = self._things([spec.name for spec in catalogue])
        """By the name of a field: what exists, or would be taken."""

    def authorization(self, caller: str) -> str | None:
        """What such a caller sends."""
        if caller == "junk":
            return self._chance.choice(SCHEMES)
        bearer = self._bearers.get(caller)
        return bearer and f"Bearer {bearer}"

    def _all_bearers(self) -> dict[str, str]:
        root, gone = self._person(is_superuser=True), self._person(is_active=False)
        token = self._user.token
        session = a_sign_in(self._user.user, self._ports.clock() - 2 * HOUR)[0]
        found = {
            "a user": token,
            "another user": self._other.token,
            "a superuser": root.token,
            "an API key": self._key(*Scope),
            "a narrow API key": self._key(Scope.MODELS_READ),
            "an expired token": self._ports.tokens.issue(session, session.created_at, "x"),
            "a garbled token": self._garbled(token),
            "somebody deactivated": gone.token,
        }
        self.secrets += found.values()
        return found

    def _garbled(self, token: str) -> str:
        place = self._chance.randrange(len(token) - 8)
        return token[:place] + self._chance.choice("AZaz09-_.") + token[place + 1 :]

    def _person(self, **facts: Any) -> Person:
        now = self._ports.clock()
        user = a_user(password_hash=self._hash, created_at=now, **facts)
        session, refresh = a_sign_in(user, now)
        self._ports.users.add(user)
        self._ports.sessions.start(session)
        self._refresh_tokens.append(refresh.text)
        self.secrets += [refresh.text, refresh.digest, refresh.family_digest]
        return Person(user, claims_of(session), self._ports.tokens.issue(session, now, "x"))

    def _key(self, *scopes: Scope) -> str:
        key, text = minted(self._user.user, "robot", scopes, self._ports.clock(), 3600)
        self._ports.api_keys.add(key)
        self.secrets += [text, key.digest]
        return text

    def _mailed(self, user: User, purpose: Purpose) -> str:
        token, text = issued(user, purpose, self._ports.clock(), 3600)
        self._ports.one_time_tokens.add(token)
        self.secrets += [text, token.digest]
        return text

    def _things(self, models: list[str]) -> Known:
        ground, user, other = self._ground, self._user, self._other
        predictions = [ground.prediction(user, status).id for status in Status]
        used, unused = ground.policy().id, ground.policy().id
        ground.grant(other, models[0], policy_id=used)
        policies = [1, used, unused]
        return {
            "email": [user.user.email, other.user.email, f"{self._chance.random()}@example.com"],
            "username": [user.user.email],
            "password": [PASSWORD, WEAK],
            "current_password": [PASSWORD],
            "token": [self._mailed(user.user, purpose) for purpose in Purpose],
            "refresh_token": self._refresh_tokens,
            "user_id": [other.user.id, user.user.id],
            "prediction_id": predictions,
            "task_id": predictions,
            "ids": [predictions[:2], predictions],
            "batch_id": [ground.batch(user).id],
            "session_id": [user.claims.session_id, other.claims.session_id],
            "key_id": [ground.key(user).id],
            "policy_id": policies,
            "access_policy_id": policies,
            "model": models,
            "model_id": list(range(1, len(models) + 1)),
            "digest": [assets.digest("docs.js")],
            "name": ["docs.js", f"name {self._chance.random()}"],
            "limit": [1, 20],
        }
