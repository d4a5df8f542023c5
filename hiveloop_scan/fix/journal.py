"""What the last runs that write have written, kept until it is taken back: `undo` needs no version control."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.writing import check_writable_file, replace_file
from hiveloop_scan.model import FileChange

STATE_VARIABLE = "HIVELOOP_SCAN_STATE"
"""The environment variable that names another folder for the journal."""

_KEPT = 20
"""Runs of a project that can be taken back; older ones are forgotten."""

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One run of a command: the folder that holds the old files, and for each file its hash before and after."""

    folder: Path
    files: tuple[tuple[Path, str, str], ...]
    command: str = "apply"

    def before(self, index: int) -> bytes:
        """Return the bytes that the file at `index` had before the run."""
        return (self.folder / str(index)).read_bytes()


def record(root: Path, changes: Sequence[FileChange], command: str = "apply") -> Entry:
    """Keep the old bytes of what `command` changes in the project at `root`, safely on disk before it is written."""
    place = _place(root)
    place.mkdir(parents=True, exist_ok=True)
    folder = place / f"{time.time_ns():020d}-{os.getpid()}"
    folder.mkdir()
    for index, change in enumerate(changes):
        _write(folder / str(index), change.before)
    files = [
        {"path": str(change.path.resolve()), "before": _hash(change.before), "after": _hash(change.after)}
        for change in changes
    ]
    _write(folder / "incomplete", json.dumps({"root": str(root), "command": command, "files": files}).encode())
    (folder / "incomplete").replace(folder / _MANIFEST)
    for old in entries(root)[:-_KEPT]:
        shutil.rmtree(old.folder, ignore_errors=True)
    return Entry(folder, tuple((Path(item["path"]), item["before"], item["after"]) for item in files), command)


def entries(root: Path) -> list[Entry]:
    """Return the runs of the project at `root` that can be taken back, the oldest first."""
    place = _place(root)
    found = []
    for folder in sorted(place.iterdir()) if place.is_dir() else []:
        with suppress(OSError, ValueError, KeyError, TypeError):
            data: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())
            files = tuple((Path(item["path"]), str(item["before"]), str(item["after"])) for item in data["files"])
            found.append(Entry(folder, files, str(data.get("command", "apply"))))
    return found


def is_own_work(path: Path, data: bytes, root: Path) -> bool:
    """Say whether a file is exactly what an earlier run has left."""
    target, digest = path.resolve(), _hash(data)
    return any(file == target and after == digest for entry in entries(root) for file, _, after in entry.files)


def take_back(entry: Entry) -> list[Path]:
    """Put the old bytes back and forget the run; return the files that were changed back.

    Refuses, before anything is written, where a file is neither what the run has left nor what it had found.
    """
    pending: list[tuple[Path, bytes, bytes]] = []
    for index, (path, before, after) in enumerate(entry.files):
        try:
            now = path.read_bytes()
        except OSError as error:
            raise Refusal(f"{path} cannot be read: {error.strerror}", "put the file back first") from None
        if _hash(now) == after:
            pending.append((path, now, entry.before(index)))
        elif _hash(now) != before:
            raise Refusal(f"{path} was changed since", "take the calls out with 'hiveloop-scan remove'")
    for path, now, _ in pending:
        check_writable_file(path, now)
    for path, now, old in pending:
        replace_file(path, now, old)
    forget(entry)
    return [path for path, _, _ in pending]


def forget(entry: Entry) -> None:
    """Drop a run from the journal."""
    with suppress(OSError):
        (entry.folder / _MANIFEST).unlink()
    shutil.rmtree(entry.folder, ignore_errors=True)


def _place(root: Path) -> Path:
    named = os.environ.get(STATE_VARIABLE)
    state = Path(named) if named else user_state_path("hiveloop-scan", appauthor=False)
    return state / "journal" / _hash(str(root.resolve()).encode())[:16]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
