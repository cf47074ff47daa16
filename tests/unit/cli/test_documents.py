"""What the documents tell people to type can be typed."""

import re
from pathlib import Path

import pytest
import typer.main

from infra.cli.verbs import command_line
from infra.workspace import ROOT

DOCUMENTS = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "SECURITY.md", ".github/CONTRIBUTING.md")),
]
TYPED = re.compile(r"\./run\.sh ([a-z-]+)(?: ([a-z]+)\b(?!@))?")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
BY_MODEL = "predict"
"""Whose verbs are the models' names."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_verb_in_a_document_is_one(document: Path) -> None:
    verbs = typer.main.get_command(command_line()).commands  # type: ignore[attr-defined]
    unknown = set()
    for verb, word in TYPED.findall(document.read_text("utf-8")):
        below = getattr(verbs.get(verb), "commands", {}) if verb != BY_MODEL else {}
        if verb not in verbs or (below and word not in below):
            unknown.add(f"{verb} {word}".strip())

    assert unknown == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = LINK.findall(document.read_text("utf-8"))

    assert [each for each in links if not (document.parent / each).exists()] == []
