"""The adapters keep the promises of the ports on the embedded emulator too.

It has a parser of PartiQL and of conditions that is neither ours nor moto's.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters import tables
from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts import AccountTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.results import ResultTable
from chalicelib.settings import Settings
from tests.contracts import (
    AccessContract,
    AccountsContract,
    PredictionsContract,
    ReaderContract,
    ResultsContract,
    Stores,
)
from tests.emulators import aws, running, workspace_in
from tests.integration.cloud import template_tables

SETTINGS = Settings(
    accounts_table="accounts",
    predictions_table="predictions",
    usage_table="usage",
    catalogue_table="catalogue",
)


@pytest.fixture(scope="module")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    workspace = workspace_in(tmp_path_factory.mktemp("emulator"))
    with running(workspace):
        yield aws(workspace, "dynamodb")


@pytest.fixture
def stores(dynamodb: Any) -> Iterator[Stores]:
    for name, properties in template_tables().items():
        dynamodb.create_table(TableName=getattr(SETTINGS, name), **properties)
    tables.bind(SETTINGS, dynamodb)

    def switch_off(model: str) -> None:
        row = {"pk": {"S": "model"}, "sk": {"S": model}, "enabled": {"BOOL": False}}
        dynamodb.put_item(TableName=SETTINGS.catalogue_table, Item=row)

    yield Stores(
        TableReader(dynamodb, SETTINGS),
        AccountTable(dynamodb),
        AccessTable(dynamodb, SETTINGS),
        PredictionTable(dynamodb, SETTINGS),
        ResultTable(dynamodb, SETTINGS),
        switch_off,
    )
    for name in template_tables():
        dynamodb.delete_table(TableName=getattr(SETTINGS, name))


class TestAccountTable(AccountsContract):
    pass


class TestAccessTable(AccessContract):
    pass


class TestPredictionTable(PredictionsContract):
    pass


class TestTableReader(ReaderContract):
    pass


class TestResultTable(ResultsContract):
    pass
