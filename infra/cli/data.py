"""`data`: what a running Lambent holds, out into a file and back in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.data.tables import Tables
    from infra.deploy import Cloud
    from infra.local.credentials import CredentialsFile
    from infra.workspace import Workspace

Out = Annotated[Path, typer.Argument(metavar="FILE", help="Packed if it ends with .gz.")]
In = Annotated[Path, typer.Argument(metavar="FILE", help="What `data export` wrote.")]
Replace = Annotated[bool, typer.Option("--replace", help="Delete first what is there.")]
LEFT_OUT = "not in it: secrets, waiting messages, logs, .local/credentials.json"


def export(file: Out) -> None:
    """Write the rows of all tables into FILE, which only you may read.

    Not in it: the signing secret, messages in queues, logs, passwords of seeded users. What is
    written meanwhile may be in it or not.
    """
    from infra.data.moving import export

    tables = _Running.here().tables
    with console.progress() as report:
        counts = export(tables, file.absolute(), datetime.now(UTC), report)
    size = file.stat().st_size / 1e6
    many = len(tables.names)
    console.line(f"exported {counts.total():,} rows of {many} tables to {file} ({size:.1f} MB)")
    console.line(LEFT_OUT)


def import_(file: In, replace: Replace = False) -> None:
    """Fill the tables from FILE, without what has expired since.

    A file that is cut, altered or of a newer format is refused before anything is touched.
    Whoever signed in before does so again; open predictions are sent again by the sweeper.
    """
    from infra.data.moving import restore

    here = _Running.here()
    with console.progress() as report:
        done = restore(here.tables, file, datetime.now(UTC), report, replace=replace)
    if done.deleted:
        told = ", ".join(f"{many:,} of {name}" for name, many in done.deleted.items())
        console.line(f"deleted the rows that were there: {told}")
    console.line(f"imported {done.written:,} rows; left out {done.expired:,} that had expired")
    if stale := here.forget_stale():
        path = place.shown(here.file.path, here.workspace)
        console.line(f"{path}: has no password for {', '.join(stale)} any more: theirs are those")
        console.line("of before. Put the file of before back, or ./run.sh up gives them new ones.")


@dataclass(frozen=True)
class _Running:
    """The Lambent of this folder."""

    workspace: "Workspace"
    cloud: "Cloud"
    outputs: "Mapping[str, str]"

    @classmethod
    def here(cls) -> "_Running":
        """NotUp if it is not."""
        from infra.deploy import Cloud
        from infra.local.deployment import deployed, running

        workspace = running(place.here())
        cloud = Cloud.local(workspace.endpoint)
        return cls(workspace, cloud, deployed(cloud, workspace.stack))

    @property
    def tables(self) -> "Tables":
        from infra.data.tables import Tables

        return Tables.of(self.cloud.client("dynamodb"), self.outputs)

    @property
    def file(self) -> "CredentialsFile":
        from infra.local.credentials import CredentialsFile

        return CredentialsFile.below(self.workspace.local_dir)

    def forget_stale(self) -> list[str]:
        """Whose password the file of seeded users has not any more."""
        from infra.local.deployment import core
        from infra.local.staleness import forget_stale

        application = core(self.workspace, self.cloud, self.outputs)
        return forget_stale(self.file, application.services.users, application.passwords)
