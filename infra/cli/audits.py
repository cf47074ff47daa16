"""`check`'s audits: pins with a known vulnerability, and secrets among what is committed."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cli import console
from infra.cli.tools import Tool

ACCEPTED: Mapping[str, str] = {}
"""Vulnerabilities that do not reach us: the id of each, and the reason."""
UNREACHABLE = re.compile(r"requests\.exceptions\.|urllib3\.exceptions\.|Could not connect")
"""How pip-audit, which has one exit code for all, tells that nobody answers."""
AUDIT = ("-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json", "--timeout", "5")
QUIET = ("--progress-spinner", "off")
SCAN = "import sys; from detect_secrets.pre_commit_hook import main; sys.exit(main())"
LEFT_OUT = ("KeywordDetector", "HexHighEntropyString")
"""What is looked for are known forms of keys, and random base64: every digest would be random
hexadecimal, and every field of the name `password` a keyword."""
GENERATED = r"^infra/openapi\.json$"


@dataclass(frozen=True)
class Verdict:
    """What an audit found, if anything, and in a few words how it went."""

    findings: str
    told: str


def audit(root: Path) -> dict[str, str]:
    """What each audit objects to, by its name."""
    found = {"pip-audit": vulnerabilities(root), "detect-secrets": secrets(root)}
    return {name: words for name, words in found.items() if words}


def vulnerabilities(root: Path) -> str:
    """Of everything pinned: what is shipped and its tools, then the emulator apart from them."""
    from infra.lock import DEVELOPMENT, EMULATOR, SHIPPED

    places = ([DEVELOPMENT, *SHIPPED], [EMULATOR])
    with console.step("pip-audit") as step:
        verdicts = [judged(Tool("pip-audit", _audit_of(each)).run(root)) for each in places]
        step.result = "; ".join(dict.fromkeys(each.told for each in verdicts))
    return "\n".join(each.findings for each in verdicts if each.findings)


def _audit_of(folders: Sequence[str]) -> list[str]:
    locks = [part for each in folders for part in ("-r", f"{each}/requirements.txt")]
    return [*AUDIT, *QUIET, *(f"--ignore-vuln={each}" for each in ACCEPTED), *locks]


def judged(done: "subprocess.CompletedProcess[str]") -> Verdict:
    """A vulnerability fails, and so does a fault of the audit; that nobody answers does not."""
    try:
        pins: Sequence[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        if UNREACHABLE.search(done.stderr):
            return Verdict("", "not audited: the vulnerability service cannot be reached")
        return Verdict(done.stderr[-2000:] or "no answer", "failed")
    known = [pin for pin in pins if "skip_reason" not in pin]
    findings = "\n".join(_finding(pin, each) for pin in known for each in pin["vulns"])
    if not known:
        return Verdict("", "not audited: the vulnerability service knows none of the pins")
    return Verdict(findings, f"{len(known)} of {len(pins)} pins audited")


def _finding(pin: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    mended = ", ".join(found["fix_versions"]) or "no version yet"
    return f"{pin['name']} {pin['version']}: {found['id']}, mended in {mended}"


def secrets(root: Path) -> str:
    """In whatever git knows of."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        console.line("detect-secrets: not run; this is no git checkout")
        return ""
    files = [each for each in listed.stdout.split("\0") if (root / each).is_file()]
    plugins = [part for each in LEFT_OUT for part in ("--disable-plugin", each)]
    scan = ["-c", SCAN, "--no-verify", *plugins, "--exclude-files", GENERATED]
    return Tool("detect-secrets", [*scan, *files]).objections(root)
