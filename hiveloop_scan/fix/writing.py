"""Put a changed file in the place of the old one: all of it or nothing, and only where the old one is still there."""

from __future__ import annotations

import glob
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from hiveloop_scan.fix.refusal import Refusal

_SUFFIX = ".hiveloop-scan"


def check_writable_file(path: Path, before: bytes) -> None:
    """Refuse a file that cannot be put in place as a whole, or that is not any more what was read."""
    target = path.resolve()
    try:
        state = target.stat()
        now = target.read_bytes()
    except OSError as error:
        raise Refusal(f"the file cannot be read any more: {error.strerror}", "run the command again") from None
    if now != before:
        raise Refusal("the file was changed while it was looked at", "run the command again")
    if not stat.S_ISREG(state.st_mode):
        raise Refusal("it is not a regular file", "name the file that holds the code")
    if state.st_nlink > 1:
        raise Refusal("the file has several names (hard links), which would part", "part them yourself first")
    if not os.access(target, os.W_OK) or not os.access(target.parent, os.W_OK):
        raise Refusal("the file or its folder is write-protected", "change the permissions")


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write `after` where `before` stands; whoever looks meanwhile, or after a crash, sees one or the other."""
    check_writable_file(path, before)
    target = path.resolve()
    _clear_away(target)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=_SUFFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        _keep_owner(target, temporary)
        check_writable_file(path, before)
        temporary.replace(target)
    except OSError as error:
        raise Refusal(f"the file cannot be written: {error.strerror}", "make room or change the permissions") from None
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    _sync_folder(target.parent)


def _clear_away(target: Path) -> None:
    """Delete what a run that was killed has left beside the file."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.*{_SUFFIX}"):
        with suppress(OSError):
            path.unlink()


def _keep_owner(target: Path, temporary: Path) -> None:
    if hasattr(os, "chown"):
        state = target.stat()
        with suppress(PermissionError):
            os.chown(temporary, state.st_uid, state.st_gid)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
