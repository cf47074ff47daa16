"""What is printed where there is no terminal: plain lines."""

import json

import pytest

from infra.cli import console

Out = pytest.CaptureFixture[str]


def test_a_table_is_aligned_lines(capsys: Out) -> None:
    console.table(("Id", "Name"), [(1, "sentiment"), (22, None), (3, True)])

    assert capsys.readouterr().out == "Id  Name\n1   sentiment\n22  -\n3   yes\n"


def test_json_is_readable_by_programs(capsys: Out) -> None:
    console.as_json({"name": "naïve", "none": None})

    assert json.loads(capsys.readouterr().out) == {"name": "naïve", "none": None}


def test_a_failure_is_told_on_standard_error_a_sentence_a_line(capsys: Out) -> None:
    console.fail(["It broke.", "It was old.", "Mend it."])

    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "error: It broke.\n       It was old.\n       Mend it.\n")


def test_a_step_ends_in_one_line_with_result_and_time(capsys: Out) -> None:
    with console.step("Emulator") as step:
        step.report("installing")
        step.flash("over in a moment")
        step.result = "started"

    progress, end = capsys.readouterr().out.splitlines()
    assert progress.strip() == "installing"
    assert end.split() == ["ok", "Emulator", "started", "0.0", "s"]


def test_a_step_that_breaks_says_so(capsys: Out) -> None:
    with pytest.raises(ValueError, match="broken"), console.step("Emulator"):
        raise ValueError("broken")

    assert capsys.readouterr().out.startswith("failed  Emulator")


def test_square_brackets_are_no_markup(capsys: Out) -> None:
    console.panel("up", [("Sign in", "[red]ada[/]")], "ready in 1.0 s")

    assert capsys.readouterr().out == "up\n  Sign in  [red]ada[/]\nready in 1.0 s\n"


def test_facts_are_a_name_and_a_value_a_line(capsys: Out) -> None:
    console.facts({"id": 2, "tags": ["a", "b"], "none": []})

    assert capsys.readouterr().out == "id    2\ntags  a, b\nnone  -\n"
