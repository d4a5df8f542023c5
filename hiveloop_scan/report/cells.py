"""How many columns of a terminal a text takes."""

from __future__ import annotations


def cells_of(text: str) -> int:
    """Return the columns that `text` takes: wide letters take two, and rich knows which these are."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # most code is ASCII

    return cell_len(text)
