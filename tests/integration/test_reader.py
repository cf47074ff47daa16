"""The first call of a request, when DynamoDB leaves keys unprocessed or does not answer."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.batches import TRIES
from chalicelib.adapters.reader import TableReader
from chalicelib.domain.accounts.callers import Credential
from chalicelib.errors import Unavailable
from chalicelib.services.ports.reading import Wanted
from tests.integration.cloud import Cloud
from tests.integration.partiql import answer, body_of
from tests.samples import a_key, a_session, a_user, claims_of, key_claims_of

USER = a_user()
SESSION = a_session(USER)
CLAIMS = claims_of(SESSION)


@pytest.fixture
def reader(cloud: Cloud) -> TableReader:
    UserTable(cloud.dynamodb).add(USER)
    SessionTable().start(SESSION)
    cloud.wire.forget()
    return TableReader(cloud.dynamodb, cloud.settings)


def unprocessed(request: AWSPreparedRequest) -> AWSResponse:
    """Nothing was read: ask again for all of it."""
    return answer(request, {"Responses": {}, "UnprocessedKeys": body_of(request)["RequestItems"]})


def test_keys_that_were_left_are_asked_for_again(
    cloud: Cloud, reader: TableReader, slept: list[float]
) -> None:
    cloud.wire.give("BatchGetItem", unprocessed)
    found = reader.read(CLAIMS, Wanted(models=("temperature",), month="2026-11"))
    assert (found.user, found.proof) == (USER, SESSION)
    assert cloud.wire.count() == {"BatchGetItem": 2}
    assert len(slept) == 1


def test_only_what_was_left_is_asked_for_again(
    cloud: Cloud, reader: TableReader, slept: list[float]
) -> None:
    def half(request: AWSPreparedRequest) -> AWSResponse:
        keys = body_of(request)["RequestItems"]["accounts"]
        user, session = keys["Keys"]
        rows = cloud.aside.batch_get_item(RequestItems={"accounts": {"Keys": [user]}})["Responses"]
        left = {"accounts": {**keys, "Keys": [session]}}
        return answer(request, {"Responses": rows, "UnprocessedKeys": left})

    cloud.wire.give("BatchGetItem", half)
    found = reader.read(CLAIMS, Wanted())
    assert (found.user, found.proof) == (USER, SESSION)


def test_keys_that_stay_unprocessed_are_a_503_within_a_second(
    cloud: Cloud, reader: TableReader, slept: list[float]
) -> None:
    for _ in range(TRIES):
        cloud.wire.give("BatchGetItem", unprocessed)
    with pytest.raises(Unavailable) as refusal:
        reader.read(CLAIMS, Wanted())
    assert refusal.value.retry_after == 1
    assert sum(slept) < 1


def test_every_read_is_strongly_consistent(cloud: Cloud, reader: TableReader) -> None:
    seen: list[Any] = []

    def noted(request: AWSPreparedRequest) -> AWSResponse:
        seen.extend(body_of(request)["RequestItems"].values())
        return answer(request, {"Responses": {}})

    cloud.wire.give("BatchGetItem", noted)
    reader.read(CLAIMS, Wanted(("temperature",), "2026-11", USER.id))
    assert [each["ConsistentRead"] for each in seen] == [True] * 4


def test_a_table_that_does_not_answer_is_unavailable(
    cloud: Cloud, reader: TableReader, slept: list[float]
) -> None:
    for _ in range(2):
        cloud.wire.refuse("BatchGetItem", "InternalServerError")
    with pytest.raises(Unavailable):
        reader.read(CLAIMS, Wanted())


@pytest.mark.parametrize("credential", [CLAIMS, key_claims_of(a_key(USER))])
@pytest.mark.parametrize("other", [USER.id, a_user().id])
def test_everything_is_one_call_and_no_key_is_in_it_twice(
    cloud: Cloud, reader: TableReader, credential: Credential, other: str
) -> None:
    models = ("temperature", "sentiment")
    reader.read(credential, Wanted(models, "2026-11", USER.id, other, "one", "one", USER.id))
    assert cloud.wire.count() == {"BatchGetItem": 1}
    for table in cloud.wire.bodies[0]["RequestItems"].values():
        keys = [str(key) for key in table["Keys"]]
        assert len(keys) == len(set(keys))
