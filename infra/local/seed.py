"""What every fresh local Lambent has: policies, an administrator, and a user who may try it all."""

from dataclasses import dataclass

from chalicelib.api.composition import Services
from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import User, Wish
from chalicelib.domain.instants import month_of
from chalicelib.inference.registry import Spec
from chalicelib.services.ports.reading import Reader, Wanted
from infra.local.credentials import Credential, CredentialsFile
from infra.local.errors import CredentialsLost

ADMIN = "admin@example.com"
DEMO = "demo@example.com"
BY_SEED = Origin(actor="seed")
BASE = Policy(id=1, name="base", daily=1000, monthly=30_000)


@dataclass(frozen=True)
class Seeded:
    """What was missing and was added, and whose password was not known and is another one now."""

    policies: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.policies or self.users or self.grants or self.keys or self.renewed)


def seed(services: Services, reader: Reader, file: CredentialsFile) -> Seeded:
    """Add what is missing; nothing is changed but passwords that an import made unknown."""
    _require_known_passwords(services, file)
    renewed = tuple(email for email in (ADMIN, DEMO) if _renew(services, file, email))
    added = services.policymaking.ensure(_wanted_policies(services), BY_SEED)
    policies = tuple(policy.name for policy in added)
    users = tuple(
        email
        for email, is_superuser in ((ADMIN, True), (DEMO, False))
        if _add_user(services, file, email, is_superuser=is_superuser)
    )
    grants = _grant_all(services, reader, DEMO)
    return Seeded(policies, users, grants, renewed=renewed)


def policy_for(spec: Spec) -> Policy:
    """The policy that a grant of this model gets unless told otherwise."""
    return spec.policy or BASE


def _require_known_passwords(services: Services, file: CredentialsFile) -> None:
    known = file.read()
    lost = [e for e in (ADMIN, DEMO) if e not in known and services.users.by_email(e)]
    if lost:
        raise CredentialsLost(str(file.path), lost)


def _renew(services: Services, file: CredentialsFile, email: str) -> bool:
    """Give who is in the file without a password a new one; kept last, so that it is tried again.

    Where the user is missing too, `_add_user` makes both.
    """
    credential, user = file.read().get(email), services.users.by_email(email)
    if credential is None or credential.password or user is None:
        return False
    minted = Credential.minted(email, is_superuser=credential.is_superuser)
    services.profiles.change(user.id, Wish(password=minted.password), BY_SEED)
    file.add(minted)
    return True


def _wanted_policies(services: Services) -> list[Policy]:
    """The base and the models' own; of two with one id the first."""
    wanted = {BASE.id: BASE}
    for spec in services.catalogue:
        if spec.policy:
            wanted.setdefault(spec.policy.id, spec.policy)
    return list(wanted.values())


def _add_user(
    services: Services, file: CredentialsFile, email: str, *, is_superuser: bool
) -> User | None:
    """The user if new; the password is kept first, so that an interrupted seeding can go on."""
    if services.users.by_email(email):
        return None
    credential = file.read().get(email)
    if credential is None or not credential.password:
        credential = Credential.minted(email, is_superuser=is_superuser)
        file.add(credential)
    return services.registration.register(
        email, credential.password, BY_SEED, is_superuser=is_superuser, is_verified=True
    )


def _grant_all(services: Services, reader: Reader, email: str) -> tuple[str, ...]:
    """Grant the models that this user lacks; which these were."""
    user = services.users.by_email(email)
    assert user  # made above
    claims = Claims(user.id, session_id="none", session_version=user.session_version)
    month = month_of(services.clock())
    granted = []
    for spec in services.catalogue:
        if not reader.read(claims, Wanted(models=(spec.name,), month=month)).grants:
            services.granting.grant(user.id, spec.name, policy_for(spec).id, BY_SEED)
            granted.append(spec.name)
    return tuple(granted)
