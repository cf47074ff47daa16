"""Whoever leaves is forgotten: their predictions are erased, by a queued job, and nobody else's."""

import json
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.desk import Desk, desk_of_somebody
from tests.e2e.people import PASSWORD, Account
from tests.e2e.predictions import PLACE, predicted
from tests.emulators import aws, eventually


def one_of_each(desk: Desk) -> list[str]:
    """Queued, succeeded and failed; their ids."""
    client = bearing(desk.owner)
    done = predicted(client, "temperature", PLACE)
    unfit = desk.accept(metadata={"name": "Ada"}, input={"nonsense": "of Ada's"})
    desk.send(unfit)
    assert eventually(lambda: read(client, unfit.id).json()["status"] == "failed")
    return [desk.accept(metadata={"name": "Ada"}).id, done["id"], unfit.id]


def bearing(owner: Account) -> httpx.Client:
    """Bears the token of that somebody."""
    owner.http.headers.update(owner.bearer)
    return owner.http


def read(client: httpx.Client, prediction_id: str) -> httpx.Response:
    return client.get(f"/v1/predictions/{prediction_id}")


def erased(admin: httpx.Client, ids: list[str]) -> bool:
    """Within 30 s."""
    return eventually(lambda: [read(admin, id).status_code for id in ids] == [410] * 3, seconds=30)


def tables(lambent: Lambent) -> dict[str, str]:
    """The stack's tables by their names in its outputs."""
    formation = aws(lambent.workspace, "cloudformation")
    [stack] = formation.describe_stacks(StackName=lambent.workspace.stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def metered(lambent: Lambent, user_id: str) -> list[dict[str, Any]]:
    """The months of a user's usage, as they are stored."""
    found = aws(lambent.workspace, "dynamodb").query(
        TableName=tables(lambent)["UsageTable"],
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
    )
    return list(found["Items"])


@pytest.fixture
def leaver(lambent: Lambent) -> Desk:
    return desk_of_somebody(lambent, "leaver")


def test_who_leaves_is_forgotten_and_nobody_else(
    lambent: Lambent, admin: httpx.Client, leaver: Desk
) -> None:
    stayer = desk_of_somebody(lambent, "stayer")
    theirs, others = one_of_each(leaver), one_of_each(stayer)
    before = [read(admin, id).json() for id in others]
    assert [read(admin, id).status_code for id in theirs] == [200] * 3

    left = leaver.owner.ask("DELETE", "/v1/users/me", json={"current_password": PASSWORD})

    assert left.status_code == 204, left.text
    assert erased(admin, theirs)
    assert [read(admin, id).json() for id in others] == before
    [month] = metered(lambent, leaver.owner.id)
    assert month["total"] == {"N": "2"}  # what had not begun is not counted
    assert {name[0] for name in month} >= {"d", "s", "f"}
    rows = aws(lambent.workspace, "dynamodb").batch_get_item(
        RequestItems={
            tables(lambent)["PredictionsTable"]: {"Keys": [{"id": {"S": id}} for id in theirs]}
        }
    )
    assert "Ada" not in json.dumps(rows["Responses"])


def test_who_is_deleted_is_forgotten_too(
    lambent: Lambent, admin: httpx.Client, leaver: Desk
) -> None:
    theirs = one_of_each(leaver)

    assert admin.delete(f"/v1/users/{leaver.owner.id}").status_code == 204

    assert erased(admin, theirs)
    audited = admin.get("/v1/admin/audit", params={"target": leaver.owner.id}).json()["data"]
    assert "user.deleted" in {each["event"] for each in audited}
    said = lambent.run("logs", "eraser", "--id", leaver.owner.id, "--json")
    told = [json.loads(line) for line in said.stdout.splitlines()]
    assert {each["erased"] for each in told} >= {3}
