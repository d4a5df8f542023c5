"""What names and texts around a wait say: that it is about a person's permission, or about something else."""

from __future__ import annotations

import re

import libcst as cst

from hiveloop_scan.module import ParsedModule

_CHOICE = re.compile(
    r"\by(?:es)?\s*[/|,]\s*n(?:o)?\b|\(y\)|\[y\]es|\by\b.{0,3}/.{0,3}\bn\b|\byes or no\b"
    r"|[\[(]y(?:es)?\s*/|\b(?:type|enter|press|reply|say|answer)(?: with)? [\"'`*]{0,2}y(?:es)?\b"
    r"|\(y\)es|[(\[]a[)\]](?:pprove|ccept|llow)|[(\[]r[)\]]eject|[(\[]d[)\]]eny|\ba/r\b|\bapprove\b.{0,12}\breject\b",
    re.IGNORECASE,
)


def offers_yes_and_no(text: str) -> bool:
    """Say whether a question shows how to agree and to refuse: ``[y/N]``, ``(yes/no)``."""
    return bool(_CHOICE.search(text))


def names_around(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the names of the functions around `node`, innermost first."""
    around = [outer.name.value for outer in module.ancestors(node) if isinstance(outer, cst.FunctionDef)]
    return " ".join(around)


def classes_around(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the names of the classes around `node`, innermost first."""
    return " ".join(outer.name.value for outer in module.ancestors(node) if isinstance(outer, cst.ClassDef))
