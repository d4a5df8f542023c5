"""Shapes of code that finds out what it has been given to run with: variables of the environment, files."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.syntax.signs import whole
from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import nodes, texts

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_ON_DISK = ("exists", "is_file", "isfile", "is_dir", "isdir")
ON_DISK = whole(*_ON_DISK)
_TELLS = re.compile(r"log|warn|err|print|echo|critical|console|messages|st\.|ui\.|io\.", re.IGNORECASE)


def asks_the_environment(unit: Unit, words: Words, also: Words) -> bool:
    """The words are called or read, and an if without what was read tells somebody."""
    read = any(speaks(words, node.attr) for node in nodes(unit, ast.Attribute)) or any(
        speaks(words, node.id) for node in nodes(unit, ast.Name)
    )
    return read and any(
        _asks(node.test) and any(_tells(block) for block in (node.body, node.orelse)) for node in nodes(unit, ast.If)
    )


def _asks(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return any(map(_asks, test.values))
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], (ast.Is, ast.Eq, ast.NotIn, ast.IsNot))
    return isinstance(test, (ast.Name, ast.Attribute, ast.Call))


def misses_a_file(unit: Unit, words: Words, also: Words) -> bool:
    """An if that asks whether a file exists and tells somebody in the words, where something is named with `also`."""
    for node in nodes(unit, ast.If):
        test = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        if not isinstance(test, ast.Call) or spelled(test.func).rpartition(".")[2] not in _ON_DISK:
            continue
        block = node.body if isinstance(node.test, ast.UnaryOp) else node.orelse
        if _tells(block) and any(speaks(words, text) for statement in block for text in texts(statement)):
            return any(speaks(also, text) for text in texts(unit))
    return False


def finds_a_bad_setting(unit: Unit, words: Words, also: Words) -> bool:
    """A branch or handler that tells somebody in the words, where something is named with `also`."""
    blocks = [block for node in nodes(unit, ast.If) for block in (node.body, node.orelse)]
    blocks += [handler.body for handler in nodes(unit, ast.ExceptHandler)]
    said = any(
        speaks(words, text.value)
        for block in blocks
        for statement in block
        if isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Call, ast.Await))
        for text in nodes(statement, ast.Constant)
        if isinstance(text.value, str)
    )
    return said and any(speaks(also, text) for text in texts(unit))


def _tells(block: list[ast.stmt]) -> bool:
    return any(
        _TELLS.search(spelled(call.func)) is not None
        for statement in block
        if not isinstance(statement, ast.Raise)
        for call in nodes(statement, ast.Call)
    )
