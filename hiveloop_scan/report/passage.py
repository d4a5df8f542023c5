"""The lines of source around a finding, numbered, as many as a reader needs and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hiveloop_scan.report.quoting import cut, plain

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding

_BEFORE, _AFTER = 3, 2
_FIRST, _LAST = 24, 8
"""Lines shown of a finding that is longer than both together."""

_LONGEST_LINE = 160
_TAB = "    "


def passage(finding: Finding, lines: Sequence[str]) -> str:
    """Return the source around a finding; its own lines begin with ``>``.

    `lines` is the file as it stands now; if the finding is no longer there, its own first line is all that is shown.
    """
    return _numbered(shown_lines(finding, lines), finding)


def shown_lines(finding: Finding, lines: Sequence[str]) -> dict[int, str]:
    """Return the lines that a reader needs, by their numbers, of a file that has these `lines` now."""
    line = finding.span.line
    if line > len(lines) or lines[line - 1] != finding.source_line:
        return {line: finding.source_line}
    return {number: lines[number - 1] for number in _chosen(finding, len(lines))}


def _chosen(finding: Finding, total: int) -> list[int]:
    """Return the numbers of the lines to show: all, or both ends and the surroundings of where the call belongs."""
    start, end = finding.span.line - _BEFORE, finding.span.end_line + _AFTER
    if end - start < _FIRST + _LAST:
        wanted = set(range(start, end + 1))
    else:
        wanted = {*range(start, start + _FIRST), *range(end - _LAST + 1, end + 1)}
    place = finding.captures.get("insert_line")
    if isinstance(place, int) and start <= place <= end:
        wanted.update(range(place - _BEFORE, place + _AFTER + 1))
    return sorted(number for number in wanted if 1 <= number <= total)


def _numbered(shown: dict[int, str], finding: Finding) -> str:
    room = len(str(max(shown)))
    return "\n".join(_rows(shown, finding, room))


def _rows(shown: dict[int, str], finding: Finding, room: int) -> Iterator[str]:
    before = min(shown) - 1
    for number, text in shown.items():
        if number > before + 1:
            yield f"  {'':>{room}} | ({number - before - 1:,} lines left out)"
        mark = ">" if finding.span.line <= number <= finding.span.end_line else " "
        code = cut(plain(text.replace("\t", _TAB)), _LONGEST_LINE)
        yield f"{mark} {number:>{room}} | {code}".rstrip()
        before = number
