"""`predict MODEL`: one prediction, its flags made from the model's own schema."""

import json
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import typer
import typer.main
from typer.core import TyperGroup

from infra.cli import console, place

if TYPE_CHECKING:
    from chalicelib.inference.registry import Spec
    from infra.cli.flags import Flag


class ByModel(TyperGroup):
    """A group with a command a model, made when it is asked for."""

    # Typer keeps the type of its base class' contexts to itself.
    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """The names of the models."""
        from infra.cli.catalogue import every_model

        return [spec.name for spec in every_model()]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """The command of a model, by name or id."""
        from infra.cli.catalogue import find_model

        return command_of(find_model(cmd_name))


def command_of(spec: "Spec") -> Any:
    """The command that asks this model."""
    from infra.cli import flags

    schema = spec.input_type.model_json_schema()
    fields = flags.flags_of(schema)

    def predict(**given: Any) -> None:
        payload = _payload(spec, fields, given)
        _predict(spec, payload, given["token"], as_json=given["json"])

    predict.__signature__ = flags.signature(  # type: ignore[attr-defined]  # Typer reads it
        fields,
        [
            flags.option("input", str | None, None, metavar="JSON", help="All fields; - reads it."),
            flags.option("token", str | None, None, metavar="TOKEN", help="Instead of signing in."),
            flags.option("json", bool, False, help="Print the prediction as JSON."),
        ],
    )
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(spec.name, help=f"{spec.description}\n\nVersion {spec.version}.")(predict)
    return typer.main.get_command(app)


def _payload(spec: "Spec", fields: list["Flag"], given: Mapping[str, Any]) -> Any:
    """What was typed, checked by the model's own schema."""
    from infra.cli.flags import typed

    values = typed(fields, given)
    if given["input"] is None:
        _require_fit(spec, values, {flag.field: f"--{flag.name}" for flag in fields})
        return values
    if values:
        raise typer.BadParameter("Give --input or the fields' own flags, not both.")
    payload = _read(given["input"])
    _require_fit(spec, payload, {})
    return payload


def _read(text: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if text == "-" else text)
    except ValueError as error:
        raise typer.BadParameter(f"--input is not JSON: {error}") from None


def _require_fit(spec: "Spec", payload: Any, names: Mapping[str, str]) -> None:
    """Wrong usage, told field by field in the words of the command line."""
    from pydantic import ValidationError

    try:
        spec.input_type.model_validate_json(json.dumps(payload), strict=True)
    except ValidationError as error:
        findings = error.errors(include_url=False, include_context=False, include_input=False)
        faults = [f"{_where(finding['loc'], names)}: {finding['msg']}" for finding in findings]
        cure = f"./run.sh predict {spec.name} --help tells all fields."
        raise typer.BadParameter("\n".join([*faults, cure])) from None


def _where(location: tuple[int | str, ...], names: Mapping[str, str]) -> str:
    """The flag at fault, and the place in its value if that is nested."""
    if not location:
        return "--input"
    first, *rest = location
    return "/".join([names.get(str(first), f"--input /{first}"), *map(str, rest)])


def _predict(spec: "Spec", payload: Any, token: str | None, *, as_json: bool) -> None:
    from infra.cli import demo
    from infra.cli.api import Api
    from infra.cli.outcome import latency_ms, require_success
    from infra.local.deployment import running

    workspace = running(place.here())
    api = Api(workspace.public_url, token)
    with nullcontext() if token else demo.session(api, workspace), console.progress() as report:
        prediction = api.ask(spec.name, payload, report)
    if as_json:
        console.as_json(prediction)
    require_success(prediction)
    if not as_json:
        console.facts(prediction["output"])
        console.note(f"{prediction['id']} in {latency_ms(prediction)} ms")
