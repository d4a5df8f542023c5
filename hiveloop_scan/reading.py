"""Read a file, as far as it is looked at."""

from __future__ import annotations

from pathlib import Path

MAX_BYTES = 2_000_000
"""Largest file scanned: nobody writes more, and the standard parser takes 250 bytes of memory for each."""


def read_source(path: Path) -> bytes:
    """Read a file as far as is needed to see that it is too large."""
    with open(path, "rb") as file:  # noqa: PTH123 - some thousand files, each run
        return file.read(MAX_BYTES + 1)
