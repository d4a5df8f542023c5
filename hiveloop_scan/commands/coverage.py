"""The command `coverage`."""

from __future__ import annotations

from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.report.coverage_formats import CoverageFormat

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
    from hiveloop_scan.commands.limits import missed, read_limit
    from hiveloop_scan.commands.scanning import Request, run_scan
    from hiveloop_scan.commands.writing import destinations, files_of, write_result
    from hiveloop_scan.report.coverage import render_coverage
    from hiveloop_scan.report.tallies import tallies

    limits = [read_limit(text) for text in fail_under or ()]
    wanted = destinations(format, output, CoverageFormat)
    request = Request(paths, method, rule, min_confidence, exclude, stdin_filename, jobs, files_of(wanted))
    report = run_scan(request).report
    for item in wanted:
        encoding = None if item.format is CoverageFormat.TEXT else "utf-8"
        write_result(render_coverage(report, item.format), item.path, report, encoding)
    counted = tallies(report)
    under = list(missed(limits, counted.whole, counted.methods, "the coverage"))
    for line in under:
        typer.echo(line, err=True)
    if under:
        raise typer.Exit(_UNDER)
