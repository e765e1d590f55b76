"""The `replicate` command. Torch and the papers are imported by the commands that need them."""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from replications import __version__
from replications.cli import ask, claims, data, doctor, list_papers, run, sweep
from replications.cli.terminal import accept_any_encoding
from replications.errors import ReplicationError


class _ErrorsToRead(TyperGroup):
    """Prints a ReplicationError without a traceback and exits with status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ReplicationError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_ErrorsToRead,
    name="replicate",
    help=(
        "Replicate landmark papers on language models, and judge their claims.\n\n"
        "Start with `replicate doctor`, then `replicate list`."
    ),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.command("list")(list_papers.list_papers)
app.command("run")(run.run)
app.command("sweep")(sweep.sweep)
app.command("ask")(ask.ask)
app.command("claims")(claims.claims)
app.add_typer(data.app, name="data")
app.command("doctor")(doctor.doctor)


def _show_version(wanted: bool | None) -> None:
    if wanted:
        typer.echo(f"replicate {__version__}")
        raise typer.Exit


@app.callback()
def prepare(
    version: Annotated[
        bool | None,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = None,
) -> None:
    """Options and settings of every command."""
    accept_any_encoding(sys.stdout, sys.stderr)
