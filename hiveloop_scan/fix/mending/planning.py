"""From the findings about misuse of one file to its mended text: the last first, each proven before the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hiveloop_scan.fix.edits import Edit, edited
from hiveloop_scan.fix.mending.proof import check_findings, check_text, key_of
from hiveloop_scan.fix.mending.table import MENDERS
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import FileChange, Finding, Outcome

Rescan = Callable[[Path, bytes], list[Finding]]
Mender = Callable[[Source, Finding], list[Edit]]


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
    pending = _those_of(now, {key_of(item) for item in findings})
    tried = {key_of(item) for item in pending}
    outcomes = []
    while pending:
        finding = pending.pop(0)
        try:
            mended = _mended(source, finding, menders)
            found = rescan(path, mended.data)
            check_findings(now, found, finding)
        except Refusal as refusal:
            outcomes.append(Outcome(finding, refusal.reason, refusal.hint))
            continue
        source, now = mended, found
        outcomes.append(Outcome(finding))
        behind = {key_of(item) for item in found if key_of(item)[:3] == key_of(finding)[:3]} - tried
        tried |= behind
        pending = _those_of(found, behind | {key_of(item) for item in pending})
    return FileChange(path, shown, data, source.data, tuple(outcomes))


def _those_of(found: Sequence[Finding], keys: set[object]) -> list[Finding]:
    """Return the findings of these keys as they stand now, the last first: mending moves what is behind it only."""
    return sorted((item for item in found if key_of(item) in keys), key=_start, reverse=True)


def _start(finding: Finding) -> tuple[int, int]:
    return finding.span.line, finding.span.column


def _mended(source: Source, finding: Finding, menders: Mapping[str, Mender]) -> Source:
    """Return the text with one finding mended; refuse where that is unsure, or cannot be proven."""
    try:
        edits = menders[finding.rule](source, finding)
    except (SyntaxError, ValueError, RecursionError):
        raise Refusal("this Python cannot parse the file", "run the program with the Python of the project") from None
    after = source.with_text(edited(source.text, edits))
    check_text(source, after, finding)
    return after
