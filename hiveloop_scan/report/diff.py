"""Changed files as a unified diff that ``git apply`` and ``patch`` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

    from hiveloop_scan.model import FileChange

_NO_END = "\\ No newline at end of file\n"
_STYLES = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}


def render_diff(changes: Sequence[FileChange]) -> bytes:
    """Return the diff of all changed files, their bytes as they stand."""
    return "".join(line for change in changes for line in diff_lines(change)).encode("utf-8", "surrogateescape")


def print_diff(change: FileChange, console: Console) -> None:
    """Print the diff of one file in colours."""
    for line in diff_lines(change):
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), "")
        console.print(Text(visible(line.rstrip("\r\n")), style=style), soft_wrap=True)


def diff_lines(change: FileChange) -> Iterator[str]:
    """Yield the lines of the diff with their ends; bytes that are no UTF-8 pass through as surrogates."""
    if not change.is_change:
        return
    before, after = (data.decode("utf-8", "surrogateescape") for data in (change.before, change.after))
    old, new = f"a/{change.shown.lstrip('/')}", f"b/{change.shown.lstrip('/')}"
    for line in difflib.unified_diff(_lines(before), _lines(after), old, new):
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"


def _lines(text: str) -> list[str]:
    """Split where git does: at line feeds, and at nothing else."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
