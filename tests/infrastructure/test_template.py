"""The expanded template: what `up` deploys, and what CloudFormation makes of it."""

import json
import re
import tomllib
from typing import Any

import pytest
import yaml
from cfnlint.api import ManualArgs, lint_file

from chalicelib.domain import erasures
from chalicelib.services import erasing, sweeping
from infra.build import Built, Target, build, read_profiles
from infra.build.profiles import Profile
from infra.deploy import artefacts
from infra.workspace import ROOT, Workspace
from tests.infrastructure.documents import (
    Resource,
    Resources,
    Translated,
    named_in,
    statements,
    strings,
)

MERGE_TEMPLATE = ROOT / "infra/template.yaml"
OVERRIDDEN = {"APIHandler", "RestAPI"}
GENERATED = {"APIHandlerInvokePermission", "ApiHandlerRole", "DefaultRole"}
TABLES = ("AccountsTable", "PredictionsTable", "UsageTable", "CatalogueTable", "AuditTable")
KINDS = ("Interactive", "Bulk")
PROFILES = {name.title(): profile for name, profile in read_profiles(ROOT).items()}
"""By the name that the resources of a profile begin with."""
WORKERS = [f"{of}WorkerFunction" for of in PROFILES]
JOB_QUEUES = [f"{of}{kind}Queue" for of in PROFILES for kind in KINDS]
OWN_RESOURCES = {
    "ApiRole": {*TABLES, *JOB_QUEUES, "MailQueue", "ErasureQueue", "SigningSecret", "ApiLogGroup"},
    **{
        f"{of}WorkerRole": {
            *("PredictionsTable", "UsageTable", "CatalogueTable"),
            *(f"{of}InteractiveQueue", f"{of}BulkQueue", f"{of}WorkerLogGroup"),
        }
        for of in PROFILES
    },
    "MailerRole": {"AccountsTable", "MailQueue", "MailerLogGroup"},
    "EraserRole": {
        "AccountsTable",
        "PredictionsTable",
        "UsageTable",
        "ErasureQueue",
        "EraserLogGroup",
    },
    "SweeperRole": {"PredictionsTable", "UsageTable", *JOB_QUEUES, "SweeperLogGroup"},
    "UndertakerRole": {
        *("PredictionsTable", "UsageTable", "UndertakerLogGroup"),
        *(f"{of}{kind}Queue" for of in PROFILES for kind in ("Interactive", "DeadLetter")),
    },
}
DEAD_LETTERS = {
    **{f"{of}{kind}Queue": f"{of}DeadLetterQueue" for of in PROFILES for kind in KINDS},
    "MailQueue": "MailDeadLetterQueue",
    "ErasureQueue": "ErasureDeadLetterQueue",
}
SETTINGS = {
    "ACCESS_TOKEN_SECONDS",
    "ADDRESS_LIMIT_FACTOR",
    "MAIL_SENDER",
    "MINIMUM_PASSWORD_LENGTH",
    "ONE_TIME_TOKEN_SECONDS",
    "REFRESH_IDLE_SECONDS",
    "REQUIRE_VERIFICATION",
    "SESSION_SECONDS",
    "WAIT_MAX",
}
"""What a stage chooses, each by a parameter of the same name."""
PRIVATE = {"input", "output"}


def variables(translated: Translated, function: str) -> dict[str, Any]:
    """The environment of a function."""
    found: dict[str, Any] = translated.resources[function]["Properties"]["Environment"]["Variables"]
    return found


def source_of(translated: Translated, queue: str) -> dict[str, Any]:
    """What leads a queue's messages to a function."""
    mappings = translated.of_type("AWS::Lambda::EventSourceMapping").values()
    arn = {"Fn::GetAtt": [queue, "Arn"]}
    [found] = [m["Properties"] for m in mappings if m["Properties"]["EventSourceArn"] == arn]
    return dict(found)


def keys(index: Resource) -> list[tuple[str, str]]:
    return [(each["AttributeName"], each["KeyType"]) for each in index["KeySchema"]]


# --- the whole


def test_cfn_lint_has_nothing_to_say(built: Built) -> None:
    found = lint_file(built.template, ManualArgs(regions=["us-east-1", "eu-central-1"]))

    assert [f"{match.rule.id} {match.message}" for match in found] == []


def test_cfn_lint_has_nothing_to_say_of_the_one_without_layers() -> None:
    flat = build(Workspace.of_checkout(), Target.LOCALSTACK)
    found = lint_file(flat.template, ManualArgs(regions=["us-east-1"]))

    assert [f"{match.rule.id} {match.message}" for match in found] == []


def test_it_stays_under_the_largest_template_that_cloudformation_takes(built: Built) -> None:
    assert len(artefacts.read(built.template).body("bucket", "fingerprint")) < 1_000_000


def test_no_resource_of_ours_has_the_name_of_one_that_chalice_makes() -> None:
    class Loader(yaml.SafeLoader):
        """Reads CloudFormation's tags as nothing."""

    Loader.add_multi_constructor("!", lambda *_: None)
    ours: Resources = yaml.load(MERGE_TEMPLATE.read_text(), Loader=Loader)["Resources"]

    assert {name for name, each in ours.items() if "Type" not in each} == OVERRIDDEN
    assert not [name for name in ours if name in GENERATED or name.endswith("SqsEventSource")]


def test_every_function_and_layer_is_for_the_python_that_packaged_the_api(
    merged: dict[str, Any],
) -> None:
    resources = merged["Resources"].values()
    runtime = merged["Resources"]["APIHandler"]["Properties"]["Runtime"]
    functions = [r for r in resources if r["Type"] == "AWS::Serverless::Function"]
    layers = [r for r in resources if r["Type"] == "AWS::Serverless::LayerVersion"]

    assert {r["Properties"].get("Runtime") for r in functions} == {runtime}
    assert all(r["Properties"].get("CompatibleRuntimes") == [runtime] for r in layers)


def test_every_function_runs_on_one_architecture(translated: Translated) -> None:
    functions = translated.of_type("AWS::Lambda::Function").values()

    assert {tuple(each["Properties"]["Architectures"]) for each in functions} == {("x86_64",)}


def test_the_api_has_one_stage_and_its_name_is_part_of_every_url(translated: Translated) -> None:
    stages = translated.of_type("AWS::ApiGateway::Stage").values()
    deployments = translated.of_type("AWS::ApiGateway::Deployment").values()

    assert [each["Properties"]["StageName"] for each in stages] == ["api"]
    assert not [each for each in deployments if "StageName" in each["Properties"]]


def test_people_find_what_they_need_in_the_outputs(translated: Translated) -> None:
    assert translated.outputs.keys() >= {
        *TABLES,
        "ApiUrl",
        "RestApiId",
        *WORKERS,
        *(f"{queue}Url" for each in DEAD_LETTERS.items() for queue in each),
        "ApiFunction",
        "MailerFunction",
        "EraserFunction",
        "SweeperFunction",
        "UndertakerFunction",
        "SigningSecret",
    }


# --- queues, workers, mailer and eraser


@pytest.mark.parametrize("of", PROFILES)
def test_a_message_stays_hidden_for_six_times_the_workers_timeout(
    translated: Translated, of: str
) -> None:
    worker = translated.resources[f"{of}WorkerFunction"]["Properties"]
    queues = [f"{of}{kind}Queue" for kind in KINDS]
    window = max(source_of(translated, q)["MaximumBatchingWindowInSeconds"] for q in queues)
    hidden = {translated.resources[q]["Properties"]["VisibilityTimeout"] for q in queues}

    assert min(hidden) >= 6 * worker["Timeout"] + window
    assert hidden == {int(worker["Environment"]["Variables"]["VISIBILITY_TIMEOUT"])}


def test_the_api_counts_with_the_queue_that_hides_longest(translated: Translated) -> None:
    hidden = [translated.resources[q]["Properties"]["VisibilityTimeout"] for q in JOB_QUEUES]

    assert variables(translated, "APIHandler")["VISIBILITY_TIMEOUT"] == str(max(hidden))


@pytest.mark.parametrize(("of", "profile"), PROFILES.items())
def test_each_queue_is_read_by_the_worker_of_its_profile_as_this_says(
    translated: Translated, of: str, profile: Profile
) -> None:
    for kind, wanted in zip(KINDS, (profile.interactive, profile.bulk), strict=True):
        source = source_of(translated, f"{of}{kind}Queue")
        assert source["FunctionName"] == {"Ref": f"{of}WorkerFunction"}
        assert source["BatchSize"] == wanted.batch
        assert source["MaximumBatchingWindowInSeconds"] == wanted.window


def test_somebody_who_waits_waits_for_no_window(translated: Translated) -> None:
    queues = ["MailQueue", "ErasureQueue", *(f"{of}InteractiveQueue" for of in PROFILES)]
    sources = [source_of(translated, queue) for queue in queues]

    assert {each["MaximumBatchingWindowInSeconds"] for each in sources} == {0}
    assert [each["BatchSize"] for each in sources] == [3, 1, *[10] * len(PROFILES)]


def test_the_eraser_has_time_for_a_page_beyond_its_reserve(translated: Translated) -> None:
    seconds = translated.resources["EraserFunction"]["Properties"]["Timeout"]

    assert seconds * 1000 >= 2 * erasing.RESERVE_MS


def test_an_erasure_settles_when_the_last_request_of_its_user_has_ended(
    translated: Translated,
) -> None:
    longest = translated.resources["APIHandler"]["Properties"]["Timeout"]

    assert 2 * longest * 1000 + 10_000 <= erasures.SETTLED


def test_the_sweeper_is_called_each_minute_and_by_nothing_else(translated: Translated) -> None:
    [rule] = translated.of_type("AWS::Events::Rule").values()
    told = rule["Properties"]
    sources = translated.of_type("AWS::Lambda::EventSourceMapping").values()

    assert told["ScheduleExpression"] == "rate(1 minute)"
    assert told.get("State", "ENABLED") == "ENABLED"
    assert [each["Arn"] for each in told["Targets"]] == [{"Fn::GetAtt": ["SweeperFunction", "Arn"]}]
    assert {"Ref": "SweeperFunction"} not in [s["Properties"]["FunctionName"] for s in sources]


def test_only_that_rule_may_call_the_sweeper(translated: Translated) -> None:
    [rule] = translated.of_type("AWS::Events::Rule")
    permissions = [
        each["Properties"]
        for each in translated.of_type("AWS::Lambda::Permission").values()
        if each["Properties"]["FunctionName"] == {"Ref": "SweeperFunction"}
    ]

    assert [(each["Principal"], each["SourceArn"]) for each in permissions] == [
        ("events.amazonaws.com", {"Fn::GetAtt": [rule, "Arn"]})
    ]


def test_the_sweeper_has_time_beyond_its_reserve_and_ends_before_the_next(
    translated: Translated,
) -> None:
    seconds = translated.resources["SweeperFunction"]["Properties"]["Timeout"]

    assert 2 * sweeping.RESERVE_MS <= seconds * 1000 <= 60_000


def test_the_sweeper_counts_with_the_queue_that_hides_longest_and_knows_all_of_them(
    translated: Translated,
) -> None:
    sweeper, api = (variables(translated, name) for name in ("SweeperFunction", "APIHandler"))

    assert {name: sweeper[name] for name in ("VISIBILITY_TIMEOUT", "QUEUES")} == {
        name: api[name] for name in ("VISIBILITY_TIMEOUT", "QUEUES")
    }


def test_the_sweeper_knows_neither_accounts_nor_the_secret(translated: Translated) -> None:
    private = {"ACCOUNTS_TABLE", "AUDIT_TABLE", "SIGNING_SECRET", "MAIL_QUEUE_URL"}
    private |= {"ERASURE_QUEUE_URL", *SETTINGS}

    assert not private & variables(translated, "SweeperFunction").keys()


@pytest.mark.parametrize("of", PROFILES)
def test_the_dead_letters_of_every_worker_go_to_the_undertaker(
    translated: Translated, of: str
) -> None:
    told = source_of(translated, f"{of}DeadLetterQueue")
    seconds = translated.resources["UndertakerFunction"]["Properties"]["Timeout"]

    assert told["FunctionName"] == {"Ref": "UndertakerFunction"}
    assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert told["ScalingConfig"] == {"MaximumConcurrency": 2}
    hidden = translated.resources[f"{of}DeadLetterQueue"]["Properties"]["VisibilityTimeout"]
    assert hidden == 6 * seconds


@pytest.mark.parametrize(("queue", "dead_letters"), DEAD_LETTERS.items())
def test_a_message_that_fails_five_times_goes_to_the_dead_letters(
    translated: Translated, queue: str, dead_letters: str
) -> None:
    policy = translated.resources[queue]["Properties"]["RedrivePolicy"]

    assert policy == {
        "deadLetterTargetArn": {"Fn::GetAtt": [dead_letters, "Arn"]},
        "maxReceiveCount": 5,
    }


def test_every_queue_is_encrypted_and_none_is_without_dead_letters(translated: Translated) -> None:
    queues = translated.of_type("AWS::SQS::Queue")

    assert queues.keys() == {*DEAD_LETTERS, *DEAD_LETTERS.values()}
    assert all(each["Properties"]["SqsManagedSseEnabled"] is True for each in queues.values())


@pytest.mark.parametrize("dead_letters", dict.fromkeys(DEAD_LETTERS.values()))
def test_only_its_own_queues_may_use_the_dead_letters(
    translated: Translated, dead_letters: str
) -> None:
    allowed = translated.resources[dead_letters]["Properties"]["RedriveAllowPolicy"]
    queues = [queue for queue, dead in DEAD_LETTERS.items() if dead == dead_letters]
    names = [translated.resources[q]["Properties"]["QueueName"]["Fn::Sub"] for q in queues]
    here = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}"

    assert allowed["redrivePermission"] == "byQueue"
    assert [each["Fn::Sub"] for each in allowed["sourceQueueArns"]] == [
        f"{here}:{name}" for name in names
    ]


@pytest.mark.parametrize(
    "function", ["MailerFunction", "EraserFunction", "SweeperFunction", "UndertakerFunction"]
)
def test_what_runs_no_model_needs_no_layer(translated: Translated, function: str) -> None:
    assert "Layers" not in translated.resources[function]["Properties"]


@pytest.mark.parametrize(("of", "profile"), PROFILES.items())
def test_a_worker_has_the_models_and_the_layers_of_its_profile(
    translated: Translated, of: str, profile: Profile
) -> None:
    layers = translated.resources[f"{of}WorkerFunction"]["Properties"]["Layers"]

    assert [re.sub("[0-9a-f]{10}$", "", layer["Ref"]) for layer in layers] == [
        "ModelLayer",
        *(f"{layer.title()}DepsLayer" for layer in profile.layers),
    ]


# --- tables


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_protected_from_deletion_where_the_stage_says_so(
    translated: Translated, name: str
) -> None:
    protected = translated.resources[name]["Properties"]["DeletionProtectionEnabled"]
    [wanted] = translated.document["Conditions"]["IsProtected"]["Fn::Equals"][1:]

    assert protected == {"Fn::If": ["IsProtected", True, False]}
    assert (wanted, translated.document["Parameters"]["DeletionProtection"]["Default"]) == (
        "true",
        "false",
    )


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_tables_of_every_stage_on_aws_are_protected(stage: str) -> None:
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())

    chosen = stages[stage]["deploy"]["parameters"]["parameter_overrides"]
    assert "DeletionProtection=true" in chosen


def test_there_is_no_other_table_and_none_pays_for_idle_capacity(translated: Translated) -> None:
    tables = translated.of_type("AWS::DynamoDB::Table")

    assert tables.keys() == set(TABLES)
    assert {t["Properties"]["BillingMode"] for t in tables.values()} == {"PAY_PER_REQUEST"}


@pytest.mark.parametrize(
    ("table", "name", "hash_key", "range_key", "projection"),
    [
        ("AccountsTable", "users_by_email", "kind", "email", "ALL"),
        ("AuditTable", "by_time", "kind", "id", "ALL"),
        ("AuditTable", "by_actor", "actor", "id", "ALL"),
        ("AuditTable", "by_target", "target", "id", "ALL"),
        ("PredictionsTable", "by_owner", "user_id", "id", "INCLUDE"),
        ("PredictionsTable", "by_batch", "batch_id", "id", "INCLUDE"),
        ("PredictionsTable", "due", "shard", "due", "KEYS_ONLY"),
    ],
)
def test_an_index_serves_each_list(
    translated: Translated, table: str, name: str, hash_key: str, range_key: str, projection: str
) -> None:
    indexes = translated.resources[table]["Properties"]["GlobalSecondaryIndexes"]
    [index] = [each for each in indexes if each["IndexName"] == name]

    assert keys(index) == [(hash_key, "HASH"), (range_key, "RANGE")]
    assert index["Projection"]["ProjectionType"] == projection


def test_lists_carry_every_attribute_but_input_and_output(translated: Translated) -> None:
    indexes = translated.resources["PredictionsTable"]["Properties"]["GlobalSecondaryIndexes"]
    carried = [
        {*index["Projection"]["NonKeyAttributes"], index["KeySchema"][0]["AttributeName"]}
        for index in indexes
        if index["Projection"]["ProjectionType"] == "INCLUDE"
    ]

    assert carried == [ATTRIBUTES | {"user_id", "batch_id"}] * 2
    assert not ATTRIBUTES & PRIVATE


ATTRIBUTES = {
    "model",
    "version",
    "requested_version",
    "status",
    "error",
    "attempt",
    "cache",
    "charged",
    "created_at",
    "started_at",
    "completed_at",
    "expires_at",
    "retained_until",
    "changed_at",
    "metrics",
    "metadata",
    "retry_of",
}


# --- roles, logs, secret


def test_there_is_a_role_for_each_function_and_no_other(translated: Translated) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    roles = {name: each["Properties"]["Role"] for name, each in functions.items()}

    assert roles == {
        "APIHandler": {"Fn::GetAtt": ["ApiRole", "Arn"]},
        **{f"{of}WorkerFunction": {"Fn::GetAtt": [f"{of}WorkerRole", "Arn"]} for of in PROFILES},
        "MailerFunction": {"Fn::GetAtt": ["MailerRole", "Arn"]},
        "EraserFunction": {"Fn::GetAtt": ["EraserRole", "Arn"]},
        "SweeperFunction": {"Fn::GetAtt": ["SweeperRole", "Arn"]},
        "UndertakerFunction": {"Fn::GetAtt": ["UndertakerRole", "Arn"]},
    }
    assert translated.of_type("AWS::IAM::Role").keys() == OWN_RESOURCES.keys()


@pytest.mark.parametrize("role", OWN_RESOURCES)
def test_a_role_names_its_own_resources_only(translated: Translated, role: str) -> None:
    granted = [each for each in statements(translated.resources[role]) if "Condition" not in each]

    assert all(named_in(each["Resource"]) for each in granted)
    assert set().union(*(named_in(each["Resource"]) for each in granted)) == OWN_RESOURCES[role]


@pytest.mark.parametrize("of", PROFILES)
def test_a_worker_sends_to_its_own_interactive_queue_and_to_no_other(
    translated: Translated, of: str
) -> None:
    granted = statements(translated.resources[f"{of}WorkerRole"])
    sending = [each["Resource"] for each in granted if "sqs:SendMessage" in each["Action"]]

    assert sending == [{"Fn::GetAtt": [f"{of}InteractiveQueue", "Arn"]}]


def test_the_mailer_sends_as_the_configured_sender_and_as_nobody_else(
    translated: Translated,
) -> None:
    granted = statements(translated.resources["MailerRole"])
    [sending] = [each for each in granted if each["Action"] == "ses:SendEmail"]

    assert sending["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailSender"}}}


def test_the_mailer_writes_tokens_and_counters_and_no_account(translated: Translated) -> None:
    granted = statements(translated.resources["MailerRole"])
    [writing] = [each for each in granted if "dynamodb:PutItem" in each["Action"]]

    keys = {"dynamodb:LeadingKeys": ["token#*", "throttle#*"]}
    assert writing["Condition"] == {"ForAllValues:StringLike": keys}


def test_the_eraser_reads_only_users_and_the_list_of_their_predictions(
    translated: Translated,
) -> None:
    granted = statements(translated.resources["EraserRole"])
    by_action = {
        action: strings(statement["Resource"])
        for statement in granted
        for action in strings(statement["Action"])
        if action.startswith("dynamodb:")
    }

    assert by_action.keys() == {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"}
    assert list(by_action["dynamodb:GetItem"]) == ["AccountsTable", "Arn"]
    assert list(by_action["dynamodb:Query"]) == ["${PredictionsTable.Arn}/index/by_owner"]
    assert set(by_action["dynamodb:UpdateItem"]) == {"PredictionsTable", "UsageTable", "Arn"}


def test_the_sweeper_finds_by_two_indexes_writes_rows_and_sends(translated: Translated) -> None:
    by_action: dict[str, set[str]] = {}
    for statement in statements(translated.resources["SweeperRole"]):
        for action in strings(statement["Action"]):
            by_action.setdefault(action, set()).update(strings(statement["Resource"]))

    assert by_action.keys() == {
        *("dynamodb:Query", "dynamodb:UpdateItem", "sqs:SendMessage", "sqs:GetQueueAttributes"),
        *("logs:CreateLogStream", "logs:PutLogEvents"),
    }
    assert by_action["dynamodb:Query"] == {
        "${PredictionsTable.Arn}/index/due",
        "${PredictionsTable.Arn}/index/by_batch",
    }
    assert by_action["dynamodb:UpdateItem"] == {"PredictionsTable", "UsageTable", "Arn"}
    assert by_action["sqs:SendMessage"] == {*JOB_QUEUES, "Arn"}


def test_no_other_role_has_a_condition_in_place_of_a_resource(translated: Translated) -> None:
    roles = translated.of_type("AWS::IAM::Role")
    conditional = {
        name
        for name, role in roles.items()
        if any("Condition" in each for each in statements(role))
    }

    assert conditional == {"MailerRole", "UndertakerRole"}


def test_the_undertaker_puts_dead_letters_into_the_catalogue_and_nothing_else(
    translated: Translated,
) -> None:
    [put] = [
        each
        for each in statements(translated.resources["UndertakerRole"])
        if "dynamodb:PutItem" in strings(each["Action"])
    ]

    assert list(strings(put["Resource"])) == ["CatalogueTable", "Arn"]
    assert put["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["dead-letters"]}
    }


def test_what_was_audited_cannot_be_changed_by_any_role(translated: Translated) -> None:
    actions = {
        action
        for role in translated.of_type("AWS::IAM::Role").values()
        for statement in statements(role)
        if "AuditTable" in named_in(statement["Resource"])
        for action in strings(statement["Action"])
    }

    assert actions == {"dynamodb:PutItem", "dynamodb:Query"}


def test_every_list_of_the_api_may_be_read_by_its_index(translated: Translated) -> None:
    text = json.dumps(statements(translated.resources["ApiRole"]))
    lists = ("users_by_email", "by_owner", "by_batch", "by_time", "by_actor", "by_target")

    assert all(f"/index/{name}" in text for name in lists)


@pytest.mark.parametrize("of", PROFILES)
def test_a_worker_knows_neither_accounts_nor_the_secret_nor_another_workers_queues(
    translated: Translated, of: str
) -> None:
    worker = variables(translated, f"{of}WorkerFunction")
    private = {"ACCOUNTS_TABLE", "AUDIT_TABLE", "SIGNING_SECRET", "MAIL_QUEUE_URL"}
    private |= {"ERASURE_QUEUE_URL", *SETTINGS}

    assert not private & worker.keys()
    assert worker.keys() >= {"PREDICTIONS_TABLE", "USAGE_TABLE", "CATALOGUE_TABLE"}
    assert named_in(worker["QUEUES"]) == {f"{of}{kind}Queue" for kind in KINDS}
    assert json.loads(worker["QUEUES"]["Fn::Sub"]).keys() == {of.lower()}


def test_the_api_knows_the_queues_of_all_workers(translated: Translated) -> None:
    told = variables(translated, "APIHandler")["QUEUES"]

    assert named_in(told) == set(JOB_QUEUES)
    assert json.loads(told["Fn::Sub"]) == {
        of.lower(): {kind.lower(): f"${{{of}{kind}Queue}}" for kind in KINDS} for of in PROFILES
    }


def test_the_mailer_knows_the_accounts_and_not_the_secret(translated: Translated) -> None:
    mailer = variables(translated, "MailerFunction")

    assert mailer.keys() >= {"ACCOUNTS_TABLE", "MAIL_SENDER", "ONE_TIME_TOKEN_SECONDS"}
    assert not {"SIGNING_SECRET", "AUDIT_TABLE", "MAIL_QUEUE_URL"} & mailer.keys()


def test_the_api_and_the_eraser_ask_for_erasures_at_the_same_queue(
    translated: Translated,
) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    told = {name: variables(translated, name).get("ERASURE_QUEUE_URL") for name in functions}

    assert {name: url for name, url in told.items() if url} == {
        "APIHandler": {"Ref": "ErasureQueue"},
        "EraserFunction": {"Ref": "ErasureQueue"},
    }


def test_the_eraser_knows_the_accounts_and_not_the_secret(translated: Translated) -> None:
    eraser = variables(translated, "EraserFunction")

    assert eraser.keys() >= {"ACCOUNTS_TABLE", "PREDICTIONS_TABLE", "USAGE_TABLE"}
    assert not {"SIGNING_SECRET", "AUDIT_TABLE", "MAIL_QUEUE_URL", *SETTINGS} & eraser.keys()


def test_the_mailer_always_has_an_address_for_its_links(translated: Translated) -> None:
    told, api = variables(translated, "MailerFunction")["PUBLIC_URL"], translated.outputs["ApiUrl"]

    assert told == api["Value"]


def test_a_setting_is_the_parameter_of_the_same_name(translated: Translated) -> None:
    told = variables(translated, "APIHandler")

    assert {name: told[name] for name in SETTINGS} == {
        name: {"Ref": name.title().replace("_", "")} for name in SETTINGS
    }


def test_every_parameter_that_a_function_is_told_is_a_text(translated: Translated) -> None:
    functions = translated.of_type("AWS::Lambda::Function")
    told = [value for name in functions for value in variables(translated, name).values()]
    names = {value["Ref"] for value in told if isinstance(value, dict) and "Ref" in value}
    parameters = translated.document["Parameters"]

    assert {parameters[name]["Type"] for name in names & parameters.keys()} == {"String"}
    assert all(isinstance(parameters[n]["Default"], str) for n in names & parameters.keys())


def test_the_secret_is_generated_by_aws(translated: Translated) -> None:
    secret = translated.resources["SigningSecret"]["Properties"]

    assert "SecretString" not in secret
    assert secret["GenerateSecretString"]["GenerateStringKey"] == "current"


# --- what the gateway answers by itself


def gateway_bodies(translated: Translated) -> dict[str, dict[str, Any]]:
    body = translated.resources["RestAPI"]["Properties"]["Body"]
    responses = body["x-amazon-apigateway-gateway-responses"]
    return {
        kind: json.loads(response["responseTemplates"]["application/json"])
        for kind, response in responses.items()
    }


def test_an_unknown_path_is_a_problem_document_with_404(translated: Translated) -> None:
    responses = translated.resources["RestAPI"]["Properties"]["Body"]
    unknown = responses["x-amazon-apigateway-gateway-responses"]["MISSING_AUTHENTICATION_TOKEN"]

    assert int(unknown["statusCode"]) == 404
    assert gateway_bodies(translated)["MISSING_AUTHENTICATION_TOKEN"]["code"] == "not-found"


def test_every_answer_of_the_gateway_is_a_problem_document_that_names_the_request(
    translated: Translated,
) -> None:
    bodies = gateway_bodies(translated)

    assert bodies.keys() >= {"MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX", "DEFAULT_5XX"}
    for body in bodies.values():
        assert body["type"] == f"urn:lambent:problem:{body['code']}"
        assert body["request_id"] == "$context.requestId"


def test_every_answer_of_the_gateway_has_the_security_headers(translated: Translated) -> None:
    body = translated.resources["RestAPI"]["Properties"]["Body"]
    responses = body["x-amazon-apigateway-gateway-responses"].values()
    prefix = "gatewayresponse.header."
    wanted = {"Content-Type", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"}

    assert all(
        {f"{prefix}{name}" for name in wanted} <= each["responseParameters"].keys()
        for each in responses
    )
