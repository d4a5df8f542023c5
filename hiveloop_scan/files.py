"""Turn the paths a user names into the Python files to scan, the way git and the user's settings say."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from hiveloop_scan.gitignore import IgnoreFiles, Patterns, ignore_files_above, relative
from hiveloop_scan.model import FileError, ScanError

SKIPPED_FOLDERS = (
    ".*/",
    "__pycache__/",
    "__pypackages__/",
    "node_modules/",
    "site-packages/",
    "venv/",
    "virtualenv/",
    "build/",
    "dist/",
    "buck-out/",
    "*.egg-info/",
)
SKIPPED_TESTS = ("tests/", "test/", "test_*.py", "*_test.py", "conftest.py")
SKIPPED_EXAMPLES = ("examples/", "example/")
SKIPPED_FOREIGN = (
    "_vendor/",
    "vendor/",
    "vendored/",
    "third_party/",
    "*_pb2.py",
    "*_pb2_grpc.py",
    "**/migrations/versions/",
    "**/alembic/versions/",
)
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
    shown = relative(absolute(path), Path.cwd())
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
    skips = _Skips(exclude, absolute(exclude_root or Path.cwd()))
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise ScanError(f"no such file or folder: {path}", _what_is_there(path))
        is_folder = _leads_to_folder(path)
        for file in _walk(absolute(path), skips, found, bounds) if is_folder else [path]:
            if bounds and len(found.files) >= bounds.files:
                found.is_cut = True
                break
            real = os.path.realpath(file)
            if real not in seen and _is_readable(file, not is_folder, found):
                seen.add(real)
                found.files.append(file)
    return found


class _Skips:
    """What decides on a path: the user's patterns first, then the built-in ones, then git's ignore files."""

    def __init__(self, exclude: Sequence[str], exclude_root: Path) -> None:
        self._exclude_root = exclude_root
        self._exclude = Patterns(exclude)
        for line in self._exclude.invalid:
            raise ScanError(f"not a pattern: exclude {line!r}", "write it as in a .gitignore file")

    @cached_property
    def _built_in(self) -> dict[str, Patterns]:
        return {
            "folder": Patterns(SKIPPED_FOLDERS),
            "test": Patterns(SKIPPED_TESTS),
            "example": Patterns(SKIPPED_EXAMPLES),
            "generated or vendored": Patterns(SKIPPED_FOREIGN),
        }

    def reason(self, path: Path, is_folder: bool, root: Path, ignore_files: IgnoreFiles) -> str | None:
        """Say why `path`, found below `root`, is left out; None when it is scanned."""
        excluded = self._exclude.verdict(relative(path, self._exclude_root), is_folder)
        if excluded is not None:
            return "excluded" if excluded else None
        name = relative(path, root)
        for reason, patterns in self._built_in.items():
            if patterns.verdict(name, is_folder):
                return reason
        return "ignored by git" if ignore_files.ignores(path, is_folder) else None


def _walk(root: Path, skips: _Skips, found: Discovery, bounds: Bounds | None) -> Iterator[Path]:
    pending = [(root, ignore_files_above(root))]
    left = bounds.entries if bounds else sys.maxsize - 1
    while pending:
        folder, ignore_files = pending.pop()
        try:
            entries = entries_of(folder, left + 1)
        except OSError as error:
            found.errors.append(FileError(display_path(folder), f"cannot list this folder: {error.strerror}"))
            continue
        if len(entries) > left:
            found.is_cut = True
            return
        left -= len(entries)
        if folder != root and any(entry.name in _ENVIRONMENTS for entry in entries):
            found.skipped["virtual environment"] += 1
            continue
        ignore_files = ignore_files.entering(folder)
        below = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            path = Path(entry.path)
            if not is_folder and (not entry.name.endswith(".py") or _leads_to_folder(path)):
                continue  # a linked folder is reached by its own name, or lies outside
            if reason := skips.reason(path, is_folder, root, ignore_files):
                found.skipped[reason] += 1
            elif is_folder:
                below.append((path, ignore_files))
            else:
                yield path
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


def entries_of(folder: Path, most: int) -> list[os.DirEntry[str]]:
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
