"""Access policies, and who may use which model under them; for superusers."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.access import (
    GrantList,
    GrantView,
    NewGrant,
    NewPolicy,
    PolicyChange,
    PolicyList,
    PolicyView,
)
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.callers import Caller
from chalicelib.domain.accounts.users import User
from chalicelib.errors import NotFound, PolicyInUse, PolicyNameTaken

routes = Blueprint(__name__)

Granted = tuple[User, str]


@endpoint(
    routes,
    "GET",
    "/v1/access-policies",
    admit=admission.superuser,
    query=PageQuery,
    answers={200: PolicyList},
    headers=("Link",),
)
def list_policies(request: Request[Caller, None]) -> Reply:
    """Access policies, by id."""
    policymaking, query = wiring.services().policymaking, request.query
    page = policymaking.page(query.limit, paging.place(request))
    cursor, headers = paging.following(request, page)
    data = [PolicyView.of(policy) for policy in page.items]
    return Reply(PolicyList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "POST",
    "/v1/access-policies",
    admit=admission.superuser,
    body=NewPolicy,
    answers={201: PolicyView},
    headers=("Location",),
    refuses=(PolicyNameTaken,),
)
def add_policy(request: Request[Caller, NewPolicy]) -> Reply:
    """Make an access policy."""
    body = request.body
    policy = wiring.services().policymaking.add(
        body.name,
        body.daily_api_calls,
        body.monthly_api_calls,
        body.retention_days,
        request.origin,
    )
    location = f"{request.base_url}/v1/access-policies/{policy.id}"
    return Reply(PolicyView.of(policy), 201, {"Location": location})


@endpoint(
    routes,
    "GET",
    "/v1/access-policies/{policy_id}",
    admit=admission.policy,
    answers={200: PolicyView},
)
def get_policy(request: Request[Policy, None], policy_id: str) -> Reply:
    """An access policy."""
    return Reply(PolicyView.of(request.admitted))


@endpoint(
    routes,
    "PATCH",
    "/v1/access-policies/{policy_id}",
    admit=admission.policy,
    body=PolicyChange,
    answers={200: PolicyView},
    refuses=(PolicyNameTaken,),
)
def change_policy(request: Request[Policy, PolicyChange], policy_id: str) -> Reply:
    """Change an access policy, and with it every grant that names it."""
    changed = wiring.services().policymaking.change(
        request.admitted.id, request.body.of, request.origin
    )
    return Reply(PolicyView.of(changed))


@endpoint(
    routes,
    "DELETE",
    "/v1/access-policies/{policy_id}",
    admit=admission.policy,
    answers={204: None},
    refuses=(PolicyInUse,),
)
def remove_policy(request: Request[Policy, None], policy_id: str) -> Reply:
    """Remove an access policy that no grant names."""
    wiring.services().policymaking.remove(request.admitted.id, request.origin)
    return Reply(status=204)


@endpoint(
    routes,
    "GET",
    "/v1/users/{user_id}/grants",
    admit=admission.administrator,
    answers={200: GrantList},
)
def list_grants(request: Request[tuple[Caller, User], None], user_id: str) -> Reply:
    """What a user may use, by model; expired grants too."""
    grants = wiring.services().granting.grants(request.admitted[1])
    return Reply(GrantList(data=[GrantView.of(grant) for grant in grants]))


@endpoint(
    routes,
    "PUT",
    "/v1/users/{user_id}/grants/{model}",
    admit=admission.granted,
    body=NewGrant,
    answers={200: GrantView},
)
def put_grant(request: Request[Granted, NewGrant], user_id: str, model: str) -> Reply:
    """Let a user use a model under a policy; again, to change policy or end."""
    (user, name), body = request.admitted, request.body
    grant = wiring.services().granting.grant(
        user.id, name, body.access_policy_id, request.origin, body.end
    )
    return Reply(GrantView.of(grant))


@endpoint(
    routes,
    "DELETE",
    "/v1/users/{user_id}/grants/{model}",
    admit=admission.granted,
    answers={204: None},
)
def end_grant(request: Request[Granted, None], user_id: str, model: str) -> Reply:
    """Take a model from a user; what was accepted still runs."""
    user, name = request.admitted
    if not wiring.services().granting.revoke(user.id, name, request.origin):
        raise NotFound(f"The user has no grant for {name}")
    return Reply(status=204)
