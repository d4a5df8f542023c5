"""Shapes of functions that are named for what they do, and what such a function has in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def has_named_handlers(unit: Unit, words: Words, also: Words) -> bool:
    """A function named with the words that has a try with a handler."""
    return any(isinstance(inner, ast.ExceptHandler) for node in _named(unit, words) for inner in walk(node))


def tests_a_status(unit: Unit, words: Words, also: Words) -> bool:
    """A function named with the words that has an if which asks for something named with `also`."""
    return any(
        isinstance(inner, ast.If) and speaks(also, spelled(inner.test))
        for node in _named(unit, words)
        for inner in walk(node)
    )


def _named(unit: Unit, words: Words) -> Iterator[ast.AST]:
    for node in walk(unit):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and speaks(words, node.name):
            yield node
