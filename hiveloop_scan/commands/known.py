"""What a gate lets pass: findings that a baseline knows, lines that nobody has changed, places that get a comment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hiveloop_scan.model import Finding, Report, ScanError, Silenced

if TYPE_CHECKING:
    from hiveloop_scan.commands.scanning import Scanned
    from hiveloop_scan.gate.baseline import Compared


@dataclass(frozen=True, slots=True)
class Known:
    """The options that say what is known already."""

    baseline: Path | None
    update: bool
    accept_new: bool
    diff_base: str | None


def without_known(scanned: Scanned, known: Known) -> Report:
    """Return the report without what the baseline knows, and without what the change since a revision did not touch."""
    report = replace(scanned.report, noun="finding")
    if known.update and known.baseline is None:
        raise ScanError("--update-baseline does not know which file", "name it with --baseline FILE")
    if known.accept_new and not known.update:
        raise ScanError("--accept-new goes with --update-baseline", "add it")
    if known.update and known.diff_base is not None:
        raise ScanError("a baseline is made of all findings", "leave out --diff-base or --update-baseline")
    if known.baseline is not None:
        report = _without_baseline(report, scanned, known, known.baseline)
    if known.diff_base is not None:
        report = _of_the_change(report, scanned, known.diff_base)
    return report


def _without_baseline(report: Report, scanned: Scanned, known: Known, file: Path) -> Report:
    from hiveloop_scan.gate.baseline import compare, load_baseline

    folder = file.resolve().parent
    is_first = known.update and not file.exists()
    entries = [] if is_first else load_baseline(file)
    rules = {rule.name for rule in scanned.rules}
    compared = compare(report.findings, entries, folder, rules, report.scanned)
    if known.update:
        compared = _update(compared, file, folder, known.accept_new or is_first)
    silenced = [Silenced(finding, f"known to {file}", "baseline") for finding in compared.known]
    return replace(
        report,
        findings=tuple(compared.new),
        silenced=(*report.silenced, *silenced),
        stale=tuple(str(entry) for entry in sorted(compared.stale)),
    )


def _update(compared: Compared, file: Path, folder: Path, accept_new: bool) -> Compared:
    """Write the baseline: what is still found, what was not looked at, and what is new if that is wanted."""
    from hiveloop_scan.gate.baseline import dump_baseline, entry_of
    from hiveloop_scan.report.output import check_writable, write_file

    kept = [*compared.known, *(compared.new if accept_new else ())]
    check_writable(file)
    write_file(file, dump_baseline([*compared.left, *(entry_of(finding, folder) for finding in kept)]))
    return replace(compared, known=kept, new=[] if accept_new else compared.new, stale=[])


def _of_the_change(report: Report, scanned: Scanned, revision: str) -> Report:
    from hiveloop_scan.gate.changes import changes_since

    changes = changes_since(revision, scanned.config.root)
    return replace(report, findings=tuple(finding for finding in report.findings if changes.touch(finding)))


def write_ignores(report: Report, scanned: Scanned, reason: str) -> Report:
    """Write a comment for each finding; return the report of what is left."""
    from hiveloop_scan.fix.refusal import Refusal
    from hiveloop_scan.fix.writing import replace_file
    from hiveloop_scan.gate.ignores import with_ignores

    if scanned.stdin is not None:
        raise ScanError("--add-ignores cannot write to stdin", "name the file")
    reason = " ".join(reason.split())
    if not reason or "#" in reason:
        raise ScanError(f"no reason for a comment: {reason!r}", "give one without '#'")
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.kind != "gate":
            by_path[finding.path].append(finding)
    silenced: list[Finding] = []
    for name, findings in by_path.items():
        path = Path(name)
        try:
            before = path.read_bytes()
            replace_file(path, before, with_ignores(before, findings, reason))
        except Refusal as refusal:
            typer.echo(f"left alone: {name}: {refusal.reason}", err=True)
        except OSError as error:
            typer.echo(f"left alone: {name}: {error.strerror}", err=True)
        else:
            silenced += findings
    return _without(report, silenced, reason)


def _without(report: Report, silenced: Sequence[Finding], reason: str) -> Report:
    done = {id(finding) for finding in silenced}
    return replace(
        report,
        findings=tuple(finding for finding in report.findings if id(finding) not in done),
        silenced=(*report.silenced, *(Silenced(finding, reason) for finding in silenced)),
    )
