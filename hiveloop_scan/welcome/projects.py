"""Folders below a folder that look like projects: what somebody may have meant who stands in a home folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hiveloop_scan.files import entries_of

_SIGNS = ("pyproject.toml", "setup.py", "requirements.txt", ".git")
_FEW = 200
"""Entries of a folder that are looked at: more are no place where people keep their projects."""


def projects_below(folder: Path, levels: int = 2) -> Iterator[Path]:
    """Yield the folders down to `levels` below that have a sign of a project, those of one folder in order."""
    for below in _folders(folder):
        if any((below / sign).exists() for sign in _SIGNS):
            yield below
        elif levels > 1:
            yield from projects_below(below, levels - 1)


def _folders(folder: Path) -> list[Path]:
    try:
        entries = entries_of(folder, _FEW)
    except OSError:
        return []
    return [Path(item.path) for item in entries if item.is_dir(follow_symlinks=False) and not item.name.startswith(".")]
