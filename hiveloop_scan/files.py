"""Turn the paths a user names into the Python files to scan, the way git and the user's settings say."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hiveloop_scan.gitignore import IGNORING, ignore_files_above, relative
from hiveloop_scan.left_out import LeftOut
from hiveloop_scan.model import FileError, ScanError

_MANY = 1_000
"""Names among which a misspelled one is looked for."""

_ENVIRONMENTS = {"pyvenv.cfg", "conda-meta"}
"""What stands in the folder of a virtual environment, whatever its name."""


@dataclass
class Discovery:
    """The files to scan in stable order, the paths that cannot be read, and what was left out and why.

    `is_cut` says that there is more than anybody wanted to look at.
    """

    files: list[Path] = field(default_factory=list)
    errors: list[FileError] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far to look: so many Python files, and so many entries of folders, whatever they are."""

    files: int
    entries: int


def absolute(path: Path) -> Path:
    """Return the full path of `path`, with its symbolic links as they stand."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def display_path(path: Path) -> str:
    """Return `path` as reports show it: relative to the working folder where it lies under it, with ``/``."""
    shown = relative(os.path.abspath(path), os.getcwd())  # noqa: PTH100, PTH109 - for each file
    return shown if shown.isascii() else os.fsencode(shown).decode("utf-8", "replace")


def discover(
    paths: Sequence[Path],
    exclude: Sequence[str] = (),
    exclude_root: Path | None = None,
    bounds: Bounds | None = None,
) -> Discovery:
    """Find the Python files under `paths`; a file named outright is always taken, whatever its name.

    `exclude` holds gitignore patterns relative to `exclude_root` (default: the working folder); one that
    starts with ``!`` takes back what a built-in pattern or git leaves out. Without `bounds` nothing is too much.
    """
    found = Discovery()
    left_out = LeftOut(exclude, absolute(exclude_root or Path.cwd()))
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise ScanError(f"no such file or folder: {path}", _what_is_there(path))
        is_folder = _leads_to_folder(path)
        named = [_File(str(path), os.path.realpath(path), is_regular=False)]
        for file in _walk(str(absolute(path)), left_out, found, bounds) if is_folder else named:
            if bounds and len(found.files) >= bounds.files:
                found.is_cut = True
                break
            if file.real in seen:
                continue
            place = Path(file.path)
            if file.is_regular or _is_readable(place, not is_folder, found):
                seen.add(file.real)
                found.files.append(place)
    return found


class _File(NamedTuple):
    """A file as a walk finds it."""

    path: str
    real: str
    """The path without links."""

    is_regular: bool


def _walk(root: str, left_out: LeftOut, found: Discovery, bounds: Bounds | None) -> Iterator[_File]:
    pending = [(root, os.path.realpath(root), ignore_files_above(Path(root)))]
    left = bounds.entries if bounds else sys.maxsize - 1
    while pending:
        folder, real, ignore_files = pending.pop()
        try:
            entries = entries_of(folder, left + 1)
        except OSError as error:
            found.errors.append(FileError(display_path(Path(folder)), f"cannot list this folder: {error.strerror}"))
            continue
        if len(entries) > left:
            found.is_cut = True
            return
        left -= len(entries)
        names = {entry.name for entry in entries}
        if folder != root and not names.isdisjoint(_ENVIRONMENTS):
            found.skipped["virtual environment"] += 1
            continue
        if not names.isdisjoint(IGNORING):
            ignore_files = ignore_files.entering(Path(folder))
        below = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link = not is_folder and entry.is_symlink()
            if not is_folder and (not entry.name.endswith(".py") or (is_link and os.path.isdir(entry.path))):  # noqa: PTH112
                continue  # a linked folder is reached by its own name, or lies outside
            if reason := left_out.reason(entry, is_folder, root, ignore_files):
                found.skipped[reason] += 1
                continue
            place = os.path.realpath(entry.path) if is_link else os.path.join(real, entry.name)  # noqa: PTH118
            if is_folder:
                below.append((entry.path, place, ignore_files))
            else:
                yield _File(entry.path, place, entry.is_file(follow_symlinks=False))
        pending.extend(reversed(below))


def _what_is_there(path: Path) -> str:
    """Return a hint for a path that does not exist: the name beside it that is closest, where one is close."""
    try:
        names = [entry.name for entry in entries_of(path.parent, _MANY)]
    except OSError:
        return f"there is no folder {path.parent}"
    from difflib import get_close_matches  # for a mistake only

    if close := get_close_matches(path.name, names, n=1):
        return f"did you mean {str(path.parent / close[0])!r}?"
    return f"it is looked for in {absolute(path.parent)}"


def entries_of(folder: str | Path, most: int) -> list[os.DirEntry[str]]:
    """Return what is in a folder, by name; of more than `most` entries only so many, whichever come first."""
    with os.scandir(folder) as entries:
        return sorted(islice(entries, most), key=lambda entry: entry.name)


def _leads_to_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises where a link cannot be followed


def _is_readable(path: Path, is_named: bool, found: Discovery) -> bool:
    """Check that `path` leads to a file and note why not; a pipe is read only where the user names it."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        problem = f"broken symbolic link to {path.readlink()}" if path.is_symlink() else "the file has gone"
    except OSError as error:
        problem = "circular symbolic link" if path.is_symlink() else f"cannot be read: {error.strerror}"
    else:
        if stat.S_ISREG(mode) or (is_named and stat.S_ISFIFO(mode)):
            return True
        problem = "not a regular file"
    found.errors.append(FileError(display_path(path), problem))
    return False
