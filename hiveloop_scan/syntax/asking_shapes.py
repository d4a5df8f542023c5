"""Shapes of tests on what a call answers: steps that are compared with each other, a check and its verdict."""

from __future__ import annotations

import ast

from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import nodes, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def finds_steps_alike(unit: Unit, words: Words, also: Words) -> bool:
    """A comparison of ``len(set(x))`` with one, or of ``x.count(y)`` with more; x or the function has the words."""
    named = any(speaks(words, node.name) for node in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef))
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Call)
        and spelled(node.left.func).rpartition(".")[2] in ("len", "count")
        and (named or speaks(words, spelled(node.left)))
        and (spelled(node.left).startswith("len.set.") or isinstance(node.left.func, ast.Attribute))
        for node in walk(unit)
    )


def branches_on_an_answer(unit: Unit, words: Words, also: Words) -> bool:
    """An if that asks for a call named with the words and spelled with `also`, or for a name bound to such a call."""
    answers = [
        node
        for node in walk(unit)
        if isinstance(node, ast.Call)
        and speaks(words, spelled(node.func).rpartition(".")[2])
        and speaks(also, ast.unparse(node))
    ]
    return bool(answers) and any(isinstance(node, ast.If) for node in walk(unit))
