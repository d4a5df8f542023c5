"""From the findings about misuse of one file to its mended text: the last first, each proven before the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hiveloop_scan.fix.edits import Edit, edited
from hiveloop_scan.fix.mending.following import followed, moved_key
from hiveloop_scan.fix.mending.proof import check_findings, check_text, key_of
from hiveloop_scan.fix.mending.table import MENDERS, Mender
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import FileChange, Finding, Outcome

_MOST = 1_000
"""Fixes of one file in one run, should one bring to light what another has hidden, and so on."""

Rescan = Callable[[Path, bytes], list[Finding]]


def mend_file(
    path: Path,
    shown: str,
    data: bytes,
    findings: Sequence[Finding],
    rescan: Rescan,
    menders: Mapping[str, Mender] = MENDERS,
) -> FileChange:
    """Return the change that mends those of `findings` that can be; what comes to light behind one is mended too."""
    source = Source(data)
    now = rescan(path, data)
    waiting = {key_of(item) for item in now} & {key_of(item) for item in findings}
    outcomes: list[Outcome] = []
    while (pending := [item for item in now if key_of(item) in waiting]) and len(outcomes) < _MOST:
        finding = max(pending, key=_place)
        waiting.discard(key_of(finding))
        try:
            mended, edits = _mended(source, finding, menders)
            found = rescan(path, mended.data)
            check_findings(now, found, moved_key(key_of(finding), edits, source, mended))
        except Refusal as refusal:
            outcomes.append(Outcome(finding, refusal.reason, refusal.hint))
            continue
        same = followed([item for item in now if item is not finding], found, edits, source, mended)
        fresh = [key_of(item) for item in found if key_of(item) not in same.values() and item.rule == finding.rule]
        waiting = {same[key] for key in waiting if key in same} | set(fresh)
        source, now = mended, found
        outcomes.append(Outcome(finding))
    return FileChange(path, shown, data, source.data, tuple(outcomes))


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.line, finding.span.column, finding.rule


def _mended(source: Source, finding: Finding, menders: Mapping[str, Mender]) -> tuple[Source, list[Edit]]:
    """Return the text with one finding mended; refuse where that is unsure, or cannot be proven."""
    mender = menders[finding.rule]
    try:
        edits = mender.write(source, finding)
        after = source.with_text(edited(source.text, edits))
        check_text(source, after, mender.forget(source, finding))
    except (SyntaxError, ValueError, RecursionError):
        raise Refusal("this Python cannot parse the file", "run the program with the Python of the project") from None
    return after, edits
