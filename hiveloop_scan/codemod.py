"""From the findings of a code base to changed files: scan, work out every change, prove it, write all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.engine import Progress, scan_files
from hiveloop_scan.files import Discovery, display_path
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.planning import FileChange, Intent, Outcome, change_file
from hiveloop_scan.fix.plumbing import Plumbing, find_plumbing
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.model import FileError, Finding
from hiveloop_scan.project import Project, settle
from hiveloop_scan.scan import Plan, scan_source


@dataclass(frozen=True)
class Wish:
    """What the user asks `apply` for: the style, whether unsafe fixes count, and which files may not be touched."""

    style: Style = Style.INLINE
    unsafe: bool = False
    untouchable: Mapping[Path, str] | None = None
    chosen: Callable[[Finding], bool] = lambda finding: True


@dataclass(frozen=True)
class Proposal:
    """All changes that were worked out, the findings that get none, and the files that could not be scanned."""

    changes: tuple[FileChange, ...]
    errors: tuple[FileError, ...]
    files: int
    lines: int

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of every finding, file by file."""
        return [outcome for change in self.changes for outcome in change.outcomes]

    @property
    def changed(self) -> list[FileChange]:
        """The files that get other bytes."""
        return [change for change in self.changes if change.after != change.before]


def propose(
    discovery: Discovery,
    neighbours: Sequence[Path],
    plan: Plan,
    wish: Wish,
    progress: Progress | None = None,
    jobs: int = 0,
) -> Proposal:
    """Work out what `apply` would write into the files of `discovery`; nothing is written.

    `neighbours` are files of the same project in which the task and the agent may be offered.
    """
    results = scan_files(discovery.files, plan, jobs, progress)
    project = Project(results)
    findings, _ = settle(results, plan.rules, plan.min_confidence, project)
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    paths = {display_path(path): path for path in discovery.files}
    plumbing = find_plumbing(dict.fromkeys([*discovery.files, *neighbours])) if by_path else Plumbing()

    def rescan(path: Path, data: bytes) -> list[Finding]:
        found, _ = settle([scan_source(data, path, plan)], plan.rules, plan.min_confidence, project)
        return found

    intent = Intent(plumbing, _unsafe(plan, wish), wish.style, rescan, wish.chosen)
    changes = [
        _changed(paths[shown], [item for item in found if wish.chosen(item)], intent, wish)
        for shown, found in sorted(by_path.items())
    ]
    errors = [*discovery.errors, *(error for result in results for error in result.errors)]
    return Proposal(tuple(changes), tuple(errors), len(results), sum(result.lines for result in results))


def _unsafe(plan: Plan, wish: Wish) -> Collection[str]:
    """Return the rules whose fixes are not to be written."""
    held = {"manual"} if wish.unsafe else {"manual", "unsafe"}
    return {rule.name for rule in plan.rules if rule.applicability in held}


def _changed(path: Path, findings: Sequence[Finding], intent: Intent, wish: Wish) -> FileChange:
    data = path.read_bytes()
    reason = (wish.untouchable or {}).get(path)
    if reason:
        return FileChange(path, data, data, tuple(Outcome(item, reason) for item in findings))
    try:
        return change_file(path, data, findings, intent)
    except Refusal as refusal:
        refused = tuple(Outcome(item, refusal.reason, refusal.hint) for item in findings)
        return FileChange(path, data, data, refused)
