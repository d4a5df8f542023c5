"""The command `coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.model import ScanError
from hiveloop_scan.report.coverage import CoverageFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiveloop_scan.report.tallies import Tallies

_UNDER = 1


def coverage(
    paths: options.Paths = None,
    method: options.Methods = None,
    rule: options.Rules = None,
    min_confidence: options.MinConfidence = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="[METHOD=]PERCENT", help="Exit with 1 where less is covered (repeatable)."),
    ] = None,
    format: Annotated[
        CoverageFormat, typer.Option("--format", "-f", metavar="FORMAT", help="text, json, markdown or svg (a badge).")
    ] = CoverageFormat.TEXT,
    output: options.Outputs = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
) -> None:
    """Tell how many of the places that should tell HiveBoard something do so, by method, package and file.

    The exit code is 0, 1 when --fail-under is not reached, 2 when the job could not be done.
    """
    from hiveloop_scan.commands.scanning import Request, run_scan
    from hiveloop_scan.commands.writing import destinations, files_of, write_result
    from hiveloop_scan.report.coverage import render_coverage
    from hiveloop_scan.report.tallies import tallies

    limits = [_limit(text) for text in fail_under or ()]
    wanted = destinations(format, output, CoverageFormat)
    request = Request(paths, method, rule, min_confidence, exclude, stdin_filename, jobs, files_of(wanted))
    report = run_scan(request).report
    for item in wanted:
        encoding = None if item.format is CoverageFormat.TEXT else "utf-8"
        write_result(render_coverage(report, item.format), item.path, report, encoding)
    missed = list(_missed(limits, tallies(report)))
    for line in missed:
        typer.echo(line, err=True)
    if missed:
        raise typer.Exit(_UNDER)


def _limit(text: str) -> tuple[str, float]:
    """Read ``80`` or ``escalate=100``."""
    from hiveloop_scan.methods import METHODS
    from hiveloop_scan.suggest import closest

    name, equals, number = text.rpartition("=")
    if equals and name not in METHODS:
        raise ScanError(f"--fail-under {text}: no SDK method is called {name!r}", closest(name, METHODS))
    try:
        limit = float(number)
    except ValueError:
        limit = -1.0
    if not 0 <= limit <= 100:
        raise ScanError(f"--fail-under {text}: {number!r} is no percentage", "write it as 80, or as escalate=100")
    return name, limit


def _missed(limits: Sequence[tuple[str, float]], counted: Tallies) -> list[str]:
    missed = []
    for name, limit in limits:
        tally = counted.methods.get(name) if name else counted.whole
        if tally is not None and not tally.reaches(limit):
            what = f"{name} is" if name else "the coverage is"
            missed.append(f"{what} {tally.percent:g} %, less than {limit:g} %")
    return missed
