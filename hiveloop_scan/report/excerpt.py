"""The line of code a finding is about, and where to underline it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiveloop_scan.report.cells import cells_of
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding

_TAB = "    "


@dataclass(frozen=True)
class Excerpt:
    """One line of code as a terminal shows it, in three parts; the middle one is to be underlined."""

    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        """The whole line."""
        return self.before + self.marked + self.after

    @property
    def underline(self) -> str:
        """Blanks and carets that stand under the marked part; wide characters take two of them."""
        return " " * cells_of(self.before) + "^" * max(1, cells_of(self.marked))


def excerpt(finding: Finding, cells: int, ellipsis: str = "…") -> Excerpt:
    """Return the first line of a finding without its indentation, at most `cells` wide."""
    line = finding.source_line.rstrip()
    indent = len(line) - len(line.lstrip())
    start = min(max(finding.span.column - 1, indent), len(line))
    end = finding.span.end_column - 1 if finding.span.end_line == finding.span.line else len(line)
    whole = Excerpt(_shown(line[indent:start]), _shown(line[start:end]), _shown(line[max(start, end) :]))
    return whole if cells_of(whole.text) <= cells else _cut(whole, cells, ellipsis)


def _shown(code: str) -> str:
    return visible(code.replace("\t", _TAB))


def _cut(whole: Excerpt, cells: int, ellipsis: str) -> Excerpt:
    """Cut the end of the line; where that would take from the marked part, cut what is before it first."""
    room = cells - cells_of(ellipsis)
    before = whole.before
    if cells_of(before) + cells_of(whole.marked) > room:
        kept = max(room - cells_of(ellipsis) - cells_of(whole.marked), room // 4)
        if cells_of(before) > kept:
            before = ellipsis + _last(before, kept)
    marked = _first(whole.marked, room - cells_of(before))
    if marked != whole.marked:
        return Excerpt(before, marked + ellipsis, "")
    after = _first(whole.after, room - cells_of(before) - cells_of(marked))
    return Excerpt(before, marked, after + ellipsis if after != whole.after else after)


def _first(text: str, cells: int) -> str:
    """Return as much of the beginning of `text` as fits into `cells`."""
    end = 0
    while end < len(text) and cells_of(text[: end + 1]) <= cells:
        end += 1
    return text[:end]


def _last(text: str, cells: int) -> str:
    """Return as much of the end of `text` as fits into `cells`."""
    start = len(text)
    while start and cells_of(text[start - 1 :]) <= cells:
        start -= 1
    return text[start:]
