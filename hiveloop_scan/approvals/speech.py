"""What names and texts around a wait say: that it is about a person's permission, or about something else."""

from __future__ import annotations

import re

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code

_CHOICE = re.compile(
    r"\by(?:es)?\s*[/|,]\s*n(?:o)?\b|\(y\)|\[y\]es|\by\b.{0,3}/.{0,3}\bn\b|\byes or no\b"
    r"|[\[(]y(?:es)?\s*/|\by\s*[=:]\s*yes\b|\b(?:type|enter|press|reply|say|answer)(?: with)? [\"'`*]{0,2}y(?:es)?\b"
    r"|\(y\)es|[(\[]a[)\]](?:pprove|ccept|llow)|[(\[]r[)\]]eject|[(\[]d[)\]]eny|\ba/r\b|\bapprove\b.{0,12}\breject\b",
    re.IGNORECASE,
)

_PRESSED = r"\b(?:press|hit)\b.{0,12}\b(?:enter|return|any key|a key)\b.{0,60}"
_KEY_TO_ACT = re.compile(
    rf"{_PRESSED}\b(?:proceed|confirm|start|begin|apply|execute|run|send|approve)\b", re.IGNORECASE | re.DOTALL
)
_KEY = re.compile(rf"{_PRESSED}\b(?:continue|go on|resume|when|once|after)\b", re.IGNORECASE | re.DOTALL)
_ASKS_A_HUMAN = re.compile(
    r"\bhuman\b.{0,60}\b(?:wait|respon|input|feedback|approv|confirm|answer|review)"
    r"|\b(?:wait|ask|prompt|input|feedback|approv|confirm)\w*\b.{0,40}\bhuman\b",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"\bto (?:exit|quit|close|leave|end|finish|go back|return)\b|\bmenu\b", re.IGNORECASE)


def offers_yes_and_no(text: str) -> bool:
    """Say whether a question shows how to agree and to refuse: ``[y/N]``, ``(yes/no)``."""
    return bool(_CHOICE.search(text))


def asks_for_a_key(text: str, work_follows: bool) -> bool:
    """Say whether a question only holds the work until a key is pressed: ``Press Enter to proceed``.

    To go on, without a word for what is done then, is a pause to read unless `work_follows`.
    """
    if _ENDS.search(text):
        return False
    return bool(_KEY_TO_ACT.search(text)) or (work_follows and bool(_KEY.search(text)))


def answers_around(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return what the function around `node` says that it answers with: ``-> HumanResponse``."""
    function = module.function_of(node)
    return code(function.returns.annotation) if function is not None and function.returns is not None else ""


def says_that_a_person_answers(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether the page of the function around `node` tells, to begin with, that a human is asked and waited for."""
    function = module.function_of(node)
    page = function.get_docstring(clean=False) if function is not None else None
    return page is not None and bool(_ASKS_A_HUMAN.search(page.strip().partition("\n\n")[0]))


def names_around(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the names of the functions around `node`, innermost first."""
    around = [outer.name.value for outer in module.ancestors(node) if isinstance(outer, cst.FunctionDef)]
    return " ".join(around)


def classes_around(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the names of the classes around `node`, innermost first."""
    return " ".join(outer.name.value for outer in module.ancestors(node) if isinstance(outer, cst.ClassDef))
