"""The command `apply`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.model import ScanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiveloop_scan.codemod import Proposal
    from hiveloop_scan.model import FileChange

_FAILED, _WOULD_CHANGE = 2, 1


def apply(
    paths: options.FixPaths = None,
    method: options.Methods = None,
    rule: options.Rules = None,
    min_confidence: Annotated[
        options.Grade, typer.Option(metavar="low|medium|high", help="Leave out findings less sure than this.")
    ] = options.Grade.HIGH,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Write the fixes too that somebody should look at.")] = False,
    style: Annotated[
        options.Style,
        typer.Option(metavar="inline|helper", help="Guard each call where it stands, or by a helper in one line."),
    ] = options.Style.INLINE,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes as a diff and write nothing.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if something would change.")
    ] = False,
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Ask about each call.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Write the other files where one cannot be written.")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write into files with changes that git does not know yet, too.")
    ] = False,
    exclude: options.Exclude = None,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> None:
    """Write the missing calls.

    Each changed file is proven first: it compiles, its calls are recognised, and taking them out gives the same bytes.
    'hiveloop-scan undo' takes back the last run, 'hiveloop-scan remove' takes out all calls that were written.

    The exit code is 0 when the work is done, 1 when --check finds something to write, 2 when it could not be done.
    """
    from hiveloop_scan.codemod import without_dirty
    from hiveloop_scan.commands.fixing import FixRequest, ask_or_propose, project_root

    request = FixRequest(paths, method, rule, min_confidence, style, unsafe, exclude, jobs, not no_cache)
    proposal = ask_or_propose(request, ask=interactive)
    root = project_root(request)
    changes = proposal.changes if allow_dirty else tuple(without_dirty(proposal.changes, root))
    if diff or check:
        if diff:
            print_diffs([change for change in changes if change.is_change])
        _show(proposal, changes, "to write", to_stderr=diff)
        raise typer.Exit(_WOULD_CHANGE if check and any(change.is_change for change in changes) else 0)
    _write(changes, root, keep_going)
    _show(proposal, changes, "written")


def _write(changes: Sequence[FileChange], root: Path, keep_going: bool) -> None:
    """Write what can be written; where a file cannot, nothing at all unless the user wants to go on."""
    from hiveloop_scan.codemod import write_changes
    from hiveloop_scan.fix.refusal import Refusal
    from hiveloop_scan.fix.writing import check_writable_file

    good: list[FileChange] = []
    for change in changes:
        try:
            if change.problem:
                raise Refusal(change.problem, "use --keep-going to write the others")
            if change.is_change:
                check_writable_file(change.path, change.before)
                good.append(change)
        except Refusal as refusal:
            if not keep_going:
                raise ScanError(f"nothing was written: {change.shown}: {refusal.reason}", refusal.hint) from None
            typer.echo(f"left alone: {change.shown}: {refusal.reason}", err=True)
    try:
        write_changes(good, root)
    except Refusal as refusal:
        raise ScanError(f"nothing was written: {refusal.reason}", refusal.hint) from None


def _show(proposal: Proposal, changes: Sequence[FileChange], verb: str, to_stderr: bool = False) -> None:
    from hiveloop_scan.report.applied import outcome_line, print_applied
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.paper import written_for_file, written_for_stdout

    outcomes = [outcome for change in changes for outcome in change.outcomes]
    show = partial(print_applied, outcomes, proposal.errors, verb)
    files = sum(change.is_change for change in changes)
    if to_stderr:
        typer.echo(written_for_file(show) + outcome_line(outcomes, files, verb), err=True)
    else:
        write_stdout(written_for_stdout(show) + outcome_line(outcomes, files, verb) + "\n")


def print_diffs(changes: Sequence[FileChange]) -> None:
    """Print diffs for a person at a terminal, and the bytes that ``git apply`` takes for everybody else."""
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.diff import print_diff, render_diff
    from hiveloop_scan.report.output import write_bytes, write_stdout

    if sys.stdout is not None and sys.stdout.isatty():
        for change in changes:
            write_stdout(rendered_for_stdout(partial(print_diff, change)))
    else:
        write_bytes(render_diff(changes))
