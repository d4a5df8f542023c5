"""Shapes of calls that have somebody else ask a person, and of functions that are named so."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from hiveloop_scan.syntax.call_parts import names_in
from hiveloop_scan.syntax.names import words as split
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes, once, text_set

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_HANDLERS = {"handler", "callback", "cb", "ask", "approver", "confirm"}
_FORMS = {"run_in_executor", "to_thread", "run_sync"}


def asks_by_name(unit: Unit, words: Words, also: Words) -> bool:
    """A call whose answer is used and that is named with the words and with `also`, or a function named so."""
    return any(speaks(words, name) and speaks(also, name) for _, name in (*once(_askers, unit), *_own_name(unit)))


def asks_its_owner(unit: Unit, words: Words, also: Words) -> bool:
    """A method named with `also`, whose answer is used, of something that is named with the words."""
    return any(speaks(words, owner) and speaks(also, name) for owner, name in once(_askers, unit))


def asks_in_its_place(unit: Unit, words: Words, also: Words) -> bool:
    """A call that is given something, whose answer is used and whose name begins with the words and has `also`.

    Or a function named so.
    """
    return any(
        speaks(also, name) and speaks(words, split(name)[0]) for _, name in (*once(_given, unit), *_own_name(unit))
    )


def asks_a_callback(unit: Unit, words: Words, also: Words) -> bool:
    """A call, whose answer is used, of something named with the words and, or what it is bound to, with `also`.

    Or a function named so.
    """
    if any(speaks(words, name) and speaks(also, name) for _, name in _own_name(unit)):
        return True
    called = {name for _, name in once(_askers, unit) if speaks(words, name)}
    if any(speaks(also, name) for name in called):
        return True
    return bool(called) and any(
        not called.isdisjoint(names_in(target)) and any(speaks(also, text) for text in text_set(value))
        for target, value in _bindings(unit)
    )


def asks_a_handler(unit: Unit) -> bool:
    """A call of a handler by its plain name, which is given something and whose answer is used."""
    return any(name.strip("_") in _HANDLERS for _, name in once(_given, unit))


def _bindings(unit: Unit) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in nodes(unit, ast.Assign, ast.AnnAssign, ast.NamedExpr):
        if node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield target, node.value
    for loop in nodes(unit, ast.For, ast.AsyncFor, ast.comprehension):
        yield loop.target, loop.iter
    for item in nodes(unit, ast.withitem):
        if item.optional_vars is not None:
            yield item.optional_vars, item.context_expr


def asks_by_message(unit: Unit, words: Words, also: Words) -> bool:
    """An awaited call named with the words that is given, first, a text without spaces that has one of `also`."""
    return any(
        isinstance(call.args[0], ast.Constant)
        and isinstance(said := call.args[0].value, str)
        and " " not in said
        and speaks(also, said)
        and any(speaks(words, name) for _, name in _run_by(call))
        for node in nodes(unit, ast.Await)
        if isinstance(call := node.value, ast.Call) and call.args
    )


def _askers(unit: ast.AST) -> list[tuple[str, str]]:
    """Return the owners and the names of what is run by the calls whose answer is used."""
    return list(dict.fromkeys(runs for call in once(_used, unit) for runs in _run_by(call)))


def _given(unit: ast.AST) -> list[tuple[str, str]]:
    """Return the owners and the names of what is run by such calls as are given something."""
    return [runs for call in once(_used, unit) if call.args or call.keywords for runs in _run_by(call)]


def _own_name(unit: Unit) -> Sequence[tuple[str, str]]:
    """Return the name of a function, as of a call: who calls it does not ask, as it stands in the file."""
    return () if isinstance(unit, ast.Module) else [("", unit.name)]


def _used(unit: ast.AST) -> list[ast.Call]:
    """Return the calls whose answer is not thrown away on the spot, awaited or not."""
    dropped = (node.value for node in nodes(unit, ast.Expr))
    thrown_away = {id(node.value if isinstance(node, ast.Await) else node) for node in dropped}
    return [call for call in nodes(unit, ast.Call) if id(call) not in thrown_away]


def _run_by(call: ast.Call) -> Sequence[tuple[str, str]]:
    """Return the owner and the name of what a call runs: itself, or what it hands to a thread."""
    owner, name = _spelled_last(call.func)
    return [_spelled_last(arg) for arg in call.args[:3]] if name in _FORMS else [(owner, name)]


def _spelled_last(node: ast.expr) -> tuple[str, str]:
    """Return the last two parts of a dotted name, what is called or picked on the way left out."""
    found: list[str] = []
    while len(found) < 2:
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, (ast.Subscript, ast.Await)):
            node = node.value
        else:
            found += [node.id if isinstance(node, ast.Name) else "", ""]
    return found[1], found[0]


ASKER_SHAPES = {
    "asker-by-name": Shape(asks_by_name, [[WORDS, ALSO]]),
    "asks-in-its-place": Shape(asks_in_its_place, [[WORDS, ALSO]]),
    "asks-a-callback": Shape(asks_a_callback, [[WORDS, ALSO]]),
    "asks-its-owner": Shape(asks_its_owner, [[WORDS, ALSO]]),
    "asks-by-message": Shape(asks_by_message, [[whole("await"), WORDS, ALSO]]),
}
"""Their tests are given the words of a need."""
