"""Lines of a terminal: colours, hanging indents, and other letters for symbols where the terminal has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

INDENT = "  "
STYLES = {
    "blue": "dodger_blue1",
    "green": "green",
    "red": "red",
    "amber": "dark_goldenrod",
    "purple": "medium_purple3",
    "gray": "bright_black",
}
"""Colours that can be read, and told from each other, on dark and on light."""

_ASCII = str.maketrans("●◌■▪□✗✓–○◇↻▲◆→×━╸·…▁▂▃▄▅▆▇█", "oo#>-xv-.*~^?>x==.._..-==##")
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns of all rows; `bar` is 0 where there is no room for bars."""

    at: int
    what: int
    took: int
    bar: int
    site: int


def put(console: Console, text: Text) -> None:
    """Print one line as it is, in letters that the terminal's encoding has."""
    if not console.encoding.lower().startswith("utf"):
        text.plain = text.plain.translate(_ASCII)
    text.rstrip()
    console.print(text, soft_wrap=True)


def put_hanging(console: Console, lead: Text, text: Text, indent: str = "") -> None:
    """Print `text` behind `lead`, in as many lines as the width asks for, all beginning in one column."""
    rest = " " * lead.cell_len + indent
    for position, line in enumerate(text.wrap(console, max(console.width - len(rest), _NARROWEST))):
        put(console, Text.assemble(lead if position == 0 else rest, line))
