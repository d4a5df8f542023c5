"""Which places tell HiveBoard already: in their branch, by what they call or hand over, or where they are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from types import MappingProxyType

from hiveloop_scan.methods import companions
from hiveloop_scan.model import Candidate, FileResult, Finding
from hiveloop_scan.reach import Reach

Queues = Mapping[str, Set[str]]
"""The name of a queue -> the files that have one of this name."""

_ANY_QUEUE = ("queue", "q", "jobs", "items", "tasks", "pending")
"""Names that several queues of a project have; they tell nothing apart."""


def is_told(candidate: Candidate, reach: Reach, queues: Queues = MappingProxyType({})) -> bool:
    """Say whether the place of `candidate` makes its call, itself or by others; `queues` are all of the project."""
    finding, around = candidate.finding, candidate.surroundings
    methods = companions(finding.method)
    if "queue_provider" in methods:
        return _is_watched(finding, reach, queues)
    if "request_approval" in methods and around.waits:
        return _is_asked_and_answered(candidate, reach)
    return _tells(candidate, methods, reach, also_later=finding.method == "llm_call")


def _tells(candidate: Candidate, methods: Sequence[str], reach: Reach, also_later: bool = False) -> bool:
    path, around = candidate.finding.path, candidate.surroundings
    calls = (*around.calls, *around.later) if also_later else around.calls
    if reach.is_told(calls, methods, path, around.own):
        return True
    if reach.is_told_by_decorator(around.handed, methods, path):
        return True
    return bool(around.symbol) and reach.callers_tell(path, around.symbol, methods)


def _is_asked_and_answered(candidate: Candidate, reach: Reach) -> bool:
    """Say whether a place that waits for a person tells both halves.

    One that calls the SDK itself and tells no answer is misused, and not missing.
    """
    if not _tells(candidate, ("request_approval",), reach):
        return False
    if any(call.method == "request_approval" for call in candidate.surroundings.calls):
        return True
    return _tells(candidate, ("approval_received",), reach, also_later=True)


def queues_of(results: Iterable[FileResult]) -> Queues:
    """Return the names of the queues that are found, each with the files that have one of it."""
    files: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for candidate in result.candidates:
            finding = candidate.finding
            if finding.kind == "missing" and "queue_provider" in companions(finding.method):
                files[_queue(finding)].add(result.path)
    return files


def _is_watched(finding: Finding, reach: Reach, queues: Queues) -> bool:
    """Say whether a report of a queue, wherever it is made, looks into this file or at this queue.

    Of several queues of its name it is the one whose file the report knows, or is known to, and no other.
    """
    queue = _queue(finding)
    for path, call in reach.watched_queues():
        if path == finding.path:
            return True  # an agent has one work queue, seen from where it is made
        name = _leaf(call.callee)
        if call.callee.startswith("?"):
            others = queues.get(queue, frozenset()) - {finding.path}
            is_it = not others or _is_the_one(finding.path, others, path, reach)
            if queue and name == queue and queue not in _ANY_QUEUE and is_it:
                return True
        elif reach.file_of(call.callee, path) == finding.path:
            return True
    return False


def _is_the_one(own: str, others: Set[str], path: str, reach: Reach) -> bool:
    """Say whether a report in the file at `path` can only look into the file `own`, not into one of the `others`."""
    seen = {reach.file_of(call.callee, place) for place, call in reach.watched_queues() if place == path}
    return not seen & others and (reach.refers(path, own) or reach.refers(own, path))


def _queue(finding: Finding) -> str:
    return _leaf(str(finding.captures.get("queue") or ""))


def _leaf(name: str) -> str:
    return name.partition("(")[0].rpartition(".")[2].lstrip(":").strip("_")
