"""Figures as a table, and the file that keeps the latest ones."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = ("measured", "unit", "min", "median", "max", "target")


@dataclass(frozen=True)
class Row:
    """One figure over all runs; `target` is what the project wants, as text ("" where nothing was asked)."""

    name: str
    unit: str
    values: tuple[float, ...]
    target: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the table's columns."""
        shown = [_shown(value) for value in (min(self.values), statistics.median(self.values), max(self.values))]
        return (self.name, self.unit, *shown, self.target)


def _shown(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def render_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table whose columns also line up in a terminal."""
    cells = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    lines = [_line([text.ljust(width) for text, width in zip(row, widths, strict=True)]) for row in cells]
    lines.insert(1, _line(["-" * width for width in widths]))
    return "\n".join(lines)


def _line(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def replace_section(page: str, title: str, body: str) -> str:
    """Put `body` under the heading `title` of a Markdown page, in place of what stood there or at the end."""
    lead, *sections = f"\n{page.strip()}".split("\n## ")
    kept = [section.rstrip("\n") for section in sections]
    new = f"{title}\n\n{body}"
    position = next((index for index, section in enumerate(kept) if section.partition("\n")[0] == title), len(kept))
    kept[position : position + 1] = [new]
    return "\n\n## ".join([lead.strip(), *kept]).strip() + "\n"
