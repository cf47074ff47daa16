"""What is deployed and whether it works: stack, API, sign-in, who takes messages."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy import artefacts
from infra.deploy.operations import describe
from infra.deploy.states import Standing, standing
from infra.doctor.findings import Finding, fail, ok, warn

PATIENCE = 3.0  # seconds; an idle function takes a message within milliseconds, a cold one in two
WIPE = "./run.sh down --wipe, then ./run.sh up"
Mend = Callable[[], object]


@dataclass(frozen=True)
class Taker:
    """A function that is given messages: its name in logs and in the stack's outputs."""

    name: str
    function: str
    queues: tuple[str, ...]
    dead_letters: str | None = None
    """None where another function takes what it gives up."""


MAILER = Taker("mailer", "MailerFunction", ("MailQueueUrl",), "MailDeadLetterQueueUrl")


ERASER = Taker("eraser", "EraserFunction", ("ErasureQueueUrl",), "ErasureDeadLetterQueueUrl")


def takers(profiles: Iterable[str]) -> Iterator[Taker]:
    """The worker of each profile, who takes what these give up, the mailer and the eraser."""
    given_up: list[str] = []
    for profile in profiles:
        of = profile.title()
        queues = (f"{of}InteractiveQueueUrl", f"{of}BulkQueueUrl")
        given_up.append(f"{of}DeadLetterQueueUrl")
        yield Taker(f"{profile}-worker", f"{of}WorkerFunction", queues)
    yield Taker("undertaker", "UndertakerFunction", tuple(given_up))
    yield from (MAILER, ERASER)


def stack(cloudformation: Any, name: str, template: Path, bring_up: Mend) -> Finding:
    """Whole, and of the artefacts that are built."""
    found = describe(cloudformation, name)
    status = found["StackStatus"] if found else None
    match standing(status):
        case Standing.ABSENT:
            return fail("nothing is deployed", "./run.sh up", bring_up)
        case Standing.DEAD:
            return fail(f"half deployed: {status}; it holds no data", "./run.sh up", bring_up)
        case Standing.MOVING:
            told = f"half deployed: {status}; another `up` is at work or was cut off"
            return fail(told, f"Wait for it, or ./run.sh up; if that says so, {WIPE}", bring_up)
        case Standing.STUCK:
            return fail(f"half deployed: {status}, which nothing leads out of", WIPE)
    if not _is_of(template, cloudformation, name):
        return warn(f"{status}, but of older bundles than are built", "./run.sh up", bring_up)
    return ok(f"{status}, of the bundles that are built")


def _is_of(template: Path, cloudformation: Any, name: str) -> bool:
    """Whether each zip beside the template is the deployed one; keys are hashes of content."""
    if not template.exists():
        return False
    deployed = json.dumps(cloudformation.get_template(StackName=name)["TemplateBody"])
    return all(key in deployed for key in artefacts.read(template).zips.values())


def api(url: str, is_ready: Callable[[], bool], bring_up: Mend) -> Finding:
    """It and all that it stands on answers."""
    if is_ready():
        return ok(f"ready at {url}")
    told = f"{url}/v1/health/ready does not answer 200"
    return fail(told, "./run.sh up; if it stays so, ./run.sh logs api tells why.", bring_up)


def sign_in(email: str, enter: Callable[[], object]) -> Finding:
    """The seeded password is the stored one; its Trouble says if not."""
    enter()
    return ok(f"{email} can sign in")


def taking(
    sqs: Any,
    taker: Taker,
    outputs: Mapping[str, str],
    sources: list[dict[str, Any]],
    patience: float = PATIENCE,
) -> Finding:
    """It takes what is queued, and has given nothing up."""
    logs = f"./run.sh logs {taker.name}"
    states = [source["State"] for source in sources]
    states += ["missing"] * (len(taker.queues) - len(states))
    if set(states) != {"Enabled"}:
        return fail(f"its event sources: {', '.join(states)}", "./run.sh down, then ./run.sh up")
    for queue in taker.queues:
        if waiting := _stuck(sqs, outputs[queue], patience):
            told = f"{waiting} messages wait, and none was taken in {patience:g} s"
            return fail(told, f"{logs}; then ./run.sh down and ./run.sh up")
    if taker.dead_letters and (dead := _depth(sqs, outputs[taker.dead_letters])[0]):
        return warn(f"it works, and gave up {dead} messages", f"{logs} tells why.")
    return ok("nothing waits that it does not take")


def _stuck(sqs: Any, queue: str, patience: float) -> int:
    """How many messages wait although none is being taken."""
    first, in_flight = _depth(sqs, queue)
    deadline, waiting = time.monotonic() + patience, first
    while waiting >= first and waiting and not in_flight:
        if time.monotonic() > deadline:
            return waiting
        time.sleep(0.05)
        waiting, in_flight = _depth(sqs, queue)
    return 0


def _depth(sqs: Any, queue: str) -> tuple[int, int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])
