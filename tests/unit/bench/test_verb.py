"""`./run.sh bench`, as far as it goes without measuring."""

from pathlib import Path

from typer.testing import CliRunner

from infra.cli.verbs import command_line


def test_a_file_that_is_no_report_stops_it_before_anything_is_measured(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")

    told = CliRunner().invoke(command_line(), ["bench", "--compare", str(other)])

    assert told.exit_code == 1
    assert "no report to compare with" in told.stderr
