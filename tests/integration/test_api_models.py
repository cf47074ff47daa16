"""The catalogue, over HTTP."""

import pytest

from tests.integration.api import Api
from tests.samples import PLACE
from tests.world import Person, World

MEMBERS = {
    "id",
    "name",
    "version",
    "problem",
    "category",
    "description",
    "worker",
    "enabled",
    "cacheable",
    "input_schema",
    "output_schema",
    "grant",
    "quota",
}


def test_every_model_is_listed_with_my_grant_or_none(api: Api, ada: Person) -> None:
    listed = api.get("/v1/models", ada).json["data"]
    names = [(model["id"], model["name"]) for model in listed]
    assert names[:2] == [(1, "sentiment"), (2, "temperature")]
    assert [model["grant"] for model in listed[:2]] == [
        None,
        {"access_policy_id": 1, "expires_at": None},
    ]
    assert all(model.keys() == MEMBERS for model in listed)


@pytest.mark.parametrize("reference", ["2", "temperature"])
def test_a_model_tells_its_schemas_and_what_is_left_to_me(
    api: Api, world: World, ada: Person, reference: str
) -> None:
    world.grant(ada, "temperature", daily=5)
    api.post("/v1/models/temperature/predictions", ada, {"input": PLACE})
    model = api.get(f"/v1/models/{reference}", ada).json
    assert model["input_schema"]["properties"].keys() == PLACE.keys()
    assert model["quota"] == {
        "daily": {"limit": 5, "used": 1, "remaining": 4, "reset": "2026-11-24T00:00:00.000Z"},
        "monthly": {
            "limit": None,
            "used": 1,
            "remaining": None,
            "reset": "2026-12-01T00:00:00.000Z",
        },
    }


def test_a_model_that_is_switched_off_says_so(api: Api, world: World, ada: Person) -> None:
    world.memory.disabled.add("temperature")
    assert api.get("/v1/models/temperature", ada).json["enabled"] is False


@pytest.mark.parametrize(
    ("reference", "detail"),
    [("99", "Model with id 99 not found"), ("nonsense", "Model nonsense not found")],
)
def test_an_unknown_model_is_a_404(api: Api, ada: Person, reference: str, detail: str) -> None:
    answer = api.get(f"/v1/models/{reference}", ada)
    assert (answer.status, answer.json["detail"]) == (404, detail)


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/temperature", "/v1/models/nonsense"])
def test_the_catalogue_needs_a_token(api: Api, path: str) -> None:
    assert api.get(path).status == 401
