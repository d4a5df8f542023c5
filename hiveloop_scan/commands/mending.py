"""The part of `lint` that mends: what `--fix`, `--unsafe-fixes` and `--diff` ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from hiveloop_scan.model import FileChange, Outcome, Report, ScanError

if TYPE_CHECKING:
    from hiveloop_scan.commands.scanning import Request, Scanned


@dataclass(frozen=True, slots=True)
class Mending:
    """The options of `lint` that say whether to mend, and what."""

    fix: bool
    unsafe: bool
    diff: bool
    allow_dirty: bool

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to be mended, or shown as it would be."""
        return self.fix or self.diff


def check_mending(mending: Mending, *others: bool) -> None:
    """Raise ScanError for options that do not go together; `others` write comments or baselines."""
    if mending.is_wanted and any(others):
        raise ScanError("--fix does not go with --add-ignores or --update-baseline", "run one after the other")
    if mending.unsafe and not mending.is_wanted:
        raise ScanError("--unsafe-fixes goes with --fix or --diff", "add one of them")


def mend(scanned: Scanned, report: Report, request: Request, mending: Mending) -> bool:
    """Mend what `report` holds, as far as it is safe; say whether a file was written, or would have to be."""
    from hiveloop_scan.codemod import without_dirty, write_changes
    from hiveloop_scan.commands.apply import print_diffs
    from hiveloop_scan.fix.refusal import Refusal

    if scanned.stdin is not None:
        raise ScanError("--fix cannot write to stdin", "name the file")
    changes: Sequence[FileChange] = _changes(scanned, report, request, mending.unsafe)
    root = scanned.config.root.resolve()
    if not mending.allow_dirty:
        changes = without_dirty(changes, root)
    if mending.diff:
        print_diffs([change for change in changes if change.is_change])
    else:
        try:
            write_changes(changes, root, "lint --fix")
        except Refusal as refusal:
            raise ScanError(f"nothing was written: {refusal.reason}", refusal.hint) from None
    _tell(
        [outcome for change in changes for outcome in change.outcomes], "would be mended" if mending.diff else "mended"
    )
    return any(change.is_change for change in changes)


def _changes(scanned: Scanned, report: Report, request: Request, unsafe: bool) -> list[FileChange]:
    from pathlib import Path

    from hiveloop_scan.model import Confidence
    from hiveloop_scan.plan import Plan
    from hiveloop_scan.repair import can_mend, repair

    grade = request.min_confidence
    at_least = Confidence.named(grade.value) if grade else scanned.config.min_confidence
    plan = Plan(scanned.rules, scanned.config, at_least)
    findings = [finding for finding in report.findings if can_mend(finding, unsafe)]
    return repair(findings, [Path(path) for path in sorted(report.scanned)], plan, request.jobs)


def _tell(outcomes: Sequence[Outcome], done: str) -> None:
    """Say on the standard error what became of each finding: the standard output is the report's, or the diff's."""
    from hiveloop_scan.report.summary import count_of

    for outcome in outcomes:
        if not outcome.is_written:
            place = f"{outcome.finding.path}:{outcome.finding.span.line}: {outcome.finding.rule}"
            hint = f"; {outcome.hint}" if outcome.hint else ""
            typer.echo(f"left alone: {place}: {outcome.reason}{hint}", err=True)
    typer.echo(f"{count_of(sum(outcome.is_written for outcome in outcomes), 'finding')} {done}", err=True)
