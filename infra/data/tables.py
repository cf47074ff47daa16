"""The tables of a running Lambent, whole: read, emptied, filled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.adapters import batches
from infra.data.document import Item, Row

MANY = 100
"""Rows that are written together, 25 a call."""


@dataclass(frozen=True)
class Tables:
    """By the names that the template gives them; `names` are those that they have."""

    client: Any
    names: Mapping[str, str]

    @classmethod
    def of(cls, client: Any, outputs: Mapping[str, str]) -> "Tables":
        """Those that a stack tells of."""
        return cls(client, {name: outputs[name] for name in outputs if name.endswith("Table")})

    def rows(self) -> Iterator[Row]:
        """All rows of all tables; each row as it is when it is read."""
        pages = self.client.get_paginator("scan")
        for name, table in self.names.items():
            for page in pages.paginate(TableName=table, ConsistentRead=True):
                yield from ((name, item) for item in page["Items"])

    def counts(self) -> dict[str, int]:
        """How many rows each has; it costs as much as reading them."""
        return {name: self._count(table) for name, table in self.names.items()}

    def clear(self, name: str) -> Iterator[int]:
        """Delete all rows of one; how many at a time."""
        table = self.names[name]
        while keys := self._keys(table):
            requests = [{"DeleteRequest": {"Key": key}} for key in keys]
            batches.write(self.client, table, requests)
            yield len(keys)

    def fill(self, rows: Iterator[Row]) -> Iterator[int]:
        """Write all rows, in the order in which they come; how many at a time."""
        while some := list(islice(rows, MANY)):
            by_table: dict[str, list[Item]] = {}
            for name, item in some:
                by_table.setdefault(name, []).append(item)
            for name, items in by_table.items():
                requests = [{"PutRequest": {"Item": item}} for item in items]
                batches.write(self.client, self.names[name], requests)
            yield len(some)

    def _count(self, table: str) -> int:
        pages = self.client.get_paginator("scan")
        found = pages.paginate(TableName=table, ConsistentRead=True, Select="COUNT")
        return sum(page["Count"] for page in found)

    def _keys(self, table: str) -> list[Item]:
        """Of the first rows, some hundreds of them: whoever deletes them asks again."""
        schema = self.client.describe_table(TableName=table)["Table"]["KeySchema"]
        names = {f"#k{at}": key["AttributeName"] for at, key in enumerate(schema)}
        page: Mapping[str, list[Item]] = self.client.scan(
            TableName=table,
            ConsistentRead=True,
            Limit=500,
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
        )
        return page["Items"]
