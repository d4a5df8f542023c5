"""From the findings of a code base to changed files: scan, work out every change, prove it, write all or nothing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hiveloop_scan.cache import Cache
from hiveloop_scan.catalog import Rule
from hiveloop_scan.engine import project_of, scan_files
from hiveloop_scan.files import Discovery, absolute, display_path
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.dirty import dirty_files
from hiveloop_scan.fix.journal import forget, is_own_work, record
from hiveloop_scan.fix.offers import Plumbing, find_plumbing
from hiveloop_scan.fix.planning import Intent, change_file, previewed
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.writing import replace_file
from hiveloop_scan.means import Progress
from hiveloop_scan.model import FileChange, FileError, Finding, Outcome
from hiveloop_scan.plan import Plan
from hiveloop_scan.project import settle
from hiveloop_scan.rescans import Rescans


@dataclass(frozen=True)
class Wish:
    """What the user asks `apply` for: the style, whether unsafe fixes count, which findings get their call."""

    style: Style = Style.INLINE
    unsafe: bool = False
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
        return [change for change in self.changes if change.is_change]


def propose(discovery: Discovery, neighbours: Sequence[Path], plan: Plan, wish: Wish) -> Proposal:
    """Work out what `apply` would write into the files of `discovery`; nothing is written.

    `neighbours` are files of the same project in which the task and the agent may be offered.
    """
    return propose_from(look_through(discovery, neighbours, plan, wish))


def propose_from(survey: Survey) -> Proposal:
    """Work out the changes of all files in which something was found."""
    changes = [
        changed(survey.paths[shown], [item for item in found if survey.intent.wanted(item)], survey.intent)
        for shown, found in sorted(survey.findings.items())
    ]
    survey.rescans.save()
    return Proposal(tuple(changes), survey.errors, survey.files, survey.lines)


def previews(
    findings: Sequence[Finding], paths: Sequence[Path], neighbours: Sequence[Path], rules: Sequence[Rule]
) -> list[FileChange]:
    """Return for each finding the change of its file that `apply` would propose, if it could: a look, not a proof.

    `paths` are the files that were scanned; a file that cannot be read any more is shown as it is.
    """
    known = {display_path(path): absolute(path) for path in paths}
    plumbing = find_plumbing(dict.fromkeys(map(absolute, [*paths, *neighbours]))) if findings else Plumbing()
    summaries = {rule.name: rule.summary for rule in rules}
    intent = Intent(plumbing, _unsafe(rules, unsafe=True), Style.INLINE, lambda path, data: [], summaries=summaries)
    sources = {
        name: Source(known[name].read_bytes() if known[name].is_file() else b"")
        for name in {finding.path for finding in findings}
    }
    return [previewed(known[item.path], item.path, sources[item.path], item, intent) for item in findings]


@dataclass(frozen=True)
class Survey:
    """What a scan has found, file by file, and what is needed to write into these files."""

    findings: Mapping[str, Sequence[Finding]]
    paths: Mapping[str, Path]
    intent: Intent
    errors: tuple[FileError, ...]
    files: int
    lines: int
    rescans: Rescans


def look_through(
    discovery: Discovery,
    neighbours: Sequence[Path],
    plan: Plan,
    wish: Wish,
    *,
    jobs: int = 0,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Survey:
    """Scan the files of `discovery` and find out how calls can be made in them.

    The scan is that of a report, so that each can use what was kept of the other.
    """
    at_least = min(plan.min_confidence, plan.config.min_confidence)
    results = scan_files(discovery.files, replace(plan, min_confidence=at_least), jobs, progress, cache=cache)
    rescans = Rescans(plan, cache)
    project = project_of(results, plan)
    findings = settle(results, plan.rules, plan.min_confidence, project).findings
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    plumbing = find_plumbing(dict.fromkeys(map(absolute, [*discovery.files, *neighbours]))) if by_path else Plumbing()

    def rescan(path: Path, data: bytes) -> list[Finding]:
        result = rescans.result(path, data)
        if result.outline is not None:
            project.reach.renew(result.path, result.outline)
        return settle([result], plan.rules, plan.min_confidence, project).findings

    errors = (*discovery.errors, *(error for result in results for error in result.errors))
    summaries = {rule.name: rule.summary for rule in plan.rules}
    intent = Intent(plumbing, _unsafe(plan.rules, wish.unsafe), wish.style, rescan, wish.chosen, summaries)
    paths = {display_path(path): absolute(path) for path in discovery.files}
    return Survey(by_path, paths, intent, errors, len(results), sum(result.lines for result in results), rescans)


def _unsafe(rules: Iterable[Rule], unsafe: bool) -> Collection[str]:
    """Return the rules whose fixes are not to be written."""
    held = {"manual"} if unsafe else {"manual", "unsafe"}
    return {rule.name for rule in rules if rule.applicability in held}


def changed(path: Path, findings: Sequence[Finding], intent: Intent) -> FileChange:
    """Work out the change of one file; where its proof fails, the file stays as it is."""
    shown = display_path(path)
    data = path.read_bytes()
    try:
        return change_file(path, shown, data, findings, intent)
    except Refusal as refusal:
        refused = tuple(Outcome(item, refusal.reason, refusal.hint) for item in findings)
        return FileChange(path, shown, data, data, refused, problem=refusal.reason)


def removals(discovery: Discovery) -> list[FileChange]:
    """Work out the files without the calls that `apply` wrote; those that hold none are left out."""
    changes = []
    for path in discovery.files:
        data = path.read_bytes()
        try:
            after = without_calls(Source(data)).data
            ast.parse(after)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if after != data:
            changes.append(FileChange(path, display_path(path), data, after))
    return changes


def without_dirty(changes: Sequence[FileChange], root: Path) -> list[FileChange]:
    """Leave out the changes of files with work that git does not know; what `apply` itself left there is none."""
    dirty = dirty_files([change.path for change in changes if change.is_change], root)
    return [_left_alone(change) if _is_dirty(change, dirty, root) else change for change in changes]


def write_changes(changes: Sequence[FileChange], root: Path, command: str = "apply") -> None:
    """Write all changed files or none, and keep what is needed to undo it; Refusal where one cannot be written."""
    todo = [change for change in changes if change.is_change]
    if not todo:
        return
    entry = record(root, todo, command)
    done: list[FileChange] = []
    try:
        for change in todo:
            replace_file(change.path, change.before, change.after)
            done.append(change)
    except Refusal:
        for change in reversed(done):
            replace_file(change.path, change.after, change.before)
        forget(entry)
        raise


def _is_dirty(change: FileChange, dirty: Collection[Path], root: Path) -> bool:
    return change.path.resolve() in dirty and not is_own_work(change.path, change.before, root)


def _left_alone(change: FileChange) -> FileChange:
    reason, hint = "the file has changes that are not committed", "commit them, or use --allow-dirty"
    refused = tuple(Outcome(item.finding, reason, hint) for item in change.outcomes)
    return replace(change, after=change.before, outcomes=refused)
