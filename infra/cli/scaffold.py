"""`models new`: a model that is served after the next `up`, and its test."""

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.scaffold.fields import Field
    from infra.scaffold.naming import ModelName
    from infra.scaffold.rendering import Draft

MODELS = Path("layers/model/python/ml_models")
TESTS = Path("tests/unit/models")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Such as rainfall or air-quality.")]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        metavar="FIELD:TYPE",
        help="Once a field: humidity:float, humidity:float:0..100; types float, int, str, bool.",
    ),
]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", metavar="FIELD:TYPE", help="The same.")
]
Id = Annotated[int | None, typer.Option("--id", min=1, help="The next free one unless given.")]


def new(name: Name, input: Inputs = None, output: Outputs = None, id: Id = None) -> None:
    """Write a model's file and its test.

    Both work as they are; `up` serves it, nothing else is to be edited.
    """
    draft, root = drafted(name, input or [], output or [], id), place.asked().root
    for path in write(draft, root):
        console.line(f"written  {path}")
    _describe(root)
    _show_next(draft)


def _describe(root: Path) -> None:
    """Bring the API's document up to date, in a process that finds the new model."""
    command = [sys.executable, "-m", "infra.cli", "openapi"]
    subprocess.run(command, cwd=root, check=True)


def write(draft: "Draft", root: Path) -> list[Path]:
    """Write both files into a checkout; Trouble if one of them is there."""
    files = _files(draft, root)
    _require_new([root / path for path in files])
    for path, text in files.items():
        (root / path).write_text(text, "utf-8")
    return list(files)


def drafted(text: str, inputs: list[str], outputs: list[str], id: int | None = None) -> "Draft":
    """What was asked for, completed; wrong usage or Trouble says why it cannot be."""
    from infra.scaffold.fields import parse_all
    from infra.scaffold.naming import ModelName
    from infra.scaffold.rendering import Draft

    try:
        name = ModelName.parse(text)
        taken, given = parse_all(inputs or _default_input()), parse_all(outputs)
        _require_free_texts(given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return Draft(name, _free_id(name, id), taken, given or [_default_output(name)])


def _default_input() -> list[str]:
    return ["first:float:0..100", "second:float:0..100"]


def _default_output(name: "ModelName") -> "Field":
    """Named as the model, where a field may be."""
    from infra.scaffold.fields import Field, is_name

    return Field(name.module if is_name(name.module) else "value", "float")


def _require_free_texts(outputs: "list[Field]") -> None:
    for field in outputs:
        if field.kind == "str" and (field.least, field.most) != (None, None):
            raise ValueError(f"{field.name!r}: the text that is answered has no range.")


def _free_id(name: "ModelName", asked: int | None) -> int:
    """The id asked for, or the next; Trouble if the name or the id is used."""
    from infra.cli.catalogue import every_model
    from infra.local.errors import Trouble

    models = list(every_model())
    free = max((spec.id for spec in models), default=0) + 1
    for spec in models:
        if spec.name == name.name or spec.id == asked:
            raise Trouble(
                f"{spec.source} is model {spec.id}, {spec.name}.",
                "A name and an id belong to one model each.",
                f"Take another name, and --id {free} or none.",
            )
    return asked or free


def _files(draft: "Draft", root: Path) -> dict[Path, str]:
    from infra.scaffold.rendering import source_of_model, source_of_test

    module = draft.name.module
    return {
        MODELS / f"{module}.py": _formatted(source_of_model(draft), root),
        TESTS / f"test_{module}.py": _formatted(source_of_test(draft), root),
    }


def _formatted(source: str, root: Path) -> str:
    """As `lint` wants it."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", "new.py", "-"]
    return subprocess.run(
        command, cwd=root, input=source, capture_output=True, text=True, check=True
    ).stdout


def _require_new(paths: list[Path]) -> None:
    from infra.local.errors import Trouble

    for path in paths:
        if path.exists():
            raise Trouble(
                f"{path.name} is there already, in {path.parent.name}.",
                "Nothing is written over.",
                "Take another name, or move the file away.",
            )


def _show_next(draft: "Draft") -> None:
    given, answered = (
        ", ".join(field.name for field in fields) for fields in (draft.inputs, draft.outputs)
    )
    console.line(f"model {draft.id}, {draft.name.name}: {given} -> {answered}")
    rows = [
        ("Test it", f"./run.sh test {TESTS}/test_{draft.name.module}.py"),
        ("Serve it", "./run.sh up"),
        ("Ask it", f"./run.sh predict {draft.name.name} {_typed(draft)}"),
        ("Keep it", "commit these files; after a change of its types ./run.sh openapi"),
    ]
    for text in console.aligned(rows):
        console.line(f"  {text}")


def _typed(draft: "Draft") -> str:
    """Its example as flags."""
    from infra.cli.flags import Flag

    return " ".join(
        f"--{Flag(name, {}, True).name}{'' if value is True else ' ' + shlex.quote(str(value))}"
        for name, value in draft.example.items()
    )
