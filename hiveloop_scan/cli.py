"""The command line: parse, call the engine, print through a renderer, exit."""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan import __version__
from hiveloop_scan.model import Confidence, Report, ScanError

if TYPE_CHECKING:
    from hiveloop_scan.catalog import Rule
    from hiveloop_scan.config import Config
    from hiveloop_scan.engine import Progress
    from hiveloop_scan.scan import Plan

_FAILED = 2
_FILE_WIDTH = 120

app = typer.Typer(
    name="hiveloop-scan",
    help="Find every place in Python agent code where a HiveLoop event belongs, and say why.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(enum.StrEnum):
    """The formats of a report."""

    TEXT = "text"
    JSON = "json"


class Grade(enum.StrEnum):
    """The values of --min-confidence."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def main() -> None:
    """Run the command line; what cannot be done ends with one line on stderr and exit code 2."""
    try:
        app()
    except ScanError as error:
        hint = f"\n  hint: {error.hint}" if error.hint else ""
        sys.stderr.write(f"error: {error.message}{hint}\n")
        sys.exit(_FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(_FAILED)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hiveloop-scan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def report(
    paths: Annotated[list[str] | None, typer.Argument(help="Files and folders; '-' reads one file from stdin. Default: .")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Only rules for this SDK method (repeatable).")] = None,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule (repeatable).")] = None,
    min_confidence: Annotated[Grade | None, typer.Option(help="Leave out findings less sure than this. Default: medium.")] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to write the report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to this file.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Leave out paths of this gitignore pattern (repeatable).")] = None,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count findings for each rule.")] = False,
    stdin_filename: Annotated[str, typer.Option(help="The name that '-' has in the report.")] = "<stdin>",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Worker processes; 0: one for each processor.")] = 0,
) -> None:
    """Show where HiveLoop calls are missing: file, line, method, reason, confidence.

    Example: hiveloop-scan report ./src --method retry --min-confidence high
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.scan import Plan

    named = paths or ["."]
    from_stdin = "-" in named
    if from_stdin and len(named) > 1:
        raise ScanError("'-' cannot be mixed with other paths", "scan stdin on its own")
    places = [Path(stdin_filename)] if from_stdin else [Path(name) for name in named]
    config = load_config(places)
    rules = _chosen_rules(config, method or [], rule or [])
    grade = Confidence.named(min_confidence.value) if min_confidence else config.min_confidence
    plan = Plan(rules, config, grade)
    _write(_scan(places, from_stdin, (*config.exclude, *(exclude or ())), plan, jobs), format, output, statistics)


@app.command(name="rules")
def list_rules(
    method: Annotated[list[str] | None, typer.Option(help="Only rules for this SDK method (repeatable).")] = None,
) -> None:
    """List the rules: name, missing method, section of the guide, severity."""
    from rich.console import Console
    from rich.table import Table

    from hiveloop_scan.config import load_config

    table = Table(box=None, pad_edge=False)
    for title in ("rule", "method", "guide", "severity"):
        table.add_column(title, no_wrap=True)
    for rule in _chosen_rules(load_config([Path()]), method or [], []):
        table.add_row(rule.name, rule.method, rule.guide, rule.severity)
    Console(soft_wrap=True).print(table)


@app.command()
def explain(rule: Annotated[str, typer.Argument(help="The rule's name, as a report shows it.")]) -> None:
    """Show a rule's page: what it finds, why it matters, examples.

    Example: hiveloop-scan explain unreported-retry-loop
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from hiveloop_scan.catalog import find_rule, load_rules
    from hiveloop_scan.config import load_config

    page = find_rule(load_rules(load_config([Path()]).rule_folders), rule).readme
    console = Console()
    console.print(Markdown(page) if console.is_terminal else page, markup=False, highlight=False, soft_wrap=not console.is_terminal)


def _chosen_rules(config: Config, methods: list[str], names: list[str]) -> tuple[Rule, ...]:
    from hiveloop_scan.catalog import load_rules, select_rules

    rules = load_rules(config.rule_folders, config.vocabulary)
    return select_rules(rules, config.select, config.ignore, methods, names)


def _scan(places: list[Path], from_stdin: bool, exclude: tuple[str, ...], plan: Plan, jobs: int) -> Report:
    from hiveloop_scan.engine import report_of, scan
    from hiveloop_scan.files import discover
    from hiveloop_scan.scan import scan_stdin

    started = perf_counter()
    if from_stdin:
        return report_of([scan_stdin(sys.stdin.buffer.read(), places[0], plan)], perf_counter() - started)
    with _progress_bar() as progress:
        return scan(discover(places, exclude, plan.config.root), plan, jobs, progress)


@contextmanager
def _progress_bar() -> Iterator[Progress | None]:
    """Yield a callback that draws a progress bar once the work has taken a second; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from hiveloop_scan.report.progress import ProgressBar

    with ProgressBar() as bar:
        yield bar.update


def _write(found: Report, format: Format, output: Path | None, statistics: bool) -> None:
    if format is Format.JSON:
        from hiveloop_scan.report.json import render_json

        text = render_json(found)
        if output is None:
            sys.stdout.buffer.write(text.encode())
            return
        _write_file(output, text)
        return
    from rich.console import Console

    from hiveloop_scan.report.text import print_report

    if output is None:
        print_report(found, Console(highlight=False, markup=False, emoji=False), statistics)
        return
    plain = StringIO()
    print_report(found, Console(file=plain, width=_FILE_WIDTH, highlight=False, markup=False, emoji=False), statistics)
    _write_file(output, plain.getvalue())


def _write_file(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ScanError(f"cannot write {path}: {error.strerror}", "name a file in a folder that exists") from None
