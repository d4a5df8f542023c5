"""Ignore files, asked the way git asks them on a walk: about each path by itself, the last pattern decides.

pathspec compiles the patterns. Its own verdicts are made for lists of files: on a walk they would close a
folder that ``*`` leaves out and ``!src/`` takes back.
"""

from __future__ import annotations

import os
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

IGNORING = (".gitignore", ".git")
"""The names in a folder that change what git ignores in it."""

_PLAIN = re.compile(r"(?P<back>!?)(?P<star>\*?)(?P<name>[\w.-]*\w[\w.-]*)(?P<folder>/?) *\r?")
"""A name, or its end: most lines are such, and need neither pathspec nor an expression of their own."""


class _Name(NamedTuple):
    """What a plain line asks of the name of a path."""

    place: int
    ignores: bool
    folders_only: bool
    end: str = ""

    def matches(self, path: str, name: str) -> bool:
        return name.endswith(self.end)


class _Pattern(NamedTuple):
    place: int
    ignores: bool
    folders_only: bool
    by_name: bool
    regex: re.Pattern[str]

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
        self._by_name: dict[str, list[_Name]] = defaultdict(list)
        self._others: list[_Name | _Pattern] = []
        for place, line in enumerate(lines):
            if plain := _PLAIN.fullmatch(line):
                name = _Name(place, not plain["back"], bool(plain["folder"]), plain["name"])
                (self._others if plain["star"] else self._by_name[name.end]).append(name)
                continue
            try:
                pattern = _compiled(line, place)
            except (ValueError, re.error):
                self.invalid.append(line)
                continue
            if pattern is not None:
                self._others.append(pattern)
        self._others.reverse()

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Say whether `path` (with ``/``) is ignored (True), taken back (False) or not spoken of (None)."""
        name = path.rpartition("/")[2]
        last = None
        for named in self._by_name.get(name, ()):
            if is_folder or not named.folders_only:
                last = named
        for pattern in self._others:
            if last is not None and pattern.place < last.place:
                break
            if (is_folder or not pattern.folders_only) and pattern.matches(path, name):
                return pattern.ignores
        return None if last is None else last.ignores


def _compiled(line: str, place: int) -> _Pattern | None:
    """Compile one line; None for a comment or an empty line."""
    if not line.strip() or line.startswith("#"):
        return None
    from pathspec import GitIgnoreSpec  # the hard ones only

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of re, for `[[:alpha:]]`
        pattern = next(iter(GitIgnoreSpec.from_lines([line]).patterns), None)
    if pattern is None or pattern.include is None or pattern.regex is None:
        return None
    text = line.rstrip().removeprefix("!")
    by_name = "/" not in text.rstrip("/")
    return _Pattern(place, pattern.include, text.endswith("/"), by_name, pattern.regex)


@dataclass(frozen=True, slots=True)
class IgnoreFiles:
    """The ignore files that speak of the paths in a folder, innermost first: where each is, what it says."""

    files: tuple[tuple[str, Patterns], ...] = ()

    def ignores(self, path: str, is_folder: bool) -> bool:
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
        return IgnoreFiles(((str(folder), Patterns(lines)), *outer))


def ignore_files_above(root: Path) -> IgnoreFiles:
    """Return what the repository around `root` says, without ignore files that leave out `root` itself."""
    above = [root, *root.parents]
    top = next((place for place, folder in enumerate(above) if os.path.lexists(folder / ".git")), 0)
    rules = IgnoreFiles()
    for folder in reversed(above[1 : top + 1]):
        rules = rules.entering(folder)
    kept = []
    for place, patterns in rules.files:
        way = (part for part in above if part != Path(place) and part.is_relative_to(place))
        if not any(patterns.verdict(relative(part, place), True) for part in way):
            kept.append((place, patterns))
    return IgnoreFiles(tuple(kept))


def relative(path: str | Path, folder: str | Path) -> str:
    """Return `path` as seen from `folder`, with ``/``; the full path where it lies elsewhere."""
    text, below = str(path), str(folder)
    if not below.endswith(os.sep):
        below += os.sep
    if text.startswith(below):
        return text.removeprefix(below).replace(os.sep, "/")
    whole = Path(path)
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else whole.as_posix()
