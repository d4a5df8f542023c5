"""Texts that hang behind what stands in front of their first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hiveloop_scan.report.paper import NARROWEST

if TYPE_CHECKING:
    from rich.console import Console


def print_hanging(console: Console, text: Text, lead: Text) -> None:
    """Print `text` after `lead`, in as many lines as the width asks for, all beginning in one column."""
    room = max(console.width - lead.cell_len, NARROWEST)
    for position, line in enumerate(text.wrap(console, room)):
        line.rstrip()
        start = lead if position == 0 else Text(" " * lead.cell_len)
        console.print(Text.assemble(start, line), soft_wrap=True)
