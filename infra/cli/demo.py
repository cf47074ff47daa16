"""Being the seeded demo user."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.cli.api import Api, Refused
from infra.local.credentials import CredentialsFile
from infra.local.errors import CredentialsLost, NotUp, PasswordUnknown
from infra.workspace import Workspace

EMAIL = "demo@example.com"


@contextmanager
def session(api: Api, workspace: Workspace) -> Iterator[None]:
    """A session of the demo user; CredentialsLost or PasswordUnknown without its password."""
    file = CredentialsFile.below(workspace.local_dir)
    credential = file.read().get(EMAIL)
    if credential is None:
        raise NotUp(f"{EMAIL} has no password in {file.path}.")
    if not credential.password:
        raise PasswordUnknown(str(file.path), EMAIL)
    try:
        api.sign_in(credential.email, credential.password)
    except Refused as refused:
        if refused.status == 400:
            raise CredentialsLost(str(file.path), [EMAIL]) from None
        raise
    with api.signing_out():
        yield
