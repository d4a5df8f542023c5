"""Shapes that ask for words in the names and texts of a function: not in its comments, and not in its page."""

from __future__ import annotations

import ast
import re
from collections.abc import Set

from hiveloop_scan.syntax.call_parts import last_name
from hiveloop_scan.syntax.names import words as split
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes, once

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_COLUMN_SET = re.compile(r"\bupdate\b.*\bset\b.*=\s*'", re.IGNORECASE | re.DOTALL)


def says(unit: Unit, words: Words, also: Words) -> bool:
    """A name or a text with the words, and one with `also`."""
    said = once(said_in, unit)
    return any(speaks(words, text) for text in said) and (not also or any(speaks(also, text) for text in said))


def returns_what_says(unit: Unit, words: Words, also: Words) -> bool:
    """A returned value in which a name or a text has the words."""
    return any(
        speaks(words, text)
        for node in nodes(unit, ast.Return)
        if node.value is not None
        for text in once(said_in, node.value)
    )


def calls_from_end_to_end(unit: Unit, words: Words, also: Words) -> bool:
    """A call named with the words, what stands between the first and the last word of its name left out."""
    return any(speaks(words, _ends(last_name(call.func))) for call in nodes(unit, ast.Call))


def sets_a_column(unit: Unit, words: Words, also: Words) -> bool:
    """A text that has the words and sets a column of a table to a value."""
    return any(
        isinstance(text.value, str) and speaks(words, text.value) and _COLUMN_SET.search(text.value) is not None
        for text in nodes(unit, ast.Constant)
    )


def said_in(root: ast.AST) -> Set[str]:
    """Return the names and texts in and below `root`: attributes with what they belong to, no texts that only stand."""
    standing = {id(node.value) for node in nodes(root, ast.Expr)}
    said = {node.id for node in nodes(root, ast.Name)}
    said.update([f"{last_name(node.value)}.{node.attr}" for node in nodes(root, ast.Attribute)])
    said.update([node.arg for node in nodes(root, ast.keyword) if node.arg])
    said.update([node.name for node in nodes(root, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)])
    texts = [node for node in nodes(root, ast.Constant) if type(node.value) is str]
    said.update([str(node.value) for node in texts if id(node) not in standing])
    for joined in nodes(root, ast.JoinedStr):
        parts = (part.value for part in joined.values if isinstance(part, ast.Constant))
        said.add(" ".join(map(str, parts)))
    return said


def _ends(name: str) -> str:
    found = split(name)
    return f"{found[0]}_{found[-1]}" if len(found) > 2 else name


SAID_SHAPES = {
    "says": Shape(says, [[WORDS, ALSO]]),
    "says-in-return": Shape(returns_what_says, [[whole("return"), WORDS, ALSO]]),
    "call-from-end-to-end": Shape(calls_from_end_to_end, [[WORDS, ALSO]]),
    "sets-a-column": Shape(sets_a_column, [[whole("set"), WORDS, ALSO]]),
}
"""Their tests are given the words of a need."""
