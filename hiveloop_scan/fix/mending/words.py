"""Mending of words that the server does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


def write_known_word(source: Source, finding: Finding) -> list[Edit]:
    """``severity="HIGH"`` -> ``severity="high"``: the one word that the hint names."""
    word = re.fullmatch(r"did you mean '(\w+)'\?", str(finding.captures["hint"]))
    if word is None:
        raise Refusal("no known word is close to it", "choose one of those that the message lists")
    given = node_at(source, finding.span)
    spelled = [node for node in _choices(given) if source.segment(node)[1:-1] == finding.captures["value"]]
    if len(spelled) != 1:
        raise Refusal("the word is written elsewhere", "mend it there")
    return [Edit(source.start(spelled[0]) + 1, source.end(spelled[0]) - 1, word[1])]


def _choices(node: ast.expr) -> Iterator[ast.Constant]:
    """Yield the plain texts that a value can be, those in quotes of one character."""
    if isinstance(node, ast.IfExp):
        yield from _choices(node.body)
        yield from _choices(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
