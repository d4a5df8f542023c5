"""The command line: the program, its commands, and how it ends when something cannot be done."""

from __future__ import annotations

import gc
import sys
from functools import cache
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from hiveloop_scan import __version__
from hiveloop_scan.commands.table import COMMANDS
from hiveloop_scan.failure import ScanError

_FAILED = 2


class _Commands(typer.core.TyperGroup):
    """The commands, which take time to import: a list of them is made of their names and sentences alone."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command called `cmd_name` with all that it takes."""
        return _whole(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.purpose) for name, command in COMMANDS.items()])


@cache
def _whole(name: str) -> Any:
    command = COMMANDS[name]
    only = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    examples = "\n".join(f"  {line}" for line in command.examples)
    title = "Examples" if len(command.examples) > 1 else "Example"
    only.command(
        name,
        short_help=command.purpose,
        epilog=f"{title}:\n\n\b\n{examples}",
        context_settings=command.settings,
    )(command.load())
    return typer.main.get_command(only)


app = typer.Typer(
    cls=_Commands,
    name="hiveloop-scan",
    help="Find every place in Python agent code where a HiveLoop event belongs, and say why.",
    epilog="""
    Examples:

    \b
      hiveloop-scan                    # looks around, and says what to type next
      hiveloop-scan report ./src --sort value
      hiveloop-scan apply ./src --method retry --diff
      hiveloop-scan lint ./src
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; what cannot be done ends with one line on stderr and exit code 2."""
    gc.disable()  # the process is short; looking for garbage in syntax trees costs a tenth of a small run
    try:
        app(prog_name="hiveloop-scan")
    except ScanError as error:
        from hiveloop_scan.report.visible import visible

        typer.echo(f"Error: {visible(error.message)}", err=True)
        typer.echo(f"Hint: {visible(error.hint)}", err=True)
        sys.exit(_FAILED)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hiveloop-scan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from hiveloop_scan.commands.welcome import welcome

        welcome()


for name, command in COMMANDS.items():
    app.command(name, short_help=command.purpose)(lambda: None)
