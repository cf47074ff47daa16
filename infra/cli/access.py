"""`grant`, `revoke`, `policies`: who may use what, under which limits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console
from infra.cli.people import Email, by_cli, find_user, services
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.domain.access import Policy

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="Its name or id.")]
Limit = Annotated[int | None, typer.Option(min=0, metavar="N", help="None is no limit.")]


def grant(
    email: Email,
    model: Model,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model's own, or base, without it.")
    ] = None,
) -> None:
    """Let a user use a model; again, under another policy."""
    from infra.cli.catalogue import find_model
    from infra.local.seed import policy_for

    spec, core = find_model(model), services()
    user = find_user(core, email)
    chosen = _find(core.policymaking.all(), policy or policy_for(spec).name)
    core.granting.grant(user.id, spec.name, chosen.id, by_cli())
    console.line(f"granted {spec.name} to {user.email} under {chosen.name}")


def revoke(email: Email, model: Model) -> None:
    """Take a model from a user; what was accepted still runs."""
    from infra.cli.catalogue import find_model

    spec, core = find_model(model), services()
    user = find_user(core, email)
    core.granting.revoke(user.id, spec.name, by_cli())
    console.line(f"revoked {spec.name} from {user.email}")


def policies_ls(as_json: Json = False) -> None:
    """All policies, by id."""
    policies = [_facts(policy) for policy in services().policymaking.all()]
    if as_json:
        console.as_json(policies)
    else:
        heads = ("Id", "Name", "Daily", "Monthly", "Retention days")
        console.table(heads, [tuple(policy.values()) for policy in policies])


def policies_add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    daily: Limit = None,
    monthly: Limit = None,
    retention_days: Annotated[int, typer.Option(min=1, max=365, metavar="N")] = 30,
) -> None:
    """Add a policy."""
    core = services()
    from chalicelib.errors import PolicyNameTaken

    try:
        policy = core.policymaking.add(name, daily, monthly, retention_days, by_cli())
    except PolicyNameTaken:
        cure = "Choose another name: ./run.sh policies ls"
        raise Trouble(f"Policy {name} was not added.", "There is one of that name.", cure) from None
    console.line(f"added policy {name} with id {policy.id}")


def _find(policies: "Sequence[Policy]", name: str) -> "Policy":
    found = next((policy for policy in policies if policy.name == name), None)
    if found:
        return found
    names = ", ".join(policy.name for policy in policies)
    raise Trouble(
        f"There is no policy {name}.",
        f"The policies are: {names or 'none yet'}.",
        "Choose one of them, or add it: ./run.sh policies add NAME --daily N --monthly N",
    )


def _facts(policy: "Policy") -> dict[str, object]:
    return {
        "id": policy.id,
        "name": policy.name,
        "daily_api_calls": policy.daily,
        "monthly_api_calls": policy.monthly,
        "retention_days": policy.retention_days,
    }
