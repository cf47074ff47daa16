"""Which deployed table each row belongs to."""

from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.adapters.aws import Client
from chalicelib.adapters.tables.access import GrantMarkerRow, GrantRow, PolicyNameRow, PolicyRow
from chalicelib.adapters.tables.accounts import (
    ApiKeyRow,
    EmailRow,
    OneTimeTokenRow,
    SessionRow,
    SuperuserRow,
    UserRow,
)
from chalicelib.adapters.tables.audit import AuditRow
from chalicelib.adapters.tables.predictions import PredictionRow
from chalicelib.settings import Settings

ACCOUNTS: list[type[Model]] = [
    UserRow,
    EmailRow,
    SuperuserRow,
    SessionRow,
    ApiKeyRow,
    OneTimeTokenRow,
    GrantRow,
    GrantMarkerRow,
]


class TunedConnection(Connection):
    """PynamoDB on the session and client that the rest of the process uses."""

    def __init__(self, client: Client) -> None:
        super().__init__(region=client.meta.region_name)
        self._client = client


def bind(settings: Settings, client: Client) -> None:
    """Point the rows of this process at the tables of a deployed stack."""
    tables: list[tuple[str, list[type[Model]]]] = [
        (settings.accounts_table, ACCOUNTS),
        (settings.catalogue_table, [PolicyRow, PolicyNameRow]),
        (settings.predictions_table, [PredictionRow]),
        (settings.audit_table, [AuditRow]),
    ]
    for name, row in ((name, row) for name, rows in tables for row in rows):
        row.Meta.table_name = name
        row.Meta.region = client.meta.region_name
        row._connection = None
        table = row._get_connection()
        meta = table.get_meta_table()
        table.connection = TunedConnection(client)
        table.connection.add_meta_table(meta)
