"""The command `lint`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.report.formats import Format

_FOUND = 1
DEFAULT_REASON = "was there before the gate"


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
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out what this file lists; it is what was known before.")
    ] = None,
    update_baseline: Annotated[
        bool,
        typer.Option("--update-baseline", help="Take out of the baseline what is mended; write it if there is none."),
    ] = False,
    accept_new: Annotated[
        bool, typer.Option("--accept-new", help="With --update-baseline: put new findings into it, too.")
    ] = False,
    diff_base: Annotated[
        str | None, typer.Option(metavar="REV", help="Only what was changed since the work parted from this revision.")
    ] = None,
    add_ignores: Annotated[
        bool, typer.Option("--add-ignores", help="Silence what is found: write a comment above each place.")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="The reason that --add-ignores writes.")] = DEFAULT_REASON,
    format: options.Format = Format.TEXT,
    output: options.Outputs = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
    executor: options.Executor = None,
    profile: options.Profile = False,
) -> None:
    """Check what must not be missing or wrong: hand-overs that nobody is told of, calls that are misused.

    The exit code is 0 when nothing is found, 1 when something is, 2 when the job could not be done.
    """
    from hiveloop_scan.commands.known import Known, without_known, write_ignores
    from hiveloop_scan.commands.scanning import Request, run_scan
    from hiveloop_scan.commands.writing import destinations, files_of, write_report
    from hiveloop_scan.selection import select_for_gate

    wanted = destinations(format, output, Format)
    request = Request(
        paths,
        None,
        None,
        min_confidence,
        exclude,
        stdin_filename,
        jobs,
        files_of(wanted),
        not no_cache,
        executor,
        profile,
    )
    scanned = run_scan(
        request, lambda rules, config: select_for_gate(rules, config, select or (), ignore or (), require_reason)
    )
    known = Known(baseline or scanned.config.lint.baseline, update_baseline, accept_new, diff_base)
    report = without_known(scanned, known)
    if add_ignores:
        report = write_ignores(report, scanned, reason)
    write_report(scanned, report, wanted)
    if report.findings:
        raise typer.Exit(_FOUND)
