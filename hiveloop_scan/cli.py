"""The command line: parse, call the engine, print through a renderer, exit."""

from __future__ import annotations

import enum
import gc
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan import __version__
from hiveloop_scan.model import Confidence, Report, ScanError
from hiveloop_scan.report.formats import Format, render_report
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.catalog import Rule
    from hiveloop_scan.config import Config
    from hiveloop_scan.scan import Plan

_FAILED = 2

app = typer.Typer(
    name="hiveloop-scan",
    help="Find every place in Python agent code where a HiveLoop event belongs, and say why.",
    epilog="""
    Examples:

    \b
      hiveloop-scan report ./src
      hiveloop-scan report ./src --method retry --min-confidence high
      hiveloop-scan explain unreported-retry-loop
    """,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Grade(enum.StrEnum):
    """The values of --min-confidence."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def main() -> None:
    """Run the command line; what cannot be done ends with one line on stderr and exit code 2."""
    gc.disable()  # the process is short; looking for garbage in syntax trees costs a tenth of a small run
    try:
        app(prog_name="hiveloop-scan")
    except ScanError as error:
        typer.echo(f"Error: {visible(error.message)}", err=True)
        if error.hint:
            typer.echo(f"Hint: {visible(error.hint)}", err=True)
        sys.exit(_FAILED)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hiveloop-scan {__version__}")
        raise typer.Exit


_Methods = Annotated[
    list[str] | None,
    typer.Option("--method", metavar="NAME", help="Only rules for this SDK method (repeatable)."),
]
_Format = Annotated[
    Format, typer.Option("--format", "-f", metavar="text|json", help="text for people, json for programs.")
]


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


@app.command(
    epilog="""
    Examples:

    \b
      hiveloop-scan report
      hiveloop-scan report ./src --method retry --min-confidence high
      hiveloop-scan report ./src --format json --output report.json
      hiveloop-scan report - --stdin-filename src/agent.py < src/agent.py
    """,
)
def report(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Files and folders; '-' reads one file from stdin. Default: ."),
    ] = None,
    method: _Methods = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this rule (repeatable).")] = None,
    min_confidence: Annotated[
        Grade | None,
        typer.Option(metavar="low|medium|high", help="Leave out findings less sure than this. Default: medium."),
    ] = None,
    format: _Format = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Leave out paths of this gitignore pattern (repeatable)."),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule and file, too (text only).")
    ] = False,
    stdin_filename: Annotated[
        str, typer.Option(metavar="NAME", help="The name that '-' has in the report.")
    ] = "<stdin>",
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=0,
            show_default=False,
            help="Worker processes. Default: one for each processor.",
        ),
    ] = 0,
) -> None:
    """Show where calls are missing, and why.

    The exit code is 0 when the scan is done, with or without findings, and 2 when it could not be done.
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.report.output import check_writable
    from hiveloop_scan.scan import Plan

    named = paths or ["."]
    from_stdin = "-" in named
    if from_stdin and len(named) > 1:
        raise ScanError("'-' cannot be mixed with other paths", "scan stdin on its own")
    if output:
        check_writable(output)
    places = [Path(stdin_filename)] if from_stdin else [Path(name) for name in named]
    config = load_config(places)
    rules = _chosen_rules(config, method or [], rule or [])
    if not rules:
        raise ScanError("no rule is left to run", "'hiveloop-scan rules' lists those that --method can choose from")
    grade = Confidence.named(min_confidence.value) if min_confidence else config.min_confidence
    plan = Plan(rules, config, grade)
    found = _scan(places, from_stdin, (*config.exclude, *(exclude or ())), plan, jobs)
    _write_report(found, format, output, statistics)


@app.command(
    name="rules",
    epilog="""
    Examples:

    \b
      hiveloop-scan rules
      hiveloop-scan rules --method retry --format json
    """,
)
def list_rules(method: _Methods = None, format: _Format = Format.TEXT) -> None:
    """List the rules that run here.

    For each: its name, the SDK method that is missing, the section of the guide, the severity.
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.rules import print_rules, render_rules_json

    rules = _chosen_rules(load_config([Path()]), method or [], [])
    if format is Format.JSON:
        write_stdout(render_rules_json(rules), format.encoding)
    else:
        write_stdout(rendered_for_stdout(partial(print_rules, rules)))


@app.command(epilog="Example:\n\n\b\n  hiveloop-scan explain unreported-retry-loop")
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule's name, as a report shows it.")],
) -> None:
    """Show a rule's page.

    It says what the rule finds, why it matters, and shows examples.
    """
    from hiveloop_scan.catalog import find_rule, load_rules
    from hiveloop_scan.config import load_config
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.page import print_page

    page = find_rule(load_rules(load_config([Path()]).rule_folders), rule).readme
    write_stdout(rendered_for_stdout(partial(print_page, page)))


def _chosen_rules(config: Config, methods: list[str], names: list[str]) -> tuple[Rule, ...]:
    from hiveloop_scan.catalog import load_rules
    from hiveloop_scan.selection import select_rules

    return select_rules(load_rules(config.rule_folders, config.vocabulary), config, methods, names)


def _scan(places: list[Path], from_stdin: bool, exclude: tuple[str, ...], plan: Plan, jobs: int) -> Report:
    from hiveloop_scan.engine import report_of, scan
    from hiveloop_scan.files import discover
    from hiveloop_scan.report.progress import ProgressBar
    from hiveloop_scan.scan import scan_stdin

    started = perf_counter()
    if from_stdin:
        return report_of([scan_stdin(sys.stdin.buffer.read(), places[0], plan)], plan, started)
    with ProgressBar() as bar:
        return scan(discover(places, exclude, plan.config.root), plan, jobs, bar.update)


def _write_report(found: Report, format: Format, output: Path | None, statistics: bool) -> None:
    from hiveloop_scan.report.output import write_file, write_stdout

    text = render_report(found, format, for_file=output is not None, statistics=statistics)
    if output is None:
        write_stdout(text, format.encoding)
        return
    write_file(output, text)
    if sys.stderr is not None and sys.stderr.isatty():
        from hiveloop_scan.report.summary import headline

        typer.echo(f"{headline(found)}; written to {output}", err=True)
