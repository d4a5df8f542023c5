"""Name an issue so that it is the same at each report, and at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code

_COUNTING = {
    "self", "cls", "consecutive", "count", "counts", "counter", "num", "number", "n", "total", "current", "max", "in",
    "row", "fail", "fails", "failed", "failure", "failures", "error", "errors", "times", "state", "status", "is",
    "open", "opened", "until", "at", "the", "last", "has", "was", "not", "by", "per", "of",
}  # fmt: skip
_VARIABLE = {
    "id", "ids", "uuid", "guid", "time", "timestamp", "now", "date", "request", "message", "session", "run", "exc",
    "error", "err", "count", "i", "idx", "index", "task", "job", "call", "hash", "text", "url",
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z_][\w.]*")


def subject_of(names: Iterable[str], node: cst.CSTNode, module: ParsedModule) -> str | None:
    """Return what a problem is about, as words joined by dashes: out of `names`, else the class, else the function."""
    for name in names:
        kept = [word for word in words(name) if word not in _COUNTING and not word.isdigit()]
        if kept:
            return "-".join(kept)
    for outer in (node, *module.ancestors(node)):
        if isinstance(outer, cst.ClassDef):
            return "-".join(words(outer.name.value)) or None
    function = module.function_of(node)
    return "-".join(words(function.name.value)) or None if function else None


def issue_id(category: str, subject: str | None, key: str | None = None) -> str | None:
    """Return the source of a stable id, with the key of what failed where things are counted one by one.

    None where nothing stable can be named; a key that may differ with each occurrence is left out.
    """
    category = category.replace("_", "-")
    if key is not None and _KEY.fullmatch(key) and not _VARIABLE.intersection(words(key)):
        return f'f"{category}-{{{key}}}"'
    return f'"{category}-{subject}"' if subject else None


def key_of(counter: cst.BaseExpression) -> str | None:
    """Return the key under which a subscript counts, as source: ``name`` for ``self.failures[name]``."""
    if isinstance(counter, cst.Subscript) and len(counter.slice) == 1:
        index = counter.slice[0].slice
        return code(index.value) if isinstance(index, cst.Index) else None
    return None
