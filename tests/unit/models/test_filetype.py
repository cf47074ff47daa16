import gzip
import json
import sys
import zlib
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_models.filetype import Content, FileType, FileTypeModel

ROOT = Path(__file__).parents[3]
SOURCES = {
    "python": "app.py",
    "shell": "run.sh",
    "json": "infra/openapi.json",
    "yaml": "infra/template.yaml",
    "markdown": "README.md",
    "toml": "pyproject.toml",
}


def zipped() -> bytes:
    archive = BytesIO()
    with ZipFile(archive, "w") as opened:
        opened.writestr("a.txt", "hello")
    return archive.getvalue()


def picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return len(data).to_bytes(4) + whole + zlib.crc32(whole).to_bytes(4)

    header = bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes(2))
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


MADE: dict[str, Callable[[], bytes]] = {
    "zip": zipped,
    "png": picture,
    "gzip": lambda: gzip.compress(b"hello" * 100),
    "elf": lambda: Path(sys.executable).read_bytes()[:50_000],
    "html": lambda: b"<!doctype html><html><head><title>x</title></head><body>Hello</body></html>",
    "txt": lambda: b"Hello there, how are you?",
    "empty": lambda: b"",
}


def content(file: bytes) -> Content:
    return Content(content=b64encode(file[:90_000]).decode())


@pytest.mark.parametrize(("label", "path"), SOURCES.items())
def test_a_file_of_this_checkout_is_told_by_its_content(
    filetype: FileTypeModel, label: str, path: str
) -> None:
    answer = filetype.predict_one(content((ROOT / path).read_bytes()))

    assert answer.label == label
    assert answer.score > 0.9


@pytest.mark.parametrize(("label", "make"), MADE.items())
def test_a_made_file_is_told_by_its_content(
    filetype: FileTypeModel, label: str, make: Callable[[], bytes]
) -> None:
    if label == "elf" and sys.platform != "linux":
        pytest.skip("This Python is no ELF file: Linux has them. To run this: use Linux.")

    assert filetype.predict_one(content(make())).label == label


def test_what_it_is_unsure_of_is_unknown(filetype: FileTypeModel) -> None:
    answer = filetype.predict_one(content(bytes(100)))

    assert (answer.label, answer.mime_type) == ("unknown", "application/octet-stream")


def test_the_example_of_the_schema_is_true(filetype: FileTypeModel) -> None:
    example = Content.model_json_schema()["properties"]["content"]["examples"][0]
    fields = FileType.model_json_schema()["properties"]
    answer = filetype.predict_one(Content(content=example)).model_dump()

    assert answer.pop("score") == pytest.approx(fields.pop("score")["examples"][0], abs=1e-4)
    assert answer == {name: field["examples"][0] for name, field in fields.items()}


def test_files_are_answered_in_order_and_as_each_alone(filetype: FileTypeModel) -> None:
    files = [content(make()) for make in MADE.values()]

    assert filetype.predict(files) == [filetype.predict_one(file) for file in files]


@settings(max_examples=50, deadline=None)
@given(file=st.binary(max_size=5000))
def test_any_bytes_are_of_some_kind(filetype: FileTypeModel, file: bytes) -> None:
    answer = filetype.predict_one(content(file))

    assert json.loads(answer.model_dump_json())["label"]


def test_90000_bytes_are_accepted() -> None:
    whole = b64encode(bytes(90_000)).decode()

    assert Content(content=whole).content == whole


@pytest.mark.parametrize(
    "text", ["A", "AAA", "AA==\n", "AA-_", "AA AA", "====", "AAAA" * 30_001, 5, None, b"AAAA"]
)
def test_what_is_not_base64_of_90000_bytes_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Content.model_validate({"content": text})

    assert [error["loc"] for error in refusal.value.errors()] == [("content",)]
