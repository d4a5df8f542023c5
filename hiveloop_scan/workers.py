"""Many files: serial or in worker processes, so that a crash of a parser costs one file and not the run."""

from __future__ import annotations

import gc
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from hiveloop_scan.files import display_path
from hiveloop_scan.identity import digest_of
from hiveloop_scan.means import Means, Progress
from hiveloop_scan.model import FileError, FileResult
from hiveloop_scan.plan import Plan
from hiveloop_scan.scan import scan_as_read
from hiveloop_scan.timing import Timing, measuring

_LEAST_BYTES, _MOST_BYTES = 50_000, 400_000
"""Bounds of a chunk: a worker takes as long to start as for 50 kB; and lost with a crash are up to 400 kB."""

_MOST_WORKERS = 61
"""Windows cannot wait for more."""

_SERIAL_BYTES = 60_000
"""Workers are no help with less."""

Read = tuple[bytes | None, FileResult]
"""The digest of what was read of a file, None where nothing was, and its result."""


@dataclass(frozen=True)
class Part:
    """What a worker has done at a time."""

    read: Sequence[Read]
    timing: Timing | None = None


def scan_new(files: Sequence[Path], plan: Plan, means: Means, progress: Progress | None) -> Iterator[Read]:
    """Scan files; yield the digest of what was read of each, and the result."""
    is_little = len(files) < 2 or sum(map(_size, files)) < _SERIAL_BYTES
    if is_little and means.executor is None:
        for path in files:
            yield _scan_one(path, plan)
        return
    with _room_for_workers(plan):
        yield from _scan_in_workers(files, plan, means, progress)


def _scan_in_workers(files: Sequence[Path], plan: Plan, means: Means, progress: Progress | None) -> Iterator[Read]:
    """Scan all files at once; what a crash took with it comes last, one piece at a time."""
    chunks = _chunks(files, means.jobs)
    lost: list[Sequence[Path]] = []
    done = 0
    is_timed = means.timing is not None
    at_once = _elsewhere if means.executor else _all_at_once
    for part in chain(at_once(chunks, plan, means, lost), _one_at_a_time(lost, plan, is_timed)):
        yield from part.read
        done += len(part.read)
        if means.timing and part.timing:
            means.timing.add(part.timing)
        if progress:
            progress(done, len(files))


def _all_at_once(
    chunks: Sequence[Sequence[Path]], plan: Plan, means: Means, lost: list[Sequence[Path]]
) -> Iterator[Part]:
    """Scan chunks side by side; a worker that crashes breaks the pool: what is unfinished goes to `lost`."""
    with _pool(min(means.jobs, len(chunks)), plan, means.timing is not None) as pool:
        waiting: dict[Future[Part], Sequence[Path]] = {}
        for chunk in chunks:
            try:
                waiting[pool.submit(_scan_chunk, chunk)] = chunk
            except BrokenExecutor:
                lost.append(chunk)
        for future in as_completed(waiting):
            try:
                yield future.result()
            except BrokenExecutor:
                lost.append(waiting[future])


def _elsewhere(
    chunks: Sequence[Sequence[Path]], plan: Plan, means: Means, lost: list[Sequence[Path]]
) -> Iterator[Part]:
    """Scan chunks on the user's executor; what it cannot do is done here, where our own errors show."""
    assert means.executor is not None
    packed = pickle.dumps(plan)
    with means.executor() as pool:
        waiting = {pool.submit(_scan_packed, packed, chunk, means.timing is not None): chunk for chunk in chunks}
        for future in as_completed(waiting):
            if future.exception() is None:
                yield future.result()
            else:
                lost.append(waiting[future])


def _one_at_a_time(lost: Sequence[Sequence[Path]], plan: Plan, is_timed: bool) -> Iterator[Part]:
    """Scan chunks one by one, so that a crash tells whose fault it is; the files of that chunk come last."""
    waiting = deque(lost)
    while waiting:
        with _pool(1, plan, is_timed) as pool, suppress(BrokenExecutor):
            while waiting:
                chunk = waiting[0]
                yield pool.submit(_scan_chunk, chunk).result()
                waiting.popleft()
            return
        chunk = waiting.popleft()
        if len(chunk) > 1:
            waiting.extend([path] for path in chunk)
        else:
            shown = display_path(chunk[0])
            error = FileError(shown, "crashed the parser, left out")
            yield Part([(None, FileResult(shown, 0, errors=(error,)))])


@contextmanager
def _room_for_workers(plan: Plan) -> Iterator[None]:
    """Import what workers need before they are forked: they share it then, and none has to do it again."""
    if sys.platform == "linux":
        from hiveloop_scan.scan import prepare

        prepare(plan)
        gc.freeze()
    yield


@contextmanager
def _pool(jobs: int, plan: Plan, is_timed: bool) -> Iterator[Executor]:
    """Start workers; at the end, or when the user interrupts, drop what has not begun."""
    import multiprocessing  # not for a file or two
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(min(jobs, _MOST_WORKERS), context, _prepare_worker, (plan, is_timed))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_told: list[tuple[Plan, bool]] = []
"""What a worker was told to look for, once, and whether to measure."""


def _prepare_worker(plan: Plan, is_timed: bool) -> None:
    _told[:] = [(plan, is_timed)]
    gc.disable()  # trees live for one file only; collecting cycles costs a third of the time
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends workers at once; the parent tells of it


def _scan_chunk(chunk: Sequence[Path]) -> Part:
    plan, is_timed = _told[0]
    part = _scan_part(chunk, plan, is_timed)
    gc.collect()
    gc.freeze()  # what is left are modules and caches: the next chunk need not look at them again
    return part


def _scan_packed(packed: bytes, chunk: Sequence[Path], is_timed: bool) -> Part:
    """Scan in a worker that nobody has prepared, and that may run several threads."""
    with _ONE_AT_A_TIME:
        return _scan_part(chunk, _unpacked(packed), is_timed)


_ONE_AT_A_TIME = threading.Lock()
"""What is known of the file at hand is kept in one place for a process."""


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Plan:
    plan: Plan = pickle.loads(packed)
    return plan


def _scan_part(chunk: Sequence[Path], plan: Plan, is_timed: bool) -> Part:
    if not is_timed:
        return Part([_scan_one(path, plan) for path in chunk])
    with measuring() as timing:
        return Part([_scan_one(path, plan) for path in chunk], timing)


def _scan_one(path: Path, plan: Plan) -> Read:

    source, result = scan_as_read(path, plan)
    return (None if source is None else digest_of(source)), result


def _chunks(files: Sequence[Path], jobs: int) -> list[Sequence[Path]]:
    """Group files, the largest first so that the workers end together; about four chunks for each worker."""
    sized = sorted(((_size(path), path) for path in files), key=lambda pair: -pair[0])
    enough = sum(size for size, _ in sized) // (4 * jobs)
    enough = min(max(enough, _LEAST_BYTES), _MOST_BYTES)
    chunks: list[Sequence[Path]] = []
    chunk: list[Path] = []
    filled = 0
    for size, path in sized:
        chunk.append(path)
        filled += size
        if filled >= enough:
            chunks.append(chunk)
            chunk, filled = [], 0
    return [*chunks, chunk] if chunk else chunks


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
