"""The SARIF log of a report: with the change that `apply` would make for each finding whose fix is safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiveloop_scan.commands.scanning import Scanned
    from hiveloop_scan.model import FileChange, Finding, Report
    from hiveloop_scan.report.sarif import Replacement

_SAFE = "safe"


def log_of(scanned: Scanned, report: Report) -> str:
    """Return the log; `report` is what is left of the one that was scanned."""
    from hiveloop_scan.report.sarif import render_sarif

    findings = [finding for finding in report.findings if finding.fix == _SAFE and finding.kind == "missing"]
    fixes = _replacements(scanned, findings) if findings and scanned.stdin is None else {}
    return render_sarif(report, scanned.rules, fixes)


def _replacements(scanned: Scanned, findings: list[Finding]) -> dict[int, Replacement]:
    """Map findings, by their ``id``, to what would be written; those that nothing can be written for are left out."""
    from hiveloop_scan.codemod import previews
    from hiveloop_scan.commands.fixing import project_files

    paths = [Path(path) for path in dict.fromkeys(finding.path for finding in findings)]
    changes = previews(findings, paths, project_files(paths, scanned.config), scanned.rules)
    return {
        id(finding): _replacement(change)
        for finding, change in zip(findings, changes, strict=True)
        if change.is_change and not change.problem
    }


def _replacement(change: FileChange) -> Replacement:
    """Return the lines in which the two versions of a file differ, as one replacement."""
    from hiveloop_scan.lines import lines_of
    from hiveloop_scan.report.sarif import Replacement

    before, after = lines_of(change.before), lines_of(change.after)
    most = min(len(before), len(after))
    first = next((number for number in range(most) if before[number] != after[number]), most)
    same = next((number for number in range(most - first) if before[-1 - number] != after[-1 - number]), most - first)
    text = "".join(f"{line}\n" for line in after[first : len(after) - same])
    return Replacement(first + 1, len(before) - same + 1, text)
