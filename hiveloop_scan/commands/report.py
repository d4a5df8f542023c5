"""The command `report`."""

from __future__ import annotations

from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.commands.scanning import Request, run_scan
from hiveloop_scan.commands.writing import destinations, files_of, write_report
from hiveloop_scan.report.formats import Format
from hiveloop_scan.report.order import Order


def report(
    paths: options.Paths = None,
    method: options.Methods = None,
    rule: options.Rules = None,
    min_confidence: options.MinConfidence = None,
    format: options.Format = Format.TEXT,
    sort: Annotated[
        Order,
        typer.Option(metavar="value|file", help="By file, or the most telling methods and the surest findings first."),
    ] = Order.FILE,
    output: options.Outputs = None,
    exclude: options.Exclude = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule and file, too (text only).")
    ] = False,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
    executor: options.Executor = None,
    profile: options.Profile = False,
) -> None:
    """Show where calls are missing, and why.

    The exit code is 0 when the scan is done, with or without findings, and 2 when it could not be done.
    """
    wanted = destinations(format, output, Format)
    request = Request(
        paths,
        method,
        rule,
        min_confidence,
        exclude,
        stdin_filename,
        jobs,
        files_of(wanted),
        not no_cache,
        executor,
        profile,
    )
    found = run_scan(request)
    write_report(found, found.report, wanted, statistics, sort)
