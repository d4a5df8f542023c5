"""Where a report goes: the standard output, whatever stands behind it, or a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hiveloop_scan.model import ScanError

if TYPE_CHECKING:
    from pathlib import Path


def write_stdout(text: str, encoding: str | None = None, errors: str = "backslashreplace") -> None:
    """Write all of `text`; a reader that has seen enough (``| head``) is no failure."""
    stream = sys.stdout
    if stream is None:
        raise ScanError("cannot write to the standard output: it is closed", "use --output FILE")
    try:
        stream.buffer.write(text.encode(encoding or stream.encoding, errors))
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or Python fails again, flushing at its end
        if not isinstance(error, BrokenPipeError):
            problem = f"cannot write to the standard output: {error.strerror}"
            raise ScanError(problem, "send it to another place") from None


def write_bytes(data: bytes) -> None:
    """Write bytes as they are to the standard output."""
    write_stdout(data.decode("utf-8", "surrogateescape"), "utf-8", "surrogateescape")


def check_writable(path: Path) -> None:
    """Raise ScanError where a report could not be written later, before any work is done for it."""
    if path.is_dir():
        raise ScanError(f"cannot write {path}: it is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise ScanError(f"cannot write {path}: there is no folder {path.parent}", "create the folder first")


def write_file(path: Path, text: str) -> None:
    """Write the report to a file, in UTF-8."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ScanError(f"cannot write {path}: {error.strerror}", "name another file") from None
