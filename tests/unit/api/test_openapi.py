"""The document of the API: valid, complete, and the one that is committed."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice
from openapi_spec_validator import validate
from pydantic import BaseModel, Field, create_model

from app import app
from chalicelib.api import wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.openapi.document import VERSION, document
from chalicelib.api.openapi.places import Place, places, recorded
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.inference.registry import Spec
from infra.cli.openapi import FILE, require_fresh
from infra.local.errors import Trouble
from infra.workspace import ROOT
from tests.samples import PLACE
from tests.unit.api.test_weight import loaded_by

MODELS = list(wiring.catalogue())
BASE_URL = "https://example.com/api"
PAGES = {"/", "/docs", "/openapi.json", "/static/{digest}/{name}"}
IMPORT_APP = """
import json, sys
import app
print(json.dumps([name for name in sys.modules if name.startswith("chalicelib.api.openapi.")]))
"""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document as it is served, through JSON."""
    loaded: dict[str, Any] = json.loads(json.dumps(document(app, MODELS, BASE_URL)))
    return loaded


def undescribed(routes: Chalice) -> list[str]:
    """The answers whose body the document could not tell."""
    return [
        f"{listed.method} {listed.path} {status}"
        for listed in recorded(routes)
        if listed.is_listed
        for status, answer in listed.answers.items()
        if answer is None and status not in (204, 304)
    ]


def an_app(routes: Blueprint) -> Chalice:
    """An app of these routes alone."""
    made = Chalice(app_name="other", configure_logs=False)
    made.register_blueprint(routes)
    return made


def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    validate(described)
    assert described["openapi"] == "3.1.0"


def test_the_committed_document_is_what_the_code_says() -> None:
    require_fresh(ROOT / FILE)


@pytest.mark.parametrize("held", [None, "{}\n"])
def test_another_document_is_stale_and_the_cure_is_told(tmp_path: Path, held: str | None) -> None:
    file = tmp_path / "openapi.json"
    if held:
        file.write_text(held)
    with pytest.raises(Trouble) as told:
        require_fresh(file)
    assert "./run.sh openapi" in told.value.cure


def test_every_route_tells_what_it_answers() -> None:
    assert undescribed(app) == []


def test_only_pages_are_left_out() -> None:
    assert {each.path for each in recorded(app) if not each.is_listed} == PAGES


def test_a_route_that_nobody_recorded_does_not_pass() -> None:
    bare = Chalice(app_name="bare", configure_logs=False)
    bare.route("/v1/forgotten")(lambda: {})
    with pytest.raises(AttributeError, match="endpoint"):
        list(recorded(bare))


def test_a_route_without_a_schema_does_not_pass() -> None:
    routes = Blueprint(__name__)

    @endpoint(routes, "GET", "/v1/silent", answers={200: None})
    def silent(request: Request[None, None]) -> Reply:
        return Reply({})

    assert undescribed(an_app(routes)) == ["GET /v1/silent 200"]


def test_it_serves_at_the_address_it_was_asked_for(described: dict[str, Any]) -> None:
    assert described["servers"] == [{"url": BASE_URL}]


def test_its_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION


def test_no_two_operations_share_an_id() -> None:
    ids = [place.operation_id for place in places(recorded(app))]
    assert len(set(ids)) == len(ids)
    assert all(id.isidentifier() for id in ids)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.name)
def test_each_model_has_paths_of_its_own(described: dict[str, Any], spec: Spec) -> None:
    submit = described["paths"][f"/v1/models/{spec.name}/predictions"]["post"]
    bare = described["paths"][f"/v1/inference/predict-{spec.name}/{spec.id}"]["post"]
    name = spec.input_type.__name__

    assert ref_of(submit["requestBody"]) == f"Submission.{spec.name}"
    assert ref_of(submit["responses"]["202"]) == f"PredictionView.{spec.name}"
    assert ref_of(bare["requestBody"]).endswith(name)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.name)
def test_a_models_prediction_holds_its_input_and_output(
    described: dict[str, Any], spec: Spec
) -> None:
    own = described["components"]["schemas"][f"PredictionView.{spec.name}"]["properties"]

    assert own["model"]["const"] == spec.name
    assert own["input"]["$ref"].endswith(spec.input_type.__name__)
    assert own["output"]["anyOf"][0]["$ref"].endswith(spec.output_type.__name__)
    assert own["output"]["anyOf"][1] == {"type": "null"}


def ref_of(holder: dict[str, Any]) -> str:
    """The component of its JSON."""
    return str(holder["content"]["application/json"]["schema"]["$ref"]).rpartition("/")[2]


@pytest.mark.parametrize(
    "place",
    [place for place in places(recorded(app)) if place.endpoint.reads_body],
    ids=lambda place: place.operation_id,
)
def test_an_example_works_when_it_is_pasted(described: dict[str, Any], place: Place) -> None:
    operation = described["paths"][place.path][place.endpoint.method.lower()]
    example = operation["requestBody"]["content"][place.endpoint.media_type]["example"]

    place.taken.model_validate(example, strict=True)
    if place.spec and "input" in example:
        place.spec.input_type.model_validate(example["input"], strict=True)


def test_the_example_of_the_temperature_is_the_known_one(described: dict[str, Any]) -> None:
    submit = described["paths"]["/v1/models/temperature/predictions"]["post"]
    assert submit["requestBody"]["content"]["application/json"]["example"] == {"input": PLACE}


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/v1/health/live", "200"),
        ("get", "/v1/users/me", "200 401 403 503"),
        ("patch", "/v1/users/me", "200 400 401 403 413 415 422 429 503"),
        ("delete", "/v1/users/me", "204 400 401 403 409 413 415 422 429 503"),
        ("get", "/v1/users", "200 401 403 422 503"),
        ("patch", "/v1/users/{user_id}", "200 400 401 403 404 409 413 415 422 503"),
        ("delete", "/v1/users/{user_id}", "204 400 401 403 404 409 503"),
        ("delete", "/v1/users/me/sessions/{session_id}", "204 401 403 404 503"),
        ("post", "/v1/users/me/api-keys", "201 400 401 403 409 413 415 422 503"),
        ("get", "/v1/admin/audit", "200 401 403 422 503"),
        ("get", "/v1/admin/queue", "200 401 403 503"),
        ("get", "/v1/admin/dead-letters", "200 401 403 422 503"),
        ("post", "/v1/admin/dead-letters/redrive", "202 400 401 403 413 415 422 503"),
        ("post", "/v1/access-policies", "201 400 401 403 409 413 415 422 503"),
        ("patch", "/v1/access-policies/{policy_id}", "200 400 401 403 404 409 413 415 422 503"),
        ("delete", "/v1/access-policies/{policy_id}", "204 401 403 404 409 503"),
        ("put", "/v1/users/{user_id}/grants/{model}", "200 400 401 403 404 413 415 422 503"),
        ("get", "/v1/me/usage", "200 401 403 422 503"),
        ("get", "/v1/me/quotas", "200 401 403 503"),
        ("patch", "/v1/models/{model}", "200 400 401 403 404 413 415 422 503"),
        ("get", "/v1/predictions/{prediction_id}", "200 304 401 403 404 410 503"),
        ("get", "/v1/predictions", "200 401 403 422 503"),
        ("delete", "/v1/predictions/{prediction_id}", "204 401 403 404 410 503"),
        ("post", "/v1/predictions/{prediction_id}/cancel", "200 401 403 404 410 503"),
        (
            "post",
            "/v1/predictions/{prediction_id}/retry",
            "200 202 400 401 403 404 409 410 413 422 429 503",
        ),
        ("post", "/v1/auth/register", "201 400 413 415 422 429 503"),
        ("post", "/v1/auth/jwt/login", "200 400 413 415 422 429 503"),
        ("post", "/v1/auth/jwt/refresh", "200 400 401 413 415 422 429 503"),
        ("post", "/v1/auth/forgot-password", "202 400 413 415 422 429 503"),
        ("get", "/.well-known/jwks.json", "200 503"),
        ("post", "/v1/inference/predict-temp/2", "200 400 401 403 410 413 415 422 503"),
        (
            "post",
            "/v1/models/temperature/predictions",
            "200 202 400 401 403 410 413 415 422 429 503",
        ),
        ("post", "/v1/inference/pair_user_model", "200 400 401 403 404 413 415 422 503"),
    ],
)
def test_an_operation_tells_every_status(
    described: dict[str, Any], method: str, path: str, statuses: str
) -> None:
    assert " ".join(described["paths"][path][method]["responses"]) == statuses


def test_a_refusal_tells_its_codes_and_when_to_come_again(described: dict[str, Any]) -> None:
    response = described["components"]["responses"]["503.unavailable.model-disabled"]
    schema = response["content"]["application/problem+json"]["schema"]

    assert schema["properties"]["code"] == {"enum": ["unavailable", "model-disabled"]}
    assert "Retry-After" in response["headers"]


@pytest.mark.parametrize(
    ("path", "security"), [("/v1/users/me", [{"bearer": []}]), ("/v1/health/live", [])]
)
def test_who_needs_a_token_is_told(
    described: dict[str, Any], path: str, security: list[object]
) -> None:
    assert described["paths"][path]["get"]["security"] == security


def test_two_types_of_one_name_are_told_apart() -> None:
    first = create_model("Input", __module__="ml_models.first", text=(str, ...))
    second = create_model("Input", __module__="ml_models.second", number=(int, ...))

    schemas = Schemas([first, second], [])

    assert schemas.taken(first) != schemas.taken(second)
    assert len(schemas.components) == 2


class Defaulted(BaseModel):
    """A field that may be left out of a request is in every answer."""

    text: str = Field("none", examples=["some"])


def test_what_has_a_default_is_optional_to_send_and_always_answered() -> None:
    schemas = Schemas([Defaulted], [Defaulted])
    taken, given = (schemas.components[f"Defaulted-{way}"] for way in ("Input", "Output"))

    assert "required" not in taken
    assert given["required"] == ["text"]


def test_without_an_example_of_each_part_there_is_none() -> None:
    schemas = Schemas([create_model("Bare", text=(str, ...))], [])
    with pytest.raises(LookupError):
        schemas.example({"$ref": "#/components/schemas/Bare"})


def test_starting_the_api_does_not_make_the_document() -> None:
    assert loaded_by(IMPORT_APP) == set()


def test_the_headers_that_a_route_heeds_are_its_parameters(described: dict[str, Any]) -> None:
    read = described["paths"]["/v1/predictions/{prediction_id}"]["get"]
    sent = [each for each in read["parameters"] if each["in"] == "header"]
    taken = [(each["name"], each["required"]) for each in sent]
    assert taken == [("Prefer", False), ("If-None-Match", False)]
    assert read["responses"]["304"].keys() == {"description", "headers"}


def test_only_a_refusal_for_want_of_quota_tells_the_limits(described: dict[str, Any]) -> None:
    responses = described["components"]["responses"]
    limited = {name for name, each in responses.items() if "RateLimit" in each["headers"]}
    assert limited == {"429.quota-exceeded"}
