"""Shapes of a second try: what a failure path does with the words of a rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import words as words_in
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, whole
from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import nodes

_WRAPPERS = frozenset(
    {
        "wait_for", "run_until_complete", "to_thread", "run_in_executor", "run_sync", "run_coroutine_threadsafe",
        "shield", "create_task", "gather", "ensure_future", "partial",
    }
)  # fmt: skip
_BATCH = re.compile(r"_?(?:batch(?:ed)?|many|bulk|all|multi(?:ple)?)(?:_|$)|(?:^|_)(?:batch|bulk|multi)_")
_HOLDERS = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.ExceptHandler,
    ast.match_case, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip
_IDLE = EVERYDAY_CALLS - {"insert"}
_CLOSE = 3
_BLOCKS = ("body", "orelse", "finalbody")
Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def _asks_the_same_in_handler(unit: Unit, words: Words, also: Words) -> bool:
    """A handler with a call that is given what a call of its try body is given, something named with the words."""
    for node in nodes(unit, ast.Try, ast.TryStar):
        given = set(_named_arguments(node.body, words)) if node.handlers else set()
        if given and any(given & set(_named_arguments(handler.body, words)) for handler in node.handlers):
            return True
    return False


def _named_arguments(block: list[ast.stmt], words: Words) -> Iterator[str]:
    for statement in block:
        for call in nodes(statement, ast.Call):
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                if isinstance(value, (ast.Name, ast.Attribute)):
                    text = spelled(value)
                    if speaks(words, text.rpartition(".")[2]):
                        yield text


def _names_a_state_in_handler(unit: Unit, words: Words, also: Words) -> bool:
    """A handler with a call that is given a value ending in one of the words and has a word of `also` in its name."""
    for handler in nodes(unit, ast.ExceptHandler):
        for call in nodes(handler, ast.Call):
            values = (*call.args, *(keyword.value for keyword in call.keywords))
            states = (spelled(value) for value in values if isinstance(value, (ast.Constant, ast.Attribute)))
            if any(words_in(state)[-1:] in _single(words) for state in states) and speaks(also, _name(call.func)):
                return True
    return False


def _single(words: Words) -> set[tuple[str, ...]]:
    return {(word,) for word in words}


def _puts_in_failure(unit: Unit, words: Words, also: Words) -> bool:
    """A handler, or an if that tests something named with `also`, which calls a method of one of the words."""
    branches: list[ast.ExceptHandler | ast.If] = [*nodes(unit, ast.ExceptHandler)]
    branches += [branch for branch in nodes(unit, ast.If) if speaks(also, ast.unparse(branch.test))]
    return any(
        isinstance(call.func, ast.Attribute) and call.func.attr in words
        for branch in branches
        for call in nodes(branch, ast.Call)
    )


def _calls_again_in_handler(unit: Unit, words: Words, also: Words) -> bool:
    """A handler, or what follows it, that calls something which its try body calls too.

    That is awaited, done for each item, named with one of the words, or given all arguments of the function.
    """
    for node in nodes(unit, ast.Try, ast.TryStar):
        tried = _called_names(node.body) if node.handlers else set()
        if tried and any(_calls_one_of(tried, handler.body, words) for handler in node.handlers):
            return True
    return any(
        _calls_one_of(_called_names(node.body), block[place + 1 : place + _CLOSE], words)
        for block in _blocks(unit)
        for place, node in enumerate(block[:-1])
        if isinstance(node, ast.Try) and node.handlers and isinstance(node.body[-1], ast.Return)
    )


def _calls_again_in_branch(unit: Unit, words: Words, also: Words) -> bool:
    """An if on what a call shortly before has given, that calls the same again."""
    for block in _blocks(unit):
        for place, branch in enumerate(block):
            if not isinstance(branch, ast.If):
                continue
            tested = {name.id for name in nodes(branch.test, ast.Name)}
            for given in block[max(0, place - 2) : place]:
                if not isinstance(given, ast.Assign) or tested.isdisjoint(name.id for name in nodes(given, ast.Name)):
                    continue
                if _calls_one_of(_called_names([given]), branch.body, words):
                    return True
    return False


def _calls_one_of(names: set[str], block: list[ast.stmt], words: Words) -> bool:
    again = names & _called_names(block)
    if not again:
        return False
    if any(speaks(words, name) for name in again):
        return True
    if any(nodes(statement, ast.Await, ast.For, ast.AsyncFor) for statement in block):
        return True
    return any(_hands_all_on(call) for statement in block for call in nodes(statement, ast.Call))


def _hands_all_on(call: ast.Call) -> bool:
    """Say whether a call is given whatever the function was given: ``work(*args, **kwargs)``."""
    return any(isinstance(arg, ast.Starred) for arg in call.args) and any(not word.arg for word in call.keywords)


def _called_names(block: list[ast.stmt]) -> set[str]:
    """Collect the last names of what a block calls or has a wrapper call; everyday calls and classes are no work."""
    found = set()
    for statement in block:
        for call in nodes(statement, ast.Call):
            name = _name(call.func)
            found.add(name)
            if name in _WRAPPERS:
                found.update(_name(arg) for arg in call.args)
    work = {name for name in found - _IDLE if name and not name[0].isupper()}
    return work | {_BATCH.sub("", name) for name in work}


def _blocks(unit: Unit) -> Iterator[list[ast.stmt]]:
    yield unit.body
    for node in nodes(unit, *_HOLDERS):
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


_FAILING = whole("except")
TRYING_SHAPES = {
    "same-argument-in-handler": Shape(_asks_the_same_in_handler, [[_FAILING, WORDS, ALSO]]),
    "state-in-handler": Shape(_names_a_state_in_handler, [[_FAILING, WORDS, ALSO]]),
    "call-again-in-handler": Shape(_calls_again_in_handler, [[_FAILING]]),
    "call-again-in-branch": Shape(_calls_again_in_branch, [[whole("if"), ALSO]]),
    "put-in-failure": Shape(_puts_in_failure, [[_FAILING, WORDS, ALSO], [whole("if"), WORDS, ALSO]]),
}
