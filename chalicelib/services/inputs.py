"""What an input and its metadata may be."""

import json
from collections.abc import Mapping

from pydantic import ValidationError

from chalicelib.domain.predictions import Json
from chalicelib.errors import Invalid, TooLarge
from chalicelib.inference.registry import Spec
from chalicelib.services.validation import invalid

INPUT_LIMIT = 128 * 1024
METADATA_LIMIT = 4 * 1024
METADATA_KEYS = 16


def require_fit(spec: Spec, value: Json, at: str) -> None:
    """TooLarge, or Invalid with the places below `at` that do not fit the model's schema."""
    text = _json(value, at)
    if len(text.encode()) > INPUT_LIMIT:
        raise TooLarge(f"An input has at most {INPUT_LIMIT // 1024} KB as JSON")
    try:
        spec.input_type.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise invalid(error, at) from None


def require_small(metadata: Mapping[str, Json]) -> None:
    """TooLarge for more than a note to oneself."""
    if (
        len(metadata) > METADATA_KEYS
        or len(_json(dict(metadata), "/metadata").encode()) > METADATA_LIMIT
    ):
        limits = f"at most {METADATA_KEYS} keys and {METADATA_LIMIT // 1024} KB"
        raise TooLarge(f"metadata has {limits}")


def _json(value: Json, at: str) -> str:
    """Its JSON text; a number beyond a double's range was read as infinite and is refused."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        detail = "Input should hold finite numbers only"
        finding = {"pointer": at, "detail": detail, "code": "finite_number"}
        raise Invalid(f"{at or '/'}: {detail}", errors=[finding]) from None
