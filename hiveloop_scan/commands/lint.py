"""The command `lint`."""

from __future__ import annotations

from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.report.formats import Format

_FOUND = 1


def lint(
    paths: options.Paths = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Run these: rules, SDK methods, 'missing', 'misuse' or 'all' (repeatable)."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Leave these out: rules or SDK methods (repeatable).")
    ] = None,
    min_confidence: options.MinConfidence = None,
    require_reason: Annotated[
        bool, typer.Option("--require-reason", help="Complain about suppressions that give no reason.")
    ] = False,
    format: options.Format = Format.TEXT,
    output: options.Outputs = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
) -> None:
    """Check what must not be missing or wrong: hand-overs that nobody is told of, calls that are misused.

    The exit code is 0 when nothing is found, 1 when something is, 2 when the job could not be done.
    """
    from dataclasses import replace

    from hiveloop_scan.commands.scanning import Request, run_scan
    from hiveloop_scan.commands.writing import destinations, files_of, write_report
    from hiveloop_scan.selection import select_for_gate

    wanted = destinations(format, output)
    request = Request(paths, None, None, min_confidence, exclude, stdin_filename, jobs, files_of(wanted))
    scanned = run_scan(
        request, lambda rules, config: select_for_gate(rules, config, select or (), ignore or (), require_reason)
    )
    report = replace(scanned.report, noun="finding")
    write_report(report, scanned.rules, wanted)
    if report.findings:
        raise typer.Exit(_FOUND)
