"""From findings about misuse to mended files; what `lint --fix` is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from hiveloop_scan.engine import project_of, scan_files
from hiveloop_scan.files import absolute, display_path
from hiveloop_scan.fix.mending.planning import mend_file
from hiveloop_scan.fix.mending.table import MENDERS
from hiveloop_scan.model import FileChange, Finding
from hiveloop_scan.project import settle
from hiveloop_scan.scan import Plan, scan_source


def can_mend(finding: Finding, unsafe: bool) -> bool:
    """Say whether there is a fix for the rule of a finding, and it may be trusted as far as the user wants."""
    trusted = ("safe", "unsafe") if unsafe else ("safe",)
    return finding.kind == "misuse" and finding.rule in MENDERS and finding.fix in trusted


def repair(findings: Sequence[Finding], files: Sequence[Path], plan: Plan, jobs: int = 0) -> list[FileChange]:
    """Work out the mended files; nothing is written. `files` are all that were scanned: they tell of each other."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    if not by_path:
        return []
    project = project_of(scan_files(files, plan, jobs), plan)

    def rescan(path: Path, data: bytes) -> list[Finding]:
        return settle([scan_source(data, path, plan)], plan.rules, plan.min_confidence, project).findings

    paths = {display_path(path): absolute(path) for path in files}
    changes = []
    for shown, found in sorted(by_path.items()):
        data = paths[shown].read_bytes()
        changes.append(mend_file(paths[shown], shown, data, found, rescan))
    return changes
