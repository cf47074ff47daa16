"""API, queue, worker and tables together, in one process on moto, and what they ask of AWS."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO

import pytest

from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue
from chalicelib.api import wiring
from chalicelib.domain.accounts.callers import Origin
from chalicelib.errors import AppError, NotFound, QuotaExceeded
from chalicelib.services.admitting import Admission
from chalicelib.services.submission import Order, Submission
from tests.emulators import eventually
from tests.integration.api import Api
from tests.integration.client import Client
from tests.integration.cloud import Cloud, template_tables
from tests.integration.worker import Worker
from tests.samples import PLACE, TEMPERATURE, a_grant, a_session, a_user, claims_of
from tests.world import World

SUBMIT = "/v1/models/temperature/predictions"


def test_a_real_prediction_goes_the_whole_way(client: Client, worker: Worker) -> None:
    submitted = client.post(SUBMIT, {"input": PLACE, "metadata": {"order": "naïve 🙂"}})
    assert submitted.status == 202
    assert worker.work() == []
    read = client.get(f"/v1/predictions/{submitted.json['id']}").json
    assert read["status"] == "succeeded"
    assert read["output"]["temperature"] == pytest.approx(TEMPERATURE, abs=1e-9)
    assert (read["input"], read["metadata"]) == (PLACE, {"order": "naïve 🙂"})
    assert read["metrics"]["batch_size"] == 1


def test_the_seeds_walk_through_ends_in_its_number(client: Client, worker: Worker) -> None:
    task = client.post("/v1/inference/predict-temp/2", PLACE).json["task_id"]
    worker.work()
    answer = client.get(f"/v1/inference/task-status/{task}").json
    assert answer["state"] == "SUCCESS"
    assert answer["result"]["temperature"] == pytest.approx(TEMPERATURE, abs=1e-9)


def test_a_submit_is_three_calls(client: Client) -> None:
    three = {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessage": 1}
    assert client.cost_of_post(SUBMIT, {"input": PLACE}) == three
    assert client.cost_of_post("/v1/inference/predict-temp/2", PLACE) == three


def test_when_to_come_back_is_looked_up_once_in_ten_seconds(cloud: Cloud, client: Client) -> None:
    before = list(cloud.wire.of_figures)
    for _ in range(3):
        id = client.post(SUBMIT, {"input": PLACE}).json["id"]
        client.get(f"/v1/predictions/{id}")
    assert (before, cloud.wire.of_figures) == ([], ["GetItem"])


def test_a_key_adds_no_call_to_a_submit_or_a_read(client: Client) -> None:
    client.turn_to_a_key()
    three = {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessage": 1}
    assert client.cost_of_post(SUBMIT, {"input": PLACE}) == three
    assert client.cost_of_get("/v1/models") == {"BatchGetItem": 1}


def test_asking_for_mail_costs_the_same_for_nobody(client: Client) -> None:
    for path in ("/v1/auth/forgot-password", "/v1/auth/request-verify-token"):
        known, unknown = (
            client.cost_of_post(path, {"email": email})
            for email in ("ada@example.com", "nobody@example.com")
        )
        assert known == unknown == {"UpdateItem": 1, "SendMessage": 1}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/users/me",
        "/v1/models",
        "/v1/models/temperature",
        "/v1/models/nonsense",
        "/v1/predictions/nonsense",
    ],
)
def test_a_read_is_one_call(client: Client, path: str) -> None:
    assert client.cost_of_get(path) == {"BatchGetItem": 1}


def test_a_read_of_a_prediction_is_one_call(client: Client) -> None:
    id = client.post(SUBMIT, {"input": PLACE}).json["id"]
    for path in (f"/v1/predictions/{id}", f"/v1/inference/task-status/{id}"):
        assert client.cost_of_get(path) == {"BatchGetItem": 1}


def test_ending_what_waits_is_a_read_and_a_transaction(client: Client) -> None:
    id = client.post(SUBMIT, {"input": PLACE}).json["id"]
    path = f"/v1/predictions/{id}/cancel"
    assert client.cost_of_post(path, {}) == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert client.cost_of_post(path, {}) == {"BatchGetItem": 1}


def test_erasing_is_an_update_more(client: Client, cloud: Cloud) -> None:
    id = client.post(SUBMIT, {"input": PLACE}).json["id"]
    cloud.wire.forget()
    assert client.delete(f"/v1/predictions/{id}").status == 204
    assert cloud.wire.count() == {"BatchGetItem": 1, "TransactWriteItems": 1, "UpdateItem": 1}


def test_a_retry_is_a_submit_and_a_read(client: Client) -> None:
    id = client.post(SUBMIT, {"input": PLACE}).json["id"]
    client.post(f"/v1/predictions/{id}/cancel", {})
    four = {"BatchGetItem": 2, "TransactWriteItems": 1, "SendMessage": 1}
    assert client.cost_of_post(f"/v1/predictions/{id}/retry", {}) == four


def test_a_page_of_predictions_is_a_read_and_a_query(client: Client) -> None:
    for _ in range(3):
        client.post(SUBMIT, {"input": PLACE})
    assert client.cost_of_get("/v1/predictions?limit=2") == {"BatchGetItem": 1, "Query": 1}


def test_who_waits_looks_again_at_half_the_price(cloud: Cloud, client: Client) -> None:
    id = client.post(SUBMIT, {"input": PLACE}).json["id"]
    cloud.wire.forget()
    answer = client.get(f"/v1/predictions/{id}", {"Prefer": "wait=1"})
    first, *looks = cloud.wire.calls
    assert (answer.status, answer.headers["Preference-Applied"]) == (200, "wait=1")
    assert (first, set(looks)) == ("BatchGetItem", {"GetItem"})
    assert len(looks) <= 9
    assert not any("ConsistentRead" in body for body in cloud.wire.bodies[1:])


def test_what_expired_is_a_transaction_and_its_neighbours_are_a_statement(
    cloud: Cloud, client: Client, worker: Worker
) -> None:
    late = client.post(SUBMIT, {"input": PLACE, "expires_in": 1}).json
    client.post(SUBMIT, {"input": PLACE})
    deliveries = worker.receive()
    deadline = datetime.fromisoformat(late["expires_at"])
    assert eventually(lambda: datetime.now(UTC) > deadline)
    cloud.wire.forget()
    assert worker.run(deliveries) == []
    count = cloud.wire.count()
    assert (count["TransactWriteItems"], count["BatchExecuteStatement"]) == (1, 1)
    assert client.get(f"/v1/predictions/{late['id']}").json["status"] == "expired"


def test_a_refused_submit_is_one_call(client: Client) -> None:
    assert client.cost_of_post(SUBMIT, {"input": {}}) == {"BatchGetItem": 1}
    assert client.cost_of_post("/v1/models/nonsense/predictions", {}) == {"BatchGetItem": 1}


def test_what_needs_nobody_is_no_call(client: Client) -> None:
    assert client.cost_of_get("/v1/inference/predict/get_info/2") == {}
    assert client.cost_of_get("/v1/health/live") == {}


def test_a_token_that_does_not_hold_is_no_call(cloud: Cloud, client: Client, world: World) -> None:
    cloud.wire.forget()
    assert Api(world).get("/v1/users/me", "nonsense").status == 401
    assert cloud.wire.count() == {}


def test_being_ready_is_a_call_to_each_dependency(client: Client) -> None:
    assert client.cost_of_get("/v1/health/ready") == {"GetItem": 1, "GetQueueAttributes": 1}


def test_not_being_ready_names_what_does_not_answer(cloud: Cloud, client: Client) -> None:
    for _ in range(2):
        cloud.wire.refuse("GetItem", "InternalServerError")
    answer = client.get("/v1/health/ready")
    assert (answer.status, answer.json["detail"]) == (503, "Not ready: table")


def test_ten_results_of_two_models_are_two_statements_and_two_notes_of_usage(
    cloud: Cloud, client: Client, worker: Worker
) -> None:
    for _ in range(5):
        client.post(SUBMIT, {"input": PLACE})
        client.post("/v1/models/sentiment/predictions", {"input": {"text": "Lovely!"}})
    deliveries = worker.receive()
    cloud.wire.forget()
    assert worker.run(deliveries) == []
    assert cloud.wire.count() == {"BatchExecuteStatement": 2, "UpdateItem": 2}


@pytest.mark.parametrize(("policy", "reads"), [(99, 2), (-1, 1), (10**3000, 1)])
def test_a_policy_that_cannot_be_is_not_looked_up(
    cloud: Cloud, services: wiring.Services, client: Client, policy: int, reads: int
) -> None:
    """Its key would be too long, which is an error of DynamoDB's and would be a 503 of ours."""
    cloud.wire.forget()
    with pytest.raises(NotFound, match=r"^Access policy with id"):
        services.granting.grant(client.user["id"], "temperature", policy, Origin())
    assert cloud.wire.count() == {"GetItem": reads}


def test_of_forty_submits_at_once_on_a_limit_of_ten_exactly_ten_are_accepted(
    cloud: Cloud, client: Client
) -> None:
    use = wiring.services()
    submission = Submission(
        use.reading,
        PredictionTable(cloud.dynamodb, cloud.settings),
        SqsQueue(cloud.sqs, cloud.settings.queues),
        cloud.settings.visibility_timeout,
    )
    user = a_user()
    session = a_session(user)
    wiring.services().users.add(user)
    SessionTable().start(session)
    AccessTable(cloud.dynamodb, cloud.settings).put_grant(a_grant(user, daily=10))
    admissions = [use.admitting.admit(claims_of(session), "temperature") for _ in range(40)]

    def attempt(admission: Admission) -> type[AppError] | None:
        try:
            submission.submit(admission, Order(PLACE))
        except AppError as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(attempt, admissions))
    assert answers.count(None) == 10
    assert answers.count(QuotaExceeded) == 30


def test_the_tables_of_these_tests_are_the_templates() -> None:
    tables = template_tables()
    assert tables.keys() == {
        "accounts_table",
        "predictions_table",
        "usage_table",
        "catalogue_table",
        "audit_table",
    }
    indexes = [each["IndexName"] for each in tables["predictions_table"]["GlobalSecondaryIndexes"]]
    assert indexes == ["by_owner", "by_batch", "due"]


def test_a_submit_logs_one_line(client: Client, log: StringIO) -> None:
    client.post(SUBMIT, {"input": PLACE})
    assert len(log.getvalue().splitlines()) == 1
