"""Turn the paths a user names into the Python files to scan, the way git and the user's settings say."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from hiveloop_scan.model import FileError, ScanError

SKIPPED_FOLDERS = (
    ".*/",
    "__pycache__/",
    "__pypackages__/",
    "node_modules/",
    "site-packages/",
    "venv/",
    "env/",
    "virtualenv/",
    "build/",
    "dist/",
    "buck-out/",
    "*.egg-info/",
)
SKIPPED_TESTS = ("tests/", "test/", "test_*.py", "*_test.py", "conftest.py")
SKIPPED_FOREIGN = (
    "_vendor/",
    "vendor/",
    "vendored/",
    "third_party/",
    "*_pb2.py",
    "*_pb2_grpc.py",
    "migrations/versions/",
    "alembic/versions/",
)


@dataclass
class Discovery:
    """The files to scan in stable order, the paths that cannot be read, and what was left out and why."""

    files: list[Path] = field(default_factory=list)
    errors: list[FileError] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _IgnoreRules:
    """The patterns of one folder's ignore file; the deepest rules that know a path decide."""

    folder: Path
    spec: GitIgnoreSpec

    def verdict(self, path: Path, is_folder: bool) -> bool | None:
        """Say whether `path` is ignored (True), kept (False) or unknown to these rules (None)."""
        try:
            name = path.relative_to(self.folder).as_posix()
        except ValueError:
            return None
        return self.spec.check_file(name + "/" if is_folder else name).include


class _Skips:
    """The built-in patterns, each with the reason a summary shows."""

    def __init__(self) -> None:
        groups = (("folder", SKIPPED_FOLDERS), ("test", SKIPPED_TESTS), ("generated or vendored", SKIPPED_FOREIGN))
        self._reasons = [reason for reason, patterns in groups for _ in patterns]
        self._spec = GitIgnoreSpec.from_lines(pattern for _, patterns in groups for pattern in patterns)

    def reason(self, name: str) -> str | None:
        """Say why the path `name` (relative to the scanned root, folders end in a slash) is left out, if it is."""
        result = self._spec.check_file(name)
        return self._reasons[result.index or 0] if result.include else None


@dataclass(frozen=True)
class _Choice:
    """What decides on a path: the user's settings first, then the built-in patterns, then git's ignore files."""

    skips: _Skips
    settings: _IgnoreRules

    def reason_to_skip(self, path: Path, is_folder: bool, root: Path, rules: tuple[_IgnoreRules, ...]) -> str | None:
        """Say why `path`, found below `root`, is left out; None when it is scanned."""
        wanted = self.settings.verdict(path, is_folder)
        if wanted is not None:
            return "excluded" if wanted else None
        name = path.relative_to(root).as_posix() + ("/" if is_folder else "")
        if reason := self.skips.reason(name):
            return reason
        verdicts = (rule.verdict(path, is_folder) for rule in reversed(rules))
        ignored = next((verdict for verdict in verdicts if verdict is not None), False)
        return "ignored by git" if ignored else None


def display_path(path: Path) -> str:
    """Return `path` as reports show it: relative to the working folder where it lies under it, with ``/``."""
    absolute = Path(os.path.abspath(path))
    try:
        shown = absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        shown = absolute.as_posix()
    return os.fsencode(shown).decode("utf-8", "replace")


def discover(paths: Sequence[Path], exclude: Sequence[str] = (), exclude_root: Path | None = None) -> Discovery:
    """Find the Python files under `paths`; a file named outright is always taken, whatever its name.

    `exclude` holds gitignore patterns relative to `exclude_root` (default: the working folder); a pattern that starts
    with ``!`` takes back a built-in one.
    """
    found = Discovery()
    choice = _Choice(_Skips(), _IgnoreRules(exclude_root or Path.cwd(), GitIgnoreSpec.from_lines(exclude)))
    seen: set[str] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise ScanError(f"no such file or folder: {path}", "check the path; it is relative to the working folder")
        if path.is_dir():
            candidates = _walk(Path(os.path.abspath(path)), choice, found)
        else:
            candidates = iter([path])
        for file in candidates:
            real = os.path.realpath(file)
            if real not in seen and _is_readable_file(file, found):
                seen.add(real)
                found.files.append(file)
    return found


def _walk(root: Path, choice: _Choice, found: Discovery) -> Iterator[Path]:
    pending: list[tuple[Path, tuple[_IgnoreRules, ...]]] = [(root, _rules_above(root))]
    while pending:
        folder, rules = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            found.errors.append(FileError(display_path(folder), f"cannot list this folder: {error.strerror}"))
            continue
        if folder != root and any(entry.name == "pyvenv.cfg" for entry in entries):
            found.skipped["virtual environment"] += 1
            continue
        rules = _with_ignore_file(folder, rules)
        folders = []
        for entry in entries:
            path = Path(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not entry.name.endswith(".py"):
                continue
            if not is_folder and entry.is_symlink() and path.is_dir():
                continue  # a linked folder is reached by its own name, or lies outside
            reason = choice.reason_to_skip(path, is_folder, root, rules)
            if reason:
                found.skipped[reason] += 1
            elif is_folder:
                folders.append((path, rules))
            else:
                yield path
        pending.extend(reversed(folders))


def _with_ignore_file(folder: Path, rules: tuple[_IgnoreRules, ...]) -> tuple[_IgnoreRules, ...]:
    try:
        lines = (folder / ".gitignore").read_text("utf-8", "replace").splitlines()
    except OSError:
        return rules
    return (*rules, _IgnoreRules(folder, GitIgnoreSpec.from_lines(lines)))


def _rules_above(root: Path) -> tuple[_IgnoreRules, ...]:
    """Collect the ignore files between the top of the git repository and `root`, unless they ignore `root` itself."""
    above = [root, *root.parents]
    top = next((index for index, folder in enumerate(above) if (folder / ".git").exists()), 0)
    rules: tuple[_IgnoreRules, ...] = ()
    for folder in reversed(above[1 : top + 1]):
        rules = _with_ignore_file(folder, rules)
    return tuple(rule for rule in rules if not rule.verdict(root, True))


def _is_readable_file(path: Path, found: Discovery) -> bool:
    """Check that `path` leads to a regular file; note the reason where it does not."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        problem = f"broken symbolic link to {os.readlink(path)}" if path.is_symlink() else "the file has gone"
    except OSError as error:
        problem = "circular symbolic link" if path.is_symlink() else f"cannot be read: {error.strerror}"
    else:
        if stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            return True
        problem = "not a regular file"
    found.errors.append(FileError(display_path(path), problem))
    return False
