"""Ignore files, asked the way git asks them on a walk: about each path by itself, the last pattern decides.

pathspec compiles the patterns. Its own verdicts are made for lists of files: on a walk they would close a
folder that ``*`` leaves out and ``!src/`` takes back.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Pattern:
    regex: re.Pattern[str]
    ignores: bool
    by_name: bool
    folders_only: bool

    def matches(self, path: str, name: str) -> bool:
        """Say whether the pattern means this very path, and not only a folder above it."""
        text = name if self.by_name else path
        if not self.folders_only:
            found = self.regex.search(text)
            through_parent = found is not None and found.lastindex is not None  # the group is the slash behind it
            return found is not None and not through_parent
        found = self.regex.search(text + "/")
        return found is not None and found.end() > len(text)


class Patterns:
    """Compiled gitignore patterns; `invalid` holds the lines that mean nothing to git either."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.invalid: list[str] = []
        self._last_first: list[_Pattern] = []
        for line in lines:
            try:
                pattern = _compiled(line)
            except (ValueError, re.error):
                self.invalid.append(line)
                continue
            if pattern is not None:
                self._last_first.insert(0, pattern)

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Say whether `path` (with ``/``) is ignored (True), taken back (False) or not spoken of (None)."""
        name = path.rpartition("/")[2]
        for pattern in self._last_first:
            if (is_folder or not pattern.folders_only) and pattern.matches(path, name):
                return pattern.ignores
        return None


def _compiled(line: str) -> _Pattern | None:
    """Compile one line; None for a comment or an empty line."""
    from pathspec import GitIgnoreSpec  # a file that is named needs no patterns

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of re, for `[[:alpha:]]`
        pattern = next(iter(GitIgnoreSpec.from_lines([line]).patterns), None)
    if pattern is None or pattern.include is None or pattern.regex is None:
        return None
    text = line.rstrip().removeprefix("!")
    return _Pattern(pattern.regex, pattern.include, "/" not in text.rstrip("/"), text.endswith("/"))


@dataclass(frozen=True, slots=True)
class IgnoreFiles:
    """The ignore files that speak of the paths in a folder, innermost first: where each is, what it says."""

    files: tuple[tuple[Path, Patterns], ...] = ()

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Say whether git ignores `path`, provided that it does not ignore a folder above it."""
        verdicts = (patterns.verdict(relative(path, folder), is_folder) for folder, patterns in self.files)
        return bool(next((verdict for verdict in verdicts if verdict is not None), False))

    def entering(self, folder: Path) -> IgnoreFiles:
        """Return what speaks of the paths in `folder`; a repository inside another starts anew."""
        outer = () if os.path.lexists(folder / ".git") else self.files
        try:
            lines = (folder / ".gitignore").read_text("utf-8-sig", "replace").split("\n")
        except OSError:
            return IgnoreFiles(outer)
        return IgnoreFiles(((folder, Patterns(lines)), *outer))


def ignore_files_above(root: Path) -> IgnoreFiles:
    """Return what the repository around `root` says, without ignore files that leave out `root` itself."""
    above = [root, *root.parents]
    top = next((place for place, folder in enumerate(above) if os.path.lexists(folder / ".git")), 0)
    rules = IgnoreFiles()
    for folder in reversed(above[1 : top + 1]):
        rules = rules.entering(folder)
    kept = []
    for folder, patterns in rules.files:
        way = (place for place in above if place != folder and place.is_relative_to(folder))
        if not any(patterns.verdict(relative(place, folder), True) for place in way):
            kept.append((folder, patterns))
    return IgnoreFiles(tuple(kept))


def relative(path: Path, folder: Path) -> str:
    """Return `path` as seen from `folder`, with ``/``; the full path where it lies elsewhere."""
    text, below = str(path), os.path.join(folder, "")  # noqa: PTH118 - some times for each file
    if text.startswith(below):
        return text.removeprefix(below).replace(os.sep, "/")
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
