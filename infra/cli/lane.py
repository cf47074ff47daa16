"""A pytest plugin: `--target localstack` runs the end-to-end tests on LocalStack."""

import pytest

from infra.cli.place import Local


def pytest_addoption(parser: pytest.Parser) -> None:
    """Loaded by `./run.sh test --target …`."""
    parser.addoption("--target", choices=list(Local), help="what plays AWS in end-to-end tests")
