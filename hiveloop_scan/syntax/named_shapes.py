"""Shapes of functions that are named for what they do, and what such a function has in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import nodes, walk

_EMPTYING = ("pop", "clear", "discard", "remove")
_TELLS = re.compile(r"log|warn|err|print|echo|critical|exception|console|messages|st\.|ui\.", re.IGNORECASE)
_MAKES = re.compile(
    r"_*(?:[A-Z]\w*[a-z]"
    r"|\w*(?:conn|creat|mak|build|init|set_?up|load|start|boot|ensure|open|from|get_client|ping|configure))"
)
Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def has_named_handlers(unit: Unit, words: Words, also: Words) -> bool:
    """A function named with the words (and one of `also`) that has a try with a handler."""
    return any(
        bool(nodes(node, ast.ExceptHandler)) for node in _named(unit, words) if not also or speaks(also, node.name)
    )


def tries_a_probe(unit: Unit, words: Words, also: Words) -> bool:
    """A try that binds what a call named with the words (or one inside of it) answers."""
    return any(
        isinstance(inner, ast.Assign)
        and any(speaks(words, spelled(call.func).rpartition(".")[2]) for call in nodes(inner, ast.Call))
        for node in nodes(unit, ast.Try)
        for inner in node.body
    )


def tests_a_status(unit: Unit, words: Words, also: Words) -> bool:
    """A function named with the words that has an if which asks for something named with `also`."""
    return any(speaks(also, spelled(inner.test)) for node in _named(unit, words) for inner in nodes(node, ast.If))


def sets_up_a_service(unit: Unit, words: Words, also: Words) -> bool:
    """A try that gives something named with the words what a call makes (or calls `also` of it) and goes on if not."""
    return any(
        any(_tells_and_goes_on(handler) for handler in node.handlers)
        and any(_is_set_up(inner, words, also) for statement in node.body for inner in walk(statement))
        for node in nodes(unit, ast.Try)
    )


def _tells_and_goes_on(handler: ast.ExceptHandler) -> bool:
    if any(isinstance(last, ast.Raise) for last in handler.body):
        return False
    return any(isinstance(node, ast.Call) and _TELLS.search(spelled(node.func)) for node in walk(handler))


def _is_set_up(node: ast.AST, words: Words, also: Words) -> bool:
    if isinstance(node, ast.Assign) and not also:
        made = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not isinstance(made, ast.Call) or not speaks(words, spelled(node.targets[0]).rpartition(".")[2]):
            return False
        return bool(_MAKES.match(spelled(made.func).rpartition(".")[2]))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return speaks(also, node.func.attr) and speaks(words, spelled(node.func.value))
    return False


def keeps_and_clears_an_error(unit: Unit, words: Words, also: Words) -> bool:
    """A handler that keeps what it caught in a place named with the words, and such a place that is emptied."""
    return any(
        not isinstance(inner.targets[0], ast.Name)
        and speaks(words, spelled(inner.targets[0]))
        and any(part.id == handler.name for part in nodes(inner.value, ast.Name))
        for handler in nodes(unit, ast.ExceptHandler)
        if handler.name
        for inner in nodes(handler, ast.Assign)
    ) and any(_empties(node, words) for node in nodes(unit, ast.Assign, ast.Delete, ast.Call))


def flags_in_handler(unit: Unit, words: Words, also: Words) -> bool:
    """A handler that sets an attribute named with the words to a constant."""
    return any(
        isinstance(target, ast.Attribute) and isinstance(inner.value, ast.Constant) and speaks(words, target.attr)
        for handler in nodes(unit, ast.ExceptHandler)
        for inner in nodes(handler, ast.Assign)
        for target in inner.targets
    )


def _empties(node: ast.AST, words: Words) -> bool:
    if isinstance(node, ast.Assign):
        empty = isinstance(node.value, ast.Constant) or (isinstance(node.value, ast.Dict) and not node.value.keys)
        return empty and speaks(words, spelled(node.targets[0]))
    if isinstance(node, ast.Delete):
        return speaks(words, spelled(node.targets[0]))
    callee = node.func if isinstance(node, ast.Call) else None
    return isinstance(callee, ast.Attribute) and callee.attr in _EMPTYING and speaks(words, spelled(callee.value))


def _named(unit: Unit, words: Words) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef):
        if speaks(words, node.name):
            yield node
