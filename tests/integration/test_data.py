"""State out of tables and into others."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.data import document
from infra.data.document import Header
from infra.data.errors import Damaged, Interrupted, NotEmpty, UnknownTables
from infra.data.moving import Imported, export, restore
from infra.data.tables import Tables
from tests.integration.cloud import Cloud

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOON = int(NOON.timestamp()) + 1
NAMES = ("Accounts", "Audit", "Catalogue", "Predictions", "Usage")

THERE = Counter({"PredictionsTable": 621, "UsageTable": 2, "AuditTable": 1})

Content = dict[str, list[Mapping[str, Any]]]


def quiet(_: str) -> None:
    """Whoever does not look at the progress."""


@pytest.fixture
def tables(cloud: Cloud) -> Tables:
    outputs = {f"{name}Table": name.lower() for name in NAMES}
    return Tables.of(cloud.dynamodb, {**outputs, "ApiUrl": "http://localhost/api"})


@pytest.fixture
def filled(cloud: Cloud, tables: Tables) -> Content:
    """Rows that live, of two tables with keys of two kinds; more than fit into a page."""
    for number in range(620):
        row = {"id": {"S": f"{number:04}"}, "ttl": {"N": str(SOON)}, "input": {"S": "ä" * 10}}
        cloud.aside.put_item(TableName="predictions", Item=row)
    for user in ("1", "2"):
        row = {"user_id": {"S": user}, "period": {"S": "2026-11#m"}, "total": {"N": "7"}}
        cloud.aside.put_item(TableName="usage", Item=row)
    return content(tables)


def content(tables: Tables) -> Content:
    found: Content = {}
    for name, item in tables.rows():
        found.setdefault(name, []).append(item)
    return {name: sorted(items, key=str) for name, items in found.items()}


def test_what_was_exported_is_there_again_and_nothing_else(
    cloud: Cloud, tables: Tables, filled: Content, tmp_path: Path
) -> None:
    counts = export(tables, tmp_path / "state", NOON, quiet)
    cloud.aside.put_item(TableName="predictions", Item={"id": {"S": "later"}})
    cloud.aside.put_item(TableName="audit", Item={"id": {"S": "later"}})

    done = restore(tables, tmp_path / "state", NOON, quiet, replace=True)

    assert content(tables) == filled
    assert (counts.total(), done) == (622, Imported(THERE, written=622, expired=0))


def test_rows_past_their_time_are_left_out_and_counted(
    tables: Tables, filled: Content, tmp_path: Path
) -> None:
    export(tables, tmp_path / "state", NOON, quiet)

    later = NOON + timedelta(seconds=1)
    done = restore(tables, tmp_path / "state", later, quiet, replace=True)

    assert (done.written, done.expired) == (2, 620)
    assert content(tables) == {"UsageTable": filled["UsageTable"]}


def test_into_tables_with_rows_nothing_is_imported_unless_they_are_to_be_replaced(
    tables: Tables, filled: Content, tmp_path: Path
) -> None:
    export(tables, tmp_path / "state", NOON, quiet)

    with pytest.raises(NotEmpty, match="PredictionsTable, UsageTable"):
        restore(tables, tmp_path / "state", NOON, quiet)
    assert content(tables) == filled


def test_a_file_that_was_cut_touches_nothing(
    tables: Tables, filled: Content, tmp_path: Path
) -> None:
    export(tables, tmp_path / "state", NOON, quiet)
    (tmp_path / "state").write_bytes((tmp_path / "state").read_bytes()[:-1])

    with pytest.raises(Damaged):
        restore(tables, tmp_path / "state", NOON, quiet, replace=True)
    assert content(tables) == filled


@pytest.mark.parametrize("told", [["UsageTable", "BillsTable"], ["BillsTable"]])
def test_a_table_that_this_lambent_has_not_is_told(
    tables: Tables, filled: Content, tmp_path: Path, told: list[str]
) -> None:
    rows = iter([("BillsTable", {"id": {"S": "1"}})])
    document.write(
        tmp_path / "state", Header(NOON.isoformat(), "0.1.0", dict.fromkeys(told, 1)), rows
    )

    with pytest.raises(UnknownTables, match="BillsTable"):
        restore(tables, tmp_path / "state", NOON, quiet, replace=True)
    assert content(tables) == filled


def test_a_row_of_a_table_that_is_not_announced_is_refused(tables: Tables, tmp_path: Path) -> None:
    rows = iter([("BillsTable", {"id": {"S": "1"}})])
    document.write(tmp_path / "state", Header(NOON.isoformat(), "0.1.0", {"UsageTable": 1}), rows)

    with pytest.raises(Damaged):
        restore(tables, tmp_path / "state", NOON, quiet, replace=True)


def test_an_import_that_is_cut_off_says_how_far_it_came_and_can_be_made_again(
    cloud: Cloud, tables: Tables, filled: Content, tmp_path: Path
) -> None:
    export(tables, tmp_path / "state", NOON, quiet)
    cloud.wire.refuse("BatchWriteItem", "ResourceNotFoundException")

    with pytest.raises(Interrupted, match="--replace"):
        restore(tables, tmp_path / "state", NOON, quiet, replace=True)
    restore(tables, tmp_path / "state", NOON, quiet, replace=True)

    assert content(tables) == filled


def test_progress_is_told(tables: Tables, tmp_path: Path) -> None:
    told: list[str] = []
    rows = ((("AuditTable", {"id": {"S": str(number)}})) for number in range(1000))
    document.write(
        tmp_path / "state", Header(NOON.isoformat(), "0.1.0", {"AuditTable": 1000}), rows
    )

    restore(tables, tmp_path / "state", NOON, told.append)

    assert told == ["checked 1,000 rows", "imported 1,000 rows"]
