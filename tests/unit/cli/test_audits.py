"""What an audit's own words are taken for; what is planted is found."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.cli.audits import judged, secrets

ID = "PYSEC-2026-1"
KEY = "AKIA" + "IOSFODNN7ABCDEFG"


def said(stdout: str, stderr: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], 1, stdout, stderr)


def pins(*vulns: dict[str, Any], skipped: int = 0) -> str:
    """Of one pin that is known to the service, and of others that are not."""
    known = {"name": "a", "version": "1.0", "vulns": list(vulns)}
    others = [{"name": "b", "skip_reason": "not found"}] * skipped
    return json.dumps({"dependencies": [known, *others], "fixes": []})


def test_a_vulnerability_fails_with_the_version_that_mends_it() -> None:
    verdict = judged(said(pins({"id": ID, "fix_versions": ["1.1", "2.0"]})))

    assert verdict.findings == f"a 1.0: {ID}, mended in 1.1, 2.0"


def test_without_any_it_is_told_how_many_pins_were_looked_at() -> None:
    verdict = judged(said(pins(skipped=2)))

    assert (verdict.findings, verdict.told) == ("", "1 of 3 pins audited")


def test_a_service_that_knows_nothing_audits_nothing_and_says_so() -> None:
    nothing = json.dumps({"dependencies": [{"name": "b", "skip_reason": "not found"}]})
    verdict = judged(said(nothing))

    assert (verdict.findings, verdict.told[:11]) == ("", "not audited")


@pytest.mark.parametrize(
    "stderr",
    [
        "requests.exceptions.ProxyError: HTTPSConnectionPool",
        "ERROR: Could not connect to the vulnerability feed",
        "urllib3.exceptions.NameResolutionError",
    ],
)
def test_without_a_network_it_passes_and_says_so(stderr: str) -> None:
    verdict = judged(said("", stderr))

    assert (verdict.findings, verdict.told[:11]) == ("", "not audited")


def test_a_fault_of_the_audit_itself_fails() -> None:
    assert judged(said("", "package botocore has duplicate requirements")).findings


def in_git(folder: Path, text: str) -> Path:
    (folder / "settings.py").write_text(text)
    for words in (["init", "-q"], ["add", "settings.py"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def test_a_key_that_was_committed_is_found(tmp_path: Path) -> None:
    assert "settings.py:1" in secrets(in_git(tmp_path, f'KEY = "{KEY}"\n'))


def test_a_key_that_was_not_is_nobodys_business(tmp_path: Path) -> None:
    in_git(tmp_path, 'KEY = environ["KEY"]\n')
    (tmp_path / ".env").write_text(f"KEY={KEY}\n")

    assert secrets(tmp_path) == ""


def test_what_is_no_checkout_has_nothing_committed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert secrets(tmp_path) == ""
    assert "no git checkout" in capsys.readouterr().out
