"""Many files: serial or in worker processes, so that a crash of a parser costs one file and not the run."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from hiveloop_scan.files import Discovery, display_path
from hiveloop_scan.model import FileError, FileResult, Finding, Report
from hiveloop_scan.scan import Plan, scan_file

_CHUNK_BYTES = 400_000
_SERIAL_FILES = 1

Progress = Callable[[int, int], None]
"""Called with the number of files done and their total."""


def scan(discovery: Discovery, plan: Plan, jobs: int = 0, progress: Progress | None = None) -> Report:
    """Scan all files and put their findings and errors into one stable order.

    `jobs` is the number of worker processes; 0 takes one for each processor that this process may use.
    """
    started = time.perf_counter()
    files = discovery.files
    jobs = jobs or usable_processors()
    if len(files) <= _SERIAL_FILES:
        results = [scan_file(path, plan) for path in files]
    else:
        results = list(_scan_in_workers(files, plan, jobs, progress))
    return report_of(results, time.perf_counter() - started, discovery)


def report_of(results: Sequence[FileResult], seconds: float, discovery: Discovery | None = None) -> Report:
    """Put the results of files into one report, in stable order."""
    discovery = discovery or Discovery()
    errors = [*discovery.errors, *(error for result in results for error in result.errors)]
    findings = [finding for result in results for finding in result.findings]
    return Report(
        findings=tuple(sorted(findings, key=_place)),
        errors=tuple(sorted(errors, key=lambda error: (error.path, error.message))),
        files=len(results),
        lines=sum(result.lines for result in results),
        seconds=seconds,
        suppressed=sum(result.suppressed for result in results),
        skipped=dict(discovery.skipped),
    )


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.path, finding.span.line, finding.span.column, finding.rule


def usable_processors() -> int:
    """Return how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _scan_in_workers(files: Sequence[Path], plan: Plan, jobs: int, progress: Progress | None) -> Iterator[FileResult]:
    """Scan `files` in chunks; after a crash, narrow down to the file that caused it and go on with the others."""
    done = 0
    unfinished: list[Sequence[Path]] = []
    for chunk, results in _run(_chunks(files), plan, jobs):
        if results is None:
            unfinished.append(chunk)
            continue
        yield from results
        done += len(chunk)
        if progress:
            progress(done, len(files))
    for chunk in unfinished:
        yield from _scan_carefully(chunk, plan)
        done += len(chunk)
        if progress:
            progress(done, len(files))


def _scan_carefully(chunk: Sequence[Path], plan: Plan) -> Iterator[FileResult]:
    """Scan a chunk that was lost in a crash in a worker of its own; file by file if it crashes again."""
    [(_, results)] = _run([chunk], plan, 1)
    if results is not None:
        yield from results
    elif len(chunk) > 1:
        for path in chunk:
            yield from _scan_carefully([path], plan)
    else:
        shown = display_path(chunk[0])
        yield FileResult(shown, 0, errors=(FileError(shown, "the parser crashed on this file; it was left out"),))


def _run(
    chunks: Iterable[Sequence[Path]], plan: Plan, jobs: int
) -> Iterator[tuple[Sequence[Path], list[FileResult] | None]]:
    """Run chunks in a fresh pool; None stands for the results that a crashed worker took with it."""
    with _pool(jobs) as pool:
        waiting: dict[Future[list[FileResult]], Sequence[Path]] = {}
        lost: list[Sequence[Path]] = []
        for chunk in chunks:
            try:
                waiting[pool.submit(_scan_chunk, chunk, plan)] = chunk
            except BrokenProcessPool:
                lost.append(chunk)
        for future in as_completed(waiting):
            try:
                yield waiting[future], future.result()
            except BrokenProcessPool:
                yield waiting[future], None
    for chunk in lost:
        yield chunk, None


def _pool(jobs: int) -> Executor:
    start = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(jobs, multiprocessing.get_context(start), initializer=_prepare_worker)


def _prepare_worker() -> None:
    gc.disable()  # trees live for one file only; collecting cycles costs a third of the time


def _scan_chunk(chunk: Sequence[Path], plan: Plan) -> list[FileResult]:
    results = [scan_file(path, plan) for path in chunk]
    gc.collect()
    return results


def _chunks(files: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Group files into chunks of some hundred kilobytes, the largest files first, so that the workers end together."""
    sized = sorted(((_size(path), path) for path in files), key=lambda pair: -pair[0])
    chunk: list[Path] = []
    total = 0
    for size, path in sized:
        chunk.append(path)
        total += size
        if total >= _CHUNK_BYTES:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
