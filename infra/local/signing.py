"""The secret that the signing keys are derived from, as `up` and `keys` change it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.accounts.signing_keys import CURRENT, NEXT, PREVIOUS, kid, with_next

if TYPE_CHECKING:
    from infra.deploy import Cloud

SETTLED = 60.0
"""Seconds after which every process has read the secret anew."""


@dataclass(frozen=True)
class Key:
    """A key as people may see it: its name and what it is for."""

    kid: str
    role: str


@dataclass(frozen=True)
class Held:
    """What the secret holds, and since when."""

    members: Mapping[str, str]
    since: datetime

    def keys(self) -> list[Key]:
        """The next one first, then the one that signs, then those that still verify."""
        roles = [role for role in (NEXT, CURRENT, *PREVIOUS) if role in self.members]
        return [Key(kid(self.members[role]), role) for role in roles]

    def unsettled(self, now: datetime) -> float:
        """For how many seconds a process may yet go on without the newest key."""
        return max(0.0, SETTLED - (now - self.since).total_seconds())


class Signing:
    """The secret of one stack; nothing here tells what is in it."""

    def __init__(self, secretsmanager: Any, name: str) -> None:
        self._secrets = secretsmanager
        self._name = name

    @classmethod
    def of(cls, cloud: "Cloud", stack: Mapping[str, str]) -> "Signing":
        """The one of the stack with these outputs."""
        return cls(cloud.client("secretsmanager"), stack["SigningSecret"])

    def read(self) -> Held:
        """What it holds now."""
        found = self._secrets.get_secret_value(SecretId=self._name)
        return Held(json.loads(found["SecretString"]), found["CreatedDate"].astimezone(UTC))

    def write(self, members: Mapping[str, str]) -> None:
        """Replace what it holds."""
        self._secrets.put_secret_value(SecretId=self._name, SecretString=json.dumps(dict(members)))

    def prepare(self) -> bool:
        """Add a next key; False if there was one."""
        members = self.read().members
        if NEXT in members:
            return False
        self.write(with_next(members))
        return True
