"""What is deployed keeps every rule; and each rule notices when it is broken."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.build import Target, build
from infra.workspace import Workspace
from tests.infrastructure.documents import Resource, Translated, named_in, statements, translate
from tests.infrastructure.rules import findings, sources

Break = Callable[[Translated, str], Any]
"""Spoils one resource of a copy."""


def test_what_runs_here_keeps_every_rule(translated: Translated) -> None:
    assert findings(translated) == []


def test_what_aws_is_given_keeps_every_rule() -> None:
    assert findings(translate(build(Workspace.of_checkout(), Target.AWS))) == []


def properties(template: Translated, name: str) -> Resource:
    found: Resource = template.resources[name]["Properties"]
    return found


def without(key: str) -> Break:
    return lambda template, name: properties(template, name).pop(key)


def having(key: str, value: Any) -> Break:
    return lambda template, name: properties(template, name).update({key: value})


def changed(within: str, key: str, value: Any) -> Break:
    return lambda template, name: properties(template, name)[within].update({key: value})


def first(key: str, value: Any) -> Break:
    """Of the first statement of a role."""
    return lambda template, name: statements(template.resources[name])[0].update({key: value})


def more(key: str, value: Any) -> Break:
    """Beside what the first statement of a role has."""

    def widen(template: Translated, name: str) -> None:
        statement = statements(template.resources[name])[0]
        told = statement[key] if isinstance(statement[key], list) else [statement[key]]
        statement[key] = [*told, value]

    return widen


def removed(template: Translated, name: str) -> None:
    del template.resources[name]


def dead_letters_removed(template: Translated, name: str) -> None:
    [target] = named_in(properties(template, name)["RedrivePolicy"]["deadLetterTargetArn"])
    del template.resources[target]


def dead_letters_short(template: Translated, name: str) -> None:
    [target] = named_in(properties(template, name)["RedrivePolicy"]["deadLetterTargetArn"])
    properties(template, target)["MessageRetentionPeriod"] = 4 * 24 * 3600


def role_shared(template: Translated, name: str) -> None:
    functions = template.of_type("AWS::Lambda::Function")
    other = next(each for each in functions if each != name)
    properties(template, name)["Role"] = properties(template, other)["Role"]


def trusting_anybody(template: Translated, name: str) -> None:
    trust = properties(template, name)["AssumeRolePolicyDocument"]["Statement"][0]
    trust["Principal"] = {"AWS": "*"}


def taking_from_others(template: Translated, name: str) -> None:
    """May receive what another function reads."""
    granted = statements(template.resources[name])
    own = {q for each in granted if "sqs:ReceiveMessage" in each["Action"] for q in queues(each)}
    other = next(queue for _, _, queue in sources(template) if queue not in own)
    policy = properties(template, name)["Policies"][0]["PolicyDocument"]
    arn = {"Fn::GetAtt": [other, "Arn"]}
    taking = {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": arn}
    policy["Statement"].append(taking)


def queues(statement: Resource) -> set[str]:
    return named_in(statement["Resource"])


def spare(template: Translated, name: str) -> None:
    template.resources["SpareRole"] = template.resources[name]


STAR = "arn:aws:dynamodb:*:*:table/*"
BREAKS: dict[str, tuple[str, Break]] = {
    "ReportBatchItemFailures is gone": ("Mapping", without("FunctionResponseTypes")),
    "no response types at all": ("Mapping", having("FunctionResponseTypes", [])),
    "no bound": ("Mapping", without("ScalingConfig")),
    "a bound that is a text": ("Mapping", having("ScalingConfig", {"MaximumConcurrency": "4"})),
    "a bound that is a reference": (
        "Mapping",
        having("ScalingConfig", {"MaximumConcurrency": {"Ref": "Concurrency"}}),
    ),
    "a window that nobody counted": ("Mapping", having("MaximumBatchingWindowInSeconds", 301)),
    "reserved concurrency": ("Function", having("ReservedConcurrentExecutions", 4)),
    "a function that takes longer": ("Reader", having("Timeout", 900)),
    "hidden for as long as AWS says": ("Source", without("VisibilityTimeout")),
    "hidden too short": ("Source", having("VisibilityTimeout", 29)),
    "no dead letters": ("Source", without("RedrivePolicy")),
    "the dead letters are gone": ("Source", dead_letters_removed),
    "dead letters that end with the queue's": ("Source", dead_letters_short),
    "dead letters at once": ("Source", changed("RedrivePolicy", "maxReceiveCount", 1)),
    "messages kept too long": ("Source", having("MessageRetentionPeriod", 14 * 24 * 3600)),
    "an open queue": ("Source", without("SqsManagedSseEnabled")),
    "no recovery": ("Table", without("PointInTimeRecoverySpecification")),
    "recovery is off": (
        "Table",
        changed("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled", False),
    ),
    "no TTL": ("Table", without("TimeToLiveSpecification")),
    "a TTL of another name": ("Table", changed("TimeToLiveSpecification", "AttributeName", "end")),
    "a table that goes with its stack": (
        "Table",
        lambda template, name: template.resources[name].update(DeletionPolicy="Delete"),
    ),
    "no log group": ("LogGroup", removed),
    "no retention": ("LogGroup", without("RetentionInDays")),
    "logs for ten years": ("LogGroup", having("RetentionInDays", 3653)),
    "the group of another function": ("LogGroup", having("LogGroupName", "/aws/lambda/x")),
    "another function's role": ("Function", role_shared),
    "a role from elsewhere": ("Function", having("Role", "arn:aws:iam::1:role/admin")),
    "a managed policy": ("Role", having("ManagedPolicyArns", ["AdministratorAccess"])),
    "trust in anybody": ("Role", trusting_anybody),
    "a role without a function": ("Role", spare),
    "every action": ("Role", first("Action", "*")),
    "every action of a service": ("Role", more("Action", "dynamodb:*")),
    "a star within an action": ("Role", more("Action", "dynamodb:Batch*")),
    "every resource": ("Role", more("Resource", "*")),
    "every resource, on a condition": (
        "Role",
        lambda template, name: statements(template.resources[name])[0].update(
            Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}}
        ),
    ),
    "every table": ("Role", more("Resource", STAR)),
    "a table of somebody else": ("Role", more("Resource", "arn:aws:dynamodb:eu:1:table/x")),
    "all but": ("Role", first("NotAction", ["iam:PassRole"])),
    "messages of others": ("Role", taking_from_others),
}


def places(template: Translated, kind: str) -> list[str]:
    """Every resource that can be spoilt in this way."""
    read = [(source, queue) for _, source, queue in sources(template)]
    if kind == "Reader":
        return sorted({name for source, _ in read for name in named_in(source["FunctionName"])})
    if kind == "Source":
        return sorted(
            {queue for _, queue in read if "RedrivePolicy" in properties(template, queue)}
        )
    types = {
        "Mapping": "AWS::Lambda::EventSourceMapping",
        "Function": "AWS::Lambda::Function",
        "Table": "AWS::DynamoDB::Table",
        "LogGroup": "AWS::Logs::LogGroup",
        "Role": "AWS::IAM::Role",
    }
    return sorted(template.of_type(types[kind]))


@pytest.mark.parametrize("broken", BREAKS)
def test_a_rule_notices_wherever_it_is_broken(translated: Translated, broken: str) -> None:
    kind, spoil = BREAKS[broken]
    unnoticed = []
    for name in places(translated, kind):
        template = translated.copy()
        spoil(template, name)
        if not findings(template):
            unnoticed.append(name)

    assert places(translated, kind)
    assert unnoticed == []
