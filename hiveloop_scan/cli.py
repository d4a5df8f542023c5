"""The command line: the program, its commands, and how it ends when something cannot be done."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from hiveloop_scan import __version__
from hiveloop_scan.commands.apply import apply
from hiveloop_scan.commands.cache import clear_cache
from hiveloop_scan.commands.checklist import checklist
from hiveloop_scan.commands.coverage import coverage
from hiveloop_scan.commands.init import init
from hiveloop_scan.commands.lint import lint
from hiveloop_scan.commands.prompt import prompt
from hiveloop_scan.commands.report import report
from hiveloop_scan.commands.rules import explain, list_rules
from hiveloop_scan.commands.timeline import timeline
from hiveloop_scan.commands.undo import remove, undo
from hiveloop_scan.commands.verify import verify
from hiveloop_scan.commands.welcome import welcome
from hiveloop_scan.model import ScanError
from hiveloop_scan.report.visible import visible

_FAILED = 2

app = typer.Typer(
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
        welcome()


app.command(
    short_help="Write the module that gives your code its task and agent.",
    epilog="""
    Examples:

    \b
      hiveloop-scan init
      hiveloop-scan init src/my_agent --diff
      hiveloop-scan init --name telemetry
    """,
)(init)
app.command(
    epilog="""
    Examples:

    \b
      hiveloop-scan report
      hiveloop-scan report ./src --method retry --min-confidence high
      hiveloop-scan report ./src --sort value --output html:report.html
      hiveloop-scan report - --stdin-filename src/agent.py < src/agent.py
    """,
)(report)
app.command(
    epilog="""
    Examples:

    \b
      hiveloop-scan apply --method retry --diff ./src
      hiveloop-scan apply --method retry ./src
      hiveloop-scan apply --interactive ./src
      hiveloop-scan apply --check
    """,
)(apply)
app.command(epilog="Example:\n\n\b\n  hiveloop-scan undo")(undo)
app.command(epilog="Examples:\n\n\b\n  hiveloop-scan remove --diff\n  hiveloop-scan remove ./src")(remove)
app.command(
    short_help="Check the calls that are there, and what must not be missing.",
    epilog="""
    Examples:

    \b
      hiveloop-scan lint
      hiveloop-scan lint ./src --select misuse --select escalate
      hiveloop-scan lint --output text:- --output sarif:hiveloop.sarif
    """,
)(lint)
app.command(
    short_help="Tell how many of the places tell HiveBoard already.",
    epilog="""
    Examples:

    \b
      hiveloop-scan coverage
      hiveloop-scan coverage ./src --fail-under 80 --fail-under escalate=100
      hiveloop-scan coverage --output text:- --output svg:coverage.svg
    """,
)(coverage)
app.command(
    name="rules",
    epilog="""
    Examples:

    \b
      hiveloop-scan rules
      hiveloop-scan rules --method retry --format json
    """,
)(list_rules)
app.command(epilog="Example:\n\n\b\n  hiveloop-scan explain unreported-retry-loop")(explain)
app.command(
    short_help="Write what a language model needs to judge the rest.",
    epilog="""
    Examples:

    \b
      hiveloop-scan prompt
      hiveloop-scan prompt ./src --output prompt.md
      hiveloop-scan prompt ./src --min-confidence medium --max-sites 20
    """,
)(prompt)
app.command(
    short_help="Write what to check on the dashboard.",
    epilog="""
    Examples:

    \b
      hiveloop-scan checklist
      hiveloop-scan checklist ./src --output checklist.md
      hiveloop-scan checklist ./src --method retry --min-confidence high
    """,
)(checklist)
app.command(
    context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False},
    epilog="""
    Examples:

    \b
      hiveloop-scan verify -- python agent.py
      hiveloop-scan verify --timeout 20 -- uvicorn app:app
      hiveloop-scan verify --save events.jsonl -- python -m pytest tests
      hiveloop-scan verify --checklist --replay events.jsonl
      hiveloop-scan verify --fail-under retry=100 -- python -m my_agent
    """,
)(verify)
app.command(
    short_help="Show what a run has told HiveBoard, on a timeline.",
    epilog="""
    Examples:

    \b
      hiveloop-scan timeline events.jsonl
      hiveloop-scan timeline events.jsonl --task lead-4801
      hiveloop-scan timeline events.jsonl --format html --output timeline.html
    """,
)(timeline)
app.command(name="clear-cache", epilog="Example:\n\n\b\n  hiveloop-scan clear-cache")(clear_cache)
