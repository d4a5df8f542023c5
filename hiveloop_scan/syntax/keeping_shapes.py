"""Shapes of code that puts a plan where it is worked off, or calls a method that says how a step stands."""

from __future__ import annotations

import ast

from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.signs import WORDS, Shape, Speaking
from hiveloop_scan.syntax.walking import nodes, texts

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
REPLACING_VERBS = {"set", "save", "update", "replace", "write", "rewrite", "overwrite"}
TELLING_VERBS = {"mark", "start", "begin", "complete", "finish", "fail", "skip"}


def has_kept_value(unit: Unit, speaking: Words, also: Words) -> bool:
    """An attribute or entry named with the words that is given something, added to, or set by a method named so."""
    for node in nodes(unit, ast.Assign, ast.Call):
        if isinstance(node, ast.Assign):
            if isinstance(node.targets[0], (ast.Attribute, ast.Subscript)) and _speaks(speaking, node.targets[0]):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.func.attr
            if name == "append" and _speaks(speaking, node.func.value):
                return True
            if words(name)[:1] and words(name)[0] in REPLACING_VERBS and mentions(name, speaking):
                return True
    return False


def has_told_step(unit: Unit, speaking: Words, also: Words) -> bool:
    """A call whose name begins with a verb for the state of a step, and that speaks of the words."""
    for call in nodes(unit, ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if words(name)[:1] and words(name)[0] in TELLING_VERBS and _speaks(speaking, call.func):
            return True
    return False


def _speaks(speaking: Words, node: ast.expr) -> bool:
    return any(mentions(text, speaking) for text in texts(node))


KEEPING_SHAPES = {
    "kept-value": Shape(has_kept_value, [[WORDS]]),
    "told-step": Shape(has_told_step, [[Speaking(TELLING_VERBS), WORDS]]),
}
