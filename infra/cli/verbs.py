"""All verbs; what one needs is imported when it runs, so that the others start at once."""

from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperGroup

from infra.cli import (
    access,
    accounts,
    api_keys,
    bench,
    building,
    catalogue,
    console,
    data,
    dlq,
    doctor,
    down,
    keys,
    logs,
    mail,
    openapi,
    predictions,
    quality,
    scaffold,
    soak,
    status,
    up,
)
from infra.cli.predict import ByModel

ORDER = (
    *("up", "down", "url", "status", "logs", "doctor"),
    *("predict", "predictions", "models"),
    *("users", "token", "grant", "revoke", "policies", "api-keys", "keys", "mail", "dlq"),
    "data",
    *("test", "lint", "check", "soak", "bench", "openapi", "build", "help"),
)
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


class Verbs(TyperGroup):
    """Ends a foreseen failure in a sentence and exit code 1."""

    # Typer keeps the type of its base class' contexts to itself.
    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """In the order of use."""
        return sorted(self.commands, key=ORDER.index)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the verb that was asked for."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if sentences := _explanation(error):
                console.fail(sentences)
                raise typer.Exit(1) from None
            raise


def _explanation(error: Exception) -> tuple[str, ...] | None:
    from infra.cli.errors import explain

    return explain(error)


def command_line() -> typer.Typer:
    """The verbs of run.sh."""
    app = _group("Lambent: machine-learning models behind an HTTPS API.", cls=Verbs)
    app.command()(up.up)
    app.command()(down.down)
    app.command()(status.url)
    app.command()(status.status)
    app.command()(logs.logs)
    app.command()(doctor.doctor)
    app.add_typer(_group("Ask a model for a prediction.", cls=ByModel), name="predict")
    app.add_typer(_predictions(), name="predictions")
    app.add_typer(_models(), name="models")
    app.add_typer(_users(), name="users")
    app.command()(accounts.token)
    app.command()(access.grant)
    app.command()(access.revoke)
    app.add_typer(_policies(), name="policies")
    app.add_typer(_api_keys(), name="api-keys")
    app.add_typer(_keys(), name="keys")
    app.command()(mail.mail)
    app.add_typer(_data(), name="data")
    app.add_typer(_dlq(), name="dlq")
    app.command("test", context_settings=PASS_ON)(quality.run_tests)
    app.command()(quality.lint)
    app.command()(quality.check)
    app.command()(soak.soak)
    app.command()(bench.bench)
    app.command()(openapi.openapi)
    app.command()(building.build)
    app.command("help")(show_help)
    return app


def show_help(
    verb: Annotated[list[str] | None, typer.Argument(help="A verb, for its own help.")] = None,
) -> None:
    """These verbs."""
    command_line()(args=[*(verb or ()), "--help"], prog_name="./run.sh")


def _group(help: str, cls: type[TyperGroup] = TyperGroup) -> typer.Typer:
    return typer.Typer(
        cls=cls,
        help=help,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None if console.is_plain() else "rich",
    )


def _verbs(help: str, **verbs: Callable[..., object]) -> typer.Typer:
    """A group of verbs, in this order."""
    app = _group(help)
    for name, verb in verbs.items():
        app.command(name)(verb)
    return app


def _predictions() -> typer.Typer:
    return _verbs(
        "What was asked for.",
        ls=predictions.ls,
        show=predictions.show,
        cancel=predictions.cancel,
        retry=predictions.retry,
    )


def _models() -> typer.Typer:
    return _verbs("What can be asked.", ls=catalogue.ls, show=catalogue.show, new=scaffold.new)


def _users() -> typer.Typer:
    return _verbs(
        "Who may come in.",
        add=accounts.add,
        ls=accounts.ls,
        promote=accounts.promote,
        deactivate=accounts.deactivate,
    )


def _policies() -> typer.Typer:
    return _verbs("Named limits.", ls=access.policies_ls, add=access.policies_add)


def _api_keys() -> typer.Typer:
    about = "What a user's programs come in with."
    return _verbs(about, ls=api_keys.ls, revoke=api_keys.revoke)


def _dlq() -> typer.Typer:
    about = "What no worker could be done with."
    return _verbs(about, ls=dlq.ls, redrive=dlq.redrive, purge=dlq.purge)


def _keys() -> typer.Typer:
    about = "What signs access tokens."
    return _verbs(about, ls=keys.ls, rotate=keys.rotate, revoke=keys.revoke)


def _data() -> typer.Typer:
    about = "What all tables hold, out into a file and back in."
    return _verbs(about, **{"export": data.export, "import": data.import_})
