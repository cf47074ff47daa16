"""The passwords of the seeded users, in a file that only its owner reads."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from infra.local.errors import CredentialsUnreadable

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Credential:
    """How a seeded user signs in; the password is empty where an import brought another one."""

    email: str
    password: str = field(repr=False)
    is_superuser: bool = False

    def emptied(self) -> "Credential":
        """The same without a password: it is not known."""
        return replace(self, password="")

    @classmethod
    def minted(cls, email: str, *, is_superuser: bool) -> "Credential":
        """One with a password that was never used before."""
        return cls(email, secrets.token_urlsafe(24), is_superuser)


class CredentialsFile:
    """`.local/credentials.json`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def below(cls, local_dir: Path) -> "CredentialsFile":
        """The one of this folder of local state."""
        return cls(local_dir / "credentials.json")

    def read(self) -> dict[str, Credential]:
        """All of them by address; none without a file."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return {each["email"]: Credential(**each) for each in found}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, KeyError):
            raise CredentialsUnreadable(str(self.path)) from None

    def add(self, credential: Credential) -> None:
        """Keep one more; the file is whole at every instant, and never anybody else's to read."""
        kept = {**self.read(), credential.email: credential}
        text = json.dumps([asdict(each) for each in kept.values()], indent=2)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        draft.replace(self.path)

    def forget(self) -> bool:
        """Remove the file; whether there was one."""
        existed = self.path.exists()
        self.path.unlink(missing_ok=True)
        return existed
