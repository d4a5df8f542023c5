"""The command `lint`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan.commands import completion, options
from hiveloop_scan.model import SEVERITIES
from hiveloop_scan.report.formats import Format

if TYPE_CHECKING:
    from hiveloop_scan.commands.scanning import Scanned
    from hiveloop_scan.model import Report

_FOUND = 1
DEFAULT_REASON = "was there before the gate"


def lint(
    paths: options.Paths = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.chosen,
            help="Run these: rules, SDK methods, 'missing', 'misuse' or 'all' (repeatable).",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.chosen,
            help="Leave these out: rules or SDK methods (repeatable).",
        ),
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
    fail_on: Annotated[
        options.Severity | None,
        typer.Option(metavar="error|warning|note", help="Exit with 1 for findings as bad as this. Default: note, any."),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="The reason that --add-ignores writes.")] = DEFAULT_REASON,
    fix: Annotated[bool, typer.Option("--fix", help="Mend the calls that can be mended safely.")] = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix: mend those too that somebody should look at.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change as a diff and write nothing.")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="With --fix: mend files with changes that git does not know yet, too.")
    ] = False,
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

    The exit code is 0 when nothing is found, or left by --fix, 1 when something is that is as bad as --fail-on says,
    2 when the job could not be done.
    """
    from hiveloop_scan.commands.known import Known, without_known, write_ignores
    from hiveloop_scan.commands.mending import Mending, check_mending, mend
    from hiveloop_scan.commands.scanning import Request, run_scan
    from hiveloop_scan.commands.writing import destinations, files_of, write_report
    from hiveloop_scan.selection import select_for_gate

    mending = Mending(fix, unsafe, diff, allow_dirty)
    check_mending(mending, add_ignores, update_baseline)
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
    known = Known(baseline, update_baseline, accept_new, diff_base)

    def look() -> tuple[Scanned, Report]:
        scanned = run_scan(
            request, lambda rules, config: select_for_gate(rules, config, select or (), ignore or (), require_reason)
        )
        return scanned, without_known(scanned, replace(known, baseline=baseline or scanned.config.lint.baseline))

    scanned, report = look()
    if mending.is_wanted and mend(scanned, report, request, mending) and not diff:
        scanned, report = look()
    if add_ignores:
        report = write_ignores(report, scanned, reason)
    if not diff:
        write_report(scanned, report, wanted)
    worst = SEVERITIES.index(fail_on.value if fail_on else scanned.config.lint.fail_on)
    if any(SEVERITIES.index(finding.severity) <= worst for finding in report.findings):
        raise typer.Exit(_FOUND)
