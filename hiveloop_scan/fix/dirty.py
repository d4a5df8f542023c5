"""Which files hold work that version control does not know yet."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

_AT_ONCE = 500
"""Paths of one question: command lines are bounded."""


def dirty_files(paths: Iterable[Path], root: Path) -> set[Path]:
    """Return those of `paths` that differ from the last commit, new files included; none outside of git."""
    files = [path.resolve() for path in paths]
    found: set[Path] = set()
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top:
        return found
    folder = Path(top.decode().rstrip("\n"))
    for start in range(0, len(files), _AT_ONCE):
        inside = [str(path) for path in files[start : start + _AT_ONCE] if path.is_relative_to(folder)]
        if inside:
            found |= _changed(folder, inside)
    return found


def _changed(folder: Path, files: Sequence[str]) -> set[Path]:
    told = _git(folder, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *files) or b""
    return {folder / entry[3:].decode("utf-8", "surrogateescape") for entry in told.split(b"\0") if len(entry) > 3}


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git says; None where there is no git, or no repository."""
    command = ["git", "--literal-pathspecs", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
