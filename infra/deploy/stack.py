"""Bring a stack to what a built template and its parameters say."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from infra.deploy import artefacts, changes
from infra.deploy.artefacts import FINGERPRINT, Package
from infra.deploy.changes import BODY_LIMIT, Change, ChangeSet, Request
from infra.deploy.cloud import Cloud
from infra.deploy.errors import Busy, Declined, NothingDeployed
from infra.deploy.operations import Found, delete, describe, follow, outputs_of, settled
from infra.deploy.progress import Event, Journal, Report
from infra.deploy.states import Standing, standing

Approve = Callable[[Sequence[Change]], bool]
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


def deploy(
    cloud: Cloud,
    template: Path,
    *,
    stack: str,
    parameters: Mapping[str, str],
    report: Report,
    tags: Mapping[str, str] = _NO_TAGS,
    approve: Approve = lambda _: True,
    patience: float | None = None,
) -> dict[str, str]:
    """The outputs of the stack, which afterwards is what the template says; unchanged, at once.

    Somebody else's operation is waited for until it is quiet for `patience` seconds.
    """
    package = artefacts.read(template)
    fingerprint = package.fingerprint(parameters, tags)
    cloudformation = cloud.client("cloudformation")
    found = _current(cloud, stack, report, cloud.patience if patience is None else patience)
    if found and _is_ready(found) and outputs_of(found).get(FINGERPRINT) == fingerprint:
        return _for_people(found)
    request = Request(stack, _send(cloud, package, fingerprint), parameters, tags)
    _apply(cloudformation, request, found, report, approve)
    return outputs(cloud, stack)


def outputs(cloud: Cloud, stack: str) -> dict[str, str]:
    """What the stack tells people and the command line."""
    found = describe(cloud.client("cloudformation"), stack)
    if not found or not _is_ready(found):
        raise NothingDeployed(stack)
    return _for_people(found)


def destroy(cloud: Cloud, stack: str, *, report: Report) -> list[str]:
    """Delete the stack; the names of the resources that its template keeps."""
    cloudformation = cloud.client("cloudformation")
    found = describe(cloudformation, stack)
    if not found:
        raise NothingDeployed(stack)
    kept: list[str] = []

    def notice(event: Event) -> None:
        if event.status == "DELETE_SKIPPED":
            kept.append(event.physical_id)
        report(event)

    delete(cloudformation, found["StackId"], notice)
    return kept


def _current(cloud: Cloud, stack: str, report: Report, patience: float) -> Found | None:
    """The stack to update; a creation that did not finish holds no data and is removed first."""
    cloudformation = cloud.client("cloudformation")
    try:
        found = settled(cloudformation, stack, report, patience)
    except Busy as busy:
        # An emulator that was stopped meanwhile keeps the status, but nobody is at work.
        if not cloud.is_emulator or busy.status != "CREATE_IN_PROGRESS":
            raise
        found = describe(cloudformation, stack)
    if found is None or standing(found["StackStatus"]) in {Standing.READY, Standing.ABSENT}:
        return found
    delete(cloudformation, found["StackId"], report)
    return None


def _send(cloud: Cloud, package: Package, fingerprint: str) -> dict[str, str]:
    """Store everything that CloudFormation will read; where the template is."""
    s3 = cloud.client("s3")
    account = cloud.client("sts").get_caller_identity()["Account"]
    bucket = f"lambent-artefacts-{account}-{s3.meta.region_name}"
    artefacts.upload(package, s3, bucket)
    body = package.body(bucket, fingerprint)
    if len(body.encode()) <= BODY_LIMIT:
        return {"TemplateBody": body}
    key = f"template/{fingerprint}.json"
    s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
    return {"TemplateURL": f"{s3.meta.endpoint_url}/{bucket}/{key}"}


def _apply(
    cloudformation: Any, request: Request, found: Found | None, report: Report, approve: Approve
) -> None:
    is_update = found is not None and _is_ready(found)
    proposed = changes.propose(cloudformation, request, "UPDATE" if is_update else "CREATE")
    if proposed is None:
        _update_outputs(cloudformation, request, report)
    elif approve(proposed.changes):
        journal = Journal(cloudformation, proposed.stack_id)
        cloudformation.execute_change_set(ChangeSetName=proposed.identifier)
        follow(cloudformation, proposed.stack_id, journal, report)
    else:
        _discard(cloudformation, proposed, with_stack=not is_update)
        raise Declined(request.stack)


def _update_outputs(cloudformation: Any, request: Request, report: Report) -> None:
    journal = Journal(cloudformation, request.stack)
    stack_id = changes.update_outputs(cloudformation, request)
    if stack_id:
        follow(cloudformation, stack_id, journal, report)


def _discard(cloudformation: Any, proposed: ChangeSet, *, with_stack: bool) -> None:
    cloudformation.delete_change_set(ChangeSetName=proposed.identifier)
    if with_stack:  # what a change set of a new stack leaves: an empty one, in review
        cloudformation.delete_stack(StackName=proposed.stack_id)


def _is_ready(found: Found) -> bool:
    return standing(found["StackStatus"]) is Standing.READY


def _for_people(found: Found) -> dict[str, str]:
    return {name: value for name, value in outputs_of(found).items() if name != FINGERPRINT}
