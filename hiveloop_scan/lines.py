"""Source code as text, in the lines that editors count."""

from __future__ import annotations

import tokenize
from io import BytesIO
from pathlib import Path


def decoded(source: bytes) -> str:
    """Return the text of Python source; raise SyntaxError or ValueError where its encoding is not what it says."""
    encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
    return source.decode(encoding)


def lines_of(source: bytes) -> list[str]:
    """Return the lines without their ends, whichever of the three line ends the source uses."""
    return decoded(source).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file; none where it cannot be read (again): a pipe gives what it has only once."""
    try:
        return lines_of(path.read_bytes()) if path.is_file() else []
    except (OSError, SyntaxError, ValueError):
        return []
