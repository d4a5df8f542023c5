"""Source code as text, in the lines that editors count."""

from __future__ import annotations

import codecs
import tokenize
from io import BytesIO
from pathlib import Path


def decoded(source: bytes) -> str:
    """Return the text of Python source; raise SyntaxError or ValueError where its encoding is not what it says."""
    encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
    return source.decode(encoding)


def utf8(source: bytes) -> bytes:
    """Return Python source as the standard parser counts its columns: in UTF-8, without a byte order mark."""
    encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
    if encoding in ("utf-8", "utf-8-sig"):
        return source.removeprefix(codecs.BOM_UTF8)
    return source.decode(encoding).encode()


def lines_of(source: bytes) -> list[str]:
    """Return the lines without their ends, whichever of the three line ends the source uses."""
    return decoded(source).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file; none where it cannot be read (again): a pipe gives what it has only once."""
    try:
        return lines_of(path.read_bytes()) if path.is_file() else []
    except (OSError, SyntaxError, ValueError):
        return []
