"""`test`, `lint`, `check`: whether it is good."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place
from infra.cli.environment import of_this_process
from infra.cli.tools import Tool

if TYPE_CHECKING:
    from infra.workspace import Workspace

Fix = Annotated[bool, typer.Option("--fix", help="Mend what ruff can mend.")]
LOCALSTACK_TESTS = ["tests/e2e", "tests/integration/localstack"]
PYTHON = ("app.py", "chalicelib", "clients", "functions", "infra", "layers/model/python")
WHOLLY_COVERED = ("chalicelib/domain/*", "chalicelib/services/*", "clients/*")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
LINT_TEMPLATE = "import sys; from cfnlint.runner import main; sys.exit(main())"


def run_tests(ctx: typer.Context, target: place.Target = None) -> None:
    """The tests with coverage; with --target localstack, the end-to-end ones on it.

    pytest's own arguments go through: -k, -x, a path.
    """
    on_localstack = target is place.Local.LOCALSTACK
    raise typer.Exit(_test_on_localstack(ctx.args) if on_localstack else _test(ctx.args))


def lint(fix: Fix = False) -> None:
    """ruff, mypy, import-linter, bandit, cfn-lint.

    All of them run; failures are told at the end.
    """
    if failed := _lint(fix=fix):
        _fail(failed)


def check() -> None:
    """Everything that CI says: lint, audits, then the tests."""
    console.line("lint")
    failed = _lint(fix=False)
    console.line("audit")
    failed += _audit()
    console.line("test")
    code = _test([])
    if code == 0 and not _is_covered():
        failed.append("coverage")
    if not _is_good_on_localstack():
        failed.append("LocalStack")
    if failed:
        _fail(failed)
    raise typer.Exit(code)


def _test(arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "--cov", "-p", "infra.cli.kinds", *arguments]
    root = place.asked().root
    return subprocess.run(command, cwd=root, env=of_this_process(), check=False).returncode


def _test_on_localstack(arguments: Sequence[str]) -> int:
    """The end-to-end tests, and the adapters' own."""
    places = [] if any(each.startswith("tests") for each in arguments) else LOCALSTACK_TESTS
    lane = ["-p", "infra.cli.kinds", "-p", "infra.cli.lane", "--target", "localstack"]
    command = [sys.executable, "-m", "pytest", *lane, *places, *arguments]
    root = place.asked().root
    return subprocess.run(command, cwd=root, env=of_this_process(), check=False).returncode


def _is_good_on_localstack() -> bool:
    """Whether the tests pass there; true, with a line that says how to get it, without one."""
    from infra.localstack.pinned import BY_HAND, VARIABLE

    if not os.environ.get(VARIABLE):
        hint = f"{BY_HAND}, then {VARIABLE}=http://127.0.0.1:4566 ./run.sh check"
        console.line(f"localstack: not run; {hint}")
        return True
    console.line("localstack")
    return _test_on_localstack([]) == 0


def _is_covered() -> bool:
    """Whether the tests that just ran went through every branch of what has to be."""
    arguments = ["--include", ",".join(WHOLLY_COVERED), "--fail-under", "100"]
    tool = Tool("coverage", ["-m", "coverage", "report", *arguments])
    done = tool.run(place.asked().root)
    if done.returncode:
        console.line(f"{', '.join(WHOLLY_COVERED)} are to be at 100 %:\n{done.stdout}")
    return done.returncode == 0


def _lint(*, fix: bool) -> list[str]:
    """The names of the tools that failed, after what they said."""
    workspace = place.asked()
    said: dict[str, str] = {}
    for tool in _of_the_code(workspace.root, fix=fix):
        said[tool.name] = tool.objections(workspace.root)
    said["cfn-lint"] = _lint_template(workspace)
    return _told({name: words for name, words in said.items() if words})


def _audit() -> list[str]:
    """The names of the audits that failed, after what they said."""
    from infra.cli.audits import audit

    return _told(audit(place.asked().root))


def _told(failures: Mapping[str, str]) -> list[str]:
    for name, words in failures.items():
        console.line(f"\n{name} says:\n{words}")
    return list(failures)


def _of_the_code(root: Path, *, fix: bool) -> list[Tool]:
    from infra.cli.heavy import ruff_options

    mend = ["--fix"] if fix else []
    look = [] if fix else ["--check"]
    return [
        Tool("ruff check", ["-m", "ruff", "check", *mend, *ruff_options(root)]),
        Tool("ruff format", ["-m", "ruff", "format", *look]),
        Tool("mypy", ["-m", "mypy"]),
        Tool("import-linter", ["-c", LINT_IMPORTS, "--no-logo"]),
        Tool("bandit", ["-m", "bandit", "-q", "-c", "pyproject.toml", "-r", *PYTHON]),
    ]


def _lint_template(workspace: "Workspace") -> str:
    """cfn-lint on what is deployed: Chalice's part and ours, expanded by the build."""
    from infra.build import BuildError, Target, build

    try:
        with console.step("build") as step:
            template = build(workspace, Target.EMBEDDED, step.report).template
            step.result = place.shown(template, workspace)
    except BuildError as error:
        return str(error)
    tool = Tool("cfn-lint", ["-c", LINT_TEMPLATE, str(template)])
    return tool.objections(workspace.root)


def _fail(failed: Sequence[str]) -> None:
    console.fail(
        [
            f"{', '.join(failed)} failed.",
            "What they say is above.",
            "./run.sh lint --fix mends what ruff can mend.",
        ]
    )
    raise typer.Exit(1)
