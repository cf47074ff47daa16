"""Packages: addresses by content, fingerprints, and what is missing."""

import json
from pathlib import Path

import pytest

from infra.deploy import DeployError, artefacts

NONE: dict[str, str] = {}


def test_a_zip_is_addressed_by_its_content(template: Path) -> None:
    body = json.loads(artefacts.read(template).body("bucket", "f"))
    uri = body["Resources"]["Worker"]["Properties"]["CodeUri"]

    assert uri == (
        "s3://bucket/worker/a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e.zip"
    )


def test_the_fingerprint_is_an_output_of_what_is_sent(template: Path) -> None:
    body = json.loads(artefacts.read(template).body("bucket", "the fingerprint"))

    assert body["Outputs"]["Fingerprint"]["Value"] == "the fingerprint"


def test_a_fingerprint_depends_on_template_zips_parameters_and_tags(template: Path) -> None:
    before = artefacts.read(template)
    prints = [
        before.fingerprint(NONE, NONE),
        before.fingerprint({"a": "1"}, NONE),
        before.fingerprint(NONE, {"a": "1"}),
    ]
    template.with_name("worker.zip").write_bytes(b"second")
    prints.append(artefacts.read(template).fingerprint(NONE, NONE))
    template.write_text(template.read_text() + "Description: other\n")
    prints.append(artefacts.read(template).fingerprint(NONE, NONE))

    assert len(set(prints)) == len(prints)


def test_a_missing_zip_says_which_and_how_to_build_it(template: Path) -> None:
    template.with_name("worker.zip").unlink()

    with pytest.raises(DeployError, match=r"worker\.zip does not exist.*run\.sh build"):
        artefacts.read(template)
