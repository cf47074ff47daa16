"""What every function, queue, table and role has to keep, whoever adds the next one.

Each rule looks at all resources of its kind, and tells what is wrong as sentences.
"""

from collections.abc import Callable, Iterator
from typing import Any

from tests.infrastructure.documents import Resource, Translated, named_in, statements, strings

DAY = 24 * 3600
DEAD_LETTERS_KEPT = 14 * DAY
RECEIVES = 5
LONGEST_LOGS = 365

Rule = Callable[[Translated], Iterator[str]]


def sources(template: Translated) -> Iterator[tuple[str, Resource, str]]:
    """What leads a queue's messages to a function: the mapping, its properties, the queue."""
    for name, mapping in template.of_type("AWS::Lambda::EventSourceMapping").items():
        [queue] = named_in(mapping["Properties"]["EventSourceArn"])
        yield name, mapping["Properties"], queue


def readers_report_what_failed(template: Translated) -> Iterator[str]:
    """Without it, the failures that a function returns are deleted silently."""
    for name, source, _ in sources(template):
        if source.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} lacks ReportBatchItemFailures"


def readers_are_bounded_by_a_number(template: Translated) -> Iterator[str]:
    """By the event source: reserved concurrency would throttle, and count as a delivery."""
    for name, source, _ in sources(template):
        bound = source.get("ScalingConfig", {}).get("MaximumConcurrency")
        if type(bound) is not int or bound < 2:
            yield f"{name} has the MaximumConcurrency {bound!r}"
    for name, function in template.of_type("AWS::Lambda::Function").items():
        if "ReservedConcurrentExecutions" in function["Properties"]:
            yield f"{name} reserves concurrency"


def messages_stay_hidden_long_enough(template: Translated) -> Iterator[str]:
    """Six times as long as their reader may take, and a window."""
    for name, source, queue in sources(template):
        [function] = named_in(source["FunctionName"])
        if queue not in template.resources:
            yield f"{name} reads {queue}, which does not exist"
            continue
        took = template.resources[function]["Properties"]["Timeout"]
        hidden = template.resources[queue]["Properties"].get("VisibilityTimeout", 30)
        least = 6 * took + source.get("MaximumBatchingWindowInSeconds", 0)
        if hidden < least:
            yield f"{name}: {queue} hides for {hidden} s, its reader needs {least} s"


def failed_messages_are_kept(template: Translated) -> Iterator[str]:
    """After five deliveries, for 14 days, which is longer than in their queue."""
    queues = template.of_type("AWS::SQS::Queue")
    policies = {name: each["Properties"].get("RedrivePolicy") for name, each in queues.items()}
    targets = {next(iter(named_in(each)), "") for each in policies.values() if each}
    for name, policy in policies.items():
        if policy:
            yield from _redrive(name, policy, template)
        elif name not in targets:
            yield f"{name} has no dead letters"


def _redrive(queue: str, policy: dict[str, Any], template: Translated) -> Iterator[str]:
    [target] = named_in(policy["deadLetterTargetArn"])
    kept = template.resources[queue]["Properties"].get("MessageRetentionPeriod", 4 * DAY)
    if policy["maxReceiveCount"] != RECEIVES:
        yield f"{queue} gives up after {policy['maxReceiveCount']} deliveries"
    if target not in template.resources:
        yield f"{queue} has its dead letters in {target}, which does not exist"
        return
    longer = template.resources[target]["Properties"].get("MessageRetentionPeriod", 4 * DAY)
    if longer != DEAD_LETTERS_KEPT or longer <= kept:
        yield f"{target} keeps for {longer} s what {queue} kept for {kept} s"


def queues_are_encrypted(template: Translated) -> Iterator[str]:
    """At rest, by keys of SQS."""
    for name, queue in template.of_type("AWS::SQS::Queue").items():
        if queue["Properties"].get("SqsManagedSseEnabled") is not True:
            yield f"{name} is not encrypted"


def tables_can_be_recovered(template: Translated) -> Iterator[str]:
    """To any second of the last 35 days, and they outlive their stack."""
    for name, table in template.of_type("AWS::DynamoDB::Table").items():
        recovery = table["Properties"].get("PointInTimeRecoverySpecification", {})
        if recovery.get("PointInTimeRecoveryEnabled") is not True:
            yield f"{name} has no point-in-time recovery"
        kept = (table.get("DeletionPolicy"), table.get("UpdateReplacePolicy"))
        if kept != ("RetainExceptOnCreate", "Retain"):
            yield f"{name} goes with its stack"


def tables_forget(template: Translated) -> Iterator[str]:
    """Every row may have an end."""
    for name, table in template.of_type("AWS::DynamoDB::Table").items():
        wanted = {"AttributeName": "ttl", "Enabled": True}
        if table["Properties"].get("TimeToLiveSpecification") != wanted:
            yield f"{name} has no TTL"


def logs_end(template: Translated) -> Iterator[str]:
    """Each function has a group, made before it, whose lines are deleted some day."""
    groups = {
        str(group["Properties"].get("LogGroupName")): group["Properties"].get("RetentionInDays")
        for group in template.of_type("AWS::Logs::LogGroup").values()
    }
    for name, function in template.of_type("AWS::Lambda::Function").items():
        own = function["Properties"].get("FunctionName", {}).get("Fn::Sub", name)
        days = groups.get(str({"Fn::Sub": f"/aws/lambda/{own}"}))
        if days is None:
            yield f"{name} logs without a retention"
        elif any(each > LONGEST_LOGS for each in _values(days, template)):
            yield f"{name} logs for more than {LONGEST_LOGS} days"


def _values(value: Any, template: Translated) -> list[int]:
    """A number, or all that a parameter may be."""
    if isinstance(value, dict):
        return list(template.document["Parameters"][value["Ref"]]["AllowedValues"])
    return [value]


def functions_have_roles_of_their_own(template: Translated) -> Iterator[str]:
    """Which nothing else may take on, and which are made of nothing but their statements."""
    taken: dict[str, str] = {}
    for name, function in template.of_type("AWS::Lambda::Function").items():
        [role] = named_in(function["Properties"]["Role"]) or {""}
        if template.resources.get(role, {}).get("Type") != "AWS::IAM::Role":
            yield f"{name} has no role of this template"
        elif other := taken.get(role):
            yield f"{name} and {other} share {role}"
        taken[role] = name
    for name, each in template.of_type("AWS::IAM::Role").items():
        yield from _composition(name, each)
        if name not in taken:
            yield f"{name} is no function's"


def _composition(name: str, role: Resource) -> Iterator[str]:
    if role["Properties"].get("ManagedPolicyArns"):
        yield f"{name} brings a managed policy"
    trusted = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    if [each["Principal"] for each in trusted] != [{"Service": "lambda.amazonaws.com"}]:
        yield f"{name} may be taken on by others than Lambda"


def roles_are_narrow(template: Translated) -> Iterator[str]:
    """They allow named actions on named resources; a pattern only under a condition."""
    for name, role in template.of_type("AWS::IAM::Role").items():
        for statement in statements(role):
            sid = f"{name}/{statement.get('Sid', '?')}"
            if statement["Effect"] != "Allow" or {"NotAction", "NotResource"} & statement.keys():
                yield f"{sid} says what it does not mean"
                continue
            for action in _several(statement["Action"]):
                if "*" in action:
                    yield f"{sid} allows {action}"
            for resource in _several(statement["Resource"]):
                yield from _breadth(sid, resource, template, "Condition" in statement)


def _breadth(sid: str, resource: Any, template: Translated, is_bound: bool) -> Iterator[str]:
    if resource == "*" or (not is_bound and any("*" in text for text in strings(resource))):
        yield f"{sid} is about {resource}"
    elif not is_bound and not named_in(resource) & template.resources.keys():
        yield f"{sid} is about {resource}, which is not of this template"


def roles_receive_what_their_function_reads(template: Translated) -> Iterator[str]:
    """Nobody takes messages away from another function."""
    read: dict[str, set[str]] = {}
    for _, source, queue in sources(template):
        [function] = named_in(source["FunctionName"])
        read.setdefault(function, set()).add(queue)
    for name, each in template.of_type("AWS::Lambda::Function").items():
        [role] = named_in(each["Properties"]["Role"]) or {""}
        allowed = {
            queue
            for statement in statements(template.resources.get(role, _NO_ROLE))
            if {"sqs:ReceiveMessage", "sqs:DeleteMessage"} & {*_several(statement["Action"])}
            for queue in named_in(statement["Resource"])
        }
        for queue in allowed ^ read.get(name, set()):
            yield f"{name} and {role} disagree about {queue}"


_NO_ROLE: Resource = {"Properties": {"Policies": []}}


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


RULES: tuple[Rule, ...] = (
    readers_report_what_failed,
    readers_are_bounded_by_a_number,
    messages_stay_hidden_long_enough,
    failed_messages_are_kept,
    queues_are_encrypted,
    tables_can_be_recovered,
    tables_forget,
    logs_end,
    functions_have_roles_of_their_own,
    roles_are_narrow,
    roles_receive_what_their_function_reads,
)


def findings(template: Translated) -> list[str]:
    """All that any rule objects to."""
    return [finding for rule in RULES for finding in rule(template)]
