"""The standard parser first: what it refuses, or finds nested too deeply, never gets to libcst, which would crash."""

from __future__ import annotations

import ast
import warnings

from hiveloop_scan.lines import decoded
from hiveloop_scan.model import FileError

_PYTHON_2 = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)


def parsed(source: bytes, shown: str) -> ast.Module | FileError:
    """Ask the standard parser; it also keeps from libcst what would crash it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        decoded(source)  # the standard parser does not mind what stands in comments, libcst does
        return tree
    except SyntaxError as error:
        where = f" (line {error.lineno})" if error.lineno else ""
        python2 = "; is this Python 2?" if any(sign in str(error.msg) for sign in _PYTHON_2) else ""
        return FileError(shown, f"syntax error: {error.msg}{where}{python2}", error.lineno or 1)
    except ValueError as error:
        return FileError(shown, f"not Python source: {error}")
    except (RecursionError, MemoryError):
        return FileError(shown, "nested too deeply for Python's own parser")
