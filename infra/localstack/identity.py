"""Who answers at an endpoint, and whether Lambent can run there."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.localstack.errors import (
    NoAnswer,
    NoEndpoint,
    NotLocalStack,
    ServicesOff,
    WantsToken,
    WrongVersion,
)
from infra.localstack.pinned import MAIL, SERVICES, VERSION

FREE = frozenset({"community", "unknown"})
"""Editions that serve everybody; one that runs from its package does not know its own."""
SERVED = frozenset({"available", "running"})
SECONDS = 10.0


@dataclass(frozen=True)
class Identity:
    """What a LocalStack says of itself."""

    version: str
    edition: str
    services: frozenset[str]

    @property
    def is_wanted_version(self) -> bool:
        """Whether it is a release of the same line as the pinned one."""
        return self.version.split(".")[:2] == VERSION.split(".")[:2]

    @property
    def has_mail(self) -> bool:
        """Whether it catches mail."""
        return MAIL in self.services

    @property
    def missing(self) -> list[str]:
        """The services that it lacks and that Lambent cannot do without."""
        return [name for name in SERVICES if name not in self.services and name != MAIL]


def address(text: str) -> str:
    """The endpoint that somebody typed, without a slash at its end; NoEndpoint if it is none."""
    try:
        parts = urlsplit(text.strip())
        is_bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and is_bare:
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:  # a port that is none
        pass
    raise NoEndpoint(text)


def require_usable(endpoint: str) -> Identity:
    """Who answers; the Trouble with it, if there is one."""
    health = _health(endpoint)
    identity = Identity(
        str(health["version"]),
        str(health.get("edition", "community")),
        frozenset(name for name, state in health["services"].items() if state in SERVED),
    )
    if identity.edition not in FREE and not _is_licensed(endpoint):
        raise WantsToken(f"at {endpoint} ({identity.edition} {identity.version})")
    if not identity.is_wanted_version:
        raise WrongVersion(endpoint, identity.version)
    if identity.missing:
        raise ServicesOff(endpoint, identity.missing, SERVICES)
    return identity


def _health(endpoint: str) -> Mapping[str, Any]:
    found = _get(endpoint, "/_localstack/health")
    if not isinstance(found.get("services"), dict) or "version" not in found:
        raise NotLocalStack(endpoint, "tells no version and services")
    return found


def _is_licensed(endpoint: str) -> bool:
    return bool(_get(endpoint, "/_localstack/info").get("is_license_activated"))


def _get(endpoint: str, path: str) -> Mapping[str, Any]:
    # Never through a proxy that the environment names: the address is this machine's.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(endpoint + path, timeout=SECONDS) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        raise NotLocalStack(endpoint, f"answers {error.code}") from None
    except OSError as error:
        raise NoAnswer(endpoint, str(getattr(error, "reason", error))) from None
    except (ValueError, http.client.HTTPException):
        raise NotLocalStack(endpoint, "answers something else than JSON") from None
    return found if isinstance(found, dict) else {}
