"""Which passwords in the file of seeded users are not these users' any more."""

from chalicelib.domain.accounts.passwords import normal_form
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.security import Passwords
from infra.local.credentials import CredentialsFile


def forget_stale(file: CredentialsFile, users: Users, passwords: Passwords) -> list[str]:
    """Empty in the file what lets nobody in, so that it says nothing untrue; whose these were."""
    forgotten = []
    for credential in file.read().values():
        user = users.by_email(credential.email)
        if user and not passwords.verify(normal_form(credential.password), user.password_hash):
            file.add(credential.emptied())
            forgotten.append(credential.email)
    return forgotten
