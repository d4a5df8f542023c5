"""What a walk leaves out: what the user says comes first, then what is no code of theirs, then what git ignores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hiveloop_scan.gitignore import IgnoreFiles, Patterns, relative
from hiveloop_scan.model import ScanError

_FOLDERS = {
    "__pycache__": "folder",
    "__pypackages__": "folder",
    "node_modules": "folder",
    "site-packages": "folder",
    "venv": "folder",
    "virtualenv": "folder",
    "build": "folder",
    "dist": "folder",
    "buck-out": "folder",
    "tests": "test",
    "test": "test",
    "examples": "example",
    "example": "example",
    "_vendor": "generated or vendored",
    "vendor": "generated or vendored",
    "vendored": "generated or vendored",
    "third_party": "generated or vendored",
}
_VERSIONS = ("/migrations/versions", "/alembic/versions")
_GENERATED = ("_pb2.py", "_pb2_grpc.py")


class LeftOut:
    """What decides on a path that is found below a folder."""

    def __init__(self, exclude: Sequence[str], exclude_root: Path) -> None:
        """Take gitignore patterns relative to `exclude_root`."""
        self._exclude_root = str(exclude_root)
        self._exclude = Patterns(exclude)
        for line in self._exclude.invalid:
            raise ScanError(f"not a pattern: exclude {line!r}", "write it as in a .gitignore file")

    def reason(self, entry: os.DirEntry[str], is_folder: bool, root: str, ignore_files: IgnoreFiles) -> str | None:
        """Say why an entry of a folder, found below `root`, is left out; None when it is scanned."""
        excluded = self._exclude.verdict(relative(entry.path, self._exclude_root), is_folder)
        if excluded is not None:
            return "excluded" if excluded else None
        if reason := _of_a_folder(entry, root) if is_folder else None:
            return reason
        if reason := _of_any(entry.name):
            return reason
        return "ignored by git" if ignore_files.ignores(entry.path, is_folder) else None


def _of_a_folder(entry: os.DirEntry[str], root: str) -> str | None:
    if entry.name.startswith(".") or entry.name.endswith(".egg-info"):
        return "folder"
    if entry.name == "versions" and f"/{relative(entry.path, root)}".endswith(_VERSIONS):
        return "generated or vendored"
    return _FOLDERS.get(entry.name)


def _of_any(name: str) -> str | None:
    if not name.endswith(".py"):
        return None
    if name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py":
        return "test"
    return "generated or vendored" if name.endswith(_GENERATED) else None
