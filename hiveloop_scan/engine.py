"""Many files in, one report out: scan what is not kept from last time, settle across files, put in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.cache import Cache
from hiveloop_scan.complaints import GATE, UNPARSABLE, complaints, unparsable
from hiveloop_scan.files import Discovery, absolute, discover, display_path
from hiveloop_scan.kept import Kept
from hiveloop_scan.means import Means, Progress, usable_processors
from hiveloop_scan.model import FileResult, Finding, Outline, Report
from hiveloop_scan.plan import Plan
from hiveloop_scan.project import Project, Settled, settle
from hiveloop_scan.reach import Reach
from hiveloop_scan.timing import Timing, phase
from hiveloop_scan.usage import FEW_FILES, speaks_of_sdk, use_the_sdk

if TYPE_CHECKING:
    from concurrent.futures import Executor

_SIGNS_OF_A_ROOT = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
"""Without one of them nobody knows where a project begins, and all files of a home folder are none of it."""


def scan(
    discovery: Discovery,
    plan: Plan,
    jobs: int = 0,
    progress: Progress | None = None,
    *,
    cache: Cache | None = None,
    executor: Callable[[], Executor] | None = None,
    timing: Timing | None = None,
) -> Report:
    """Scan all files and put their findings and errors into one stable order.

    `jobs` is the number of worker processes; 0 takes one for each processor that this process may use. `executor`
    makes what runs the work in place of processes of our own. `timing` takes what workers measure.
    """
    started = time.perf_counter()
    means = Means(jobs or usable_processors(), executor, timing)
    results = scan_files(discovery.files, plan, jobs, progress, cache=cache, means=means)
    with phase("settle across files"):
        return report_of(results, plan, started, discovery)


def scan_files(
    files: Sequence[Path],
    plan: Plan,
    jobs: int = 0,
    progress: Progress | None = None,
    *,
    cache: Cache | None = None,
    means: Means | None = None,
) -> list[FileResult]:
    """Scan `files`, side by side where that is worth it; the results come in no particular order."""
    means = means or Means(jobs or usable_processors())
    if cache is None:
        from hiveloop_scan.workers import scan_new

        plan = replace(plan, follows_calls=plan.follows_calls and use_the_sdk(files, plan.config.wrapper_names))
        return [result for _, result in scan_new(files, plan, means, progress)]
    with phase("look up what is kept"):
        kept = Kept(cache, files, plan)
    new = kept.missing()
    if progress:
        progress(len(files) - len(new), len(files))
    if new:
        from hiveloop_scan.workers import scan_new  # knows all that can be seen in code, which takes its time

        for digest, result in scan_new(new, kept.plan, means, _further(progress, len(files) - len(new))):
            kept.add(digest, result)
    with phase("keep results"):
        kept.save()
    return kept.results


def _further(progress: Progress | None, done: int) -> Progress | None:
    """Return what counts on from `done`."""
    return (lambda more, total: progress(done + more, done + total)) if progress else None


def report_of(results: Sequence[FileResult], plan: Plan, started: float, discovery: Discovery | None = None) -> Report:
    """Settle what the files left open and put it into one report, in stable order; `started` is a perf_counter."""
    discovery = discovery or Discovery()
    errors = [*discovery.errors, *(error for result in results for error in result.errors)]
    settled = settle(results, plan.rules, plan.min_confidence, project_of(results, plan))
    findings = [*settled.findings, *complaints_of(results, settled, plan)]
    if reader := next((rule for rule in plan.rules if rule.name == UNPARSABLE), None):
        findings += unparsable(errors, reader)
        errors = []
    return Report(
        findings=tuple(sorted(findings, key=_place)),
        errors=tuple(sorted(errors, key=lambda error: (error.path, error.message))),
        files=len(results),
        lines=sum(result.lines for result in results),
        seconds=time.perf_counter() - started,
        suppressed=len(settled.silenced),
        scanned=frozenset(result.path for result in results),
        skipped=dict(discovery.skipped),
        covered=tuple(sorted(settled.covered, key=_place)),
        silenced=tuple(sorted(settled.silenced, key=lambda silenced: _place(silenced.finding))),
    )


def complaints_of(results: Sequence[FileResult], settled: Settled, plan: Plan) -> list[Finding]:
    """Return what the gate has to say of suppressions, where its rules run."""
    known = plan.known or {rule.name for rule in plan.rules}

    def rules_for(path: str) -> set[str]:
        return {rule.name for rule in plan.rules_for(Path(path))} | GATE

    return [
        finding
        for finding in complaints(results, settled, plan.rules, known, rules_for)
        if finding.rule not in plan.config.ignored_for(Path(finding.path))
    ]


def project_of(results: Sequence[FileResult], plan: Plan) -> Project:
    """Return what the files say of each other; what they import from files not scanned is read when it is asked for."""
    outlines = {result.path: result.outline for result in results if result.outline is not None}
    scanned = frozenset(result.path for result in results)
    rest = partial(_outlines_of_the_rest, plan, scanned) if 0 < len(outlines) <= FEW_FILES else None

    def read(path: Path) -> tuple[str, Outline] | None:
        from hiveloop_scan.neighbours import outline_of

        return outline_of(path, plan)

    reach = Reach(outlines, plan.config.wrappers, absolute(plan.config.root), read, rest)
    return Project(results, reach, partial(_misuse_in_the_rest, plan, scanned))


def _rest_of_the_project(plan: Plan, scanned: frozenset[str]) -> list[Path]:
    """Return the files of the project that speak of HiveLoop and were not among those `scanned`."""
    root = absolute(plan.config.root)
    if not any((root / sign).exists() for sign in _SIGNS_OF_A_ROOT):
        return []
    files = [path for path in discover([root], plan.config.exclude, root).files if display_path(path) not in scanned]
    return [path for path in files if speaks_of_sdk(path, plan.config.wrapper_names)]


def _misuse_in_the_rest(plan: Plan, scanned: frozenset[str]) -> list[FileResult]:
    rules = tuple(rule for rule in plan.rules if rule.kind == "misuse")
    return scan_files(_rest_of_the_project(plan, scanned), replace(plan, rules=rules))


def _outlines_of_the_rest(plan: Plan, scanned: frozenset[str]) -> list[tuple[str, Outline]]:
    rest = _rest_of_the_project(plan, scanned)
    if not rest:
        return []
    from hiveloop_scan.neighbours import outline_of

    read = (outline_of(path, plan) for path in rest)
    return [found for found in read if found is not None]


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.path, finding.span.line, finding.span.column, finding.rule
