"""Shapes of loops: what drives them, what a failure in them leads to, and what they say."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.call_parts import last_name
from hiveloop_scan.syntax.said_shapes import said_in
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes, once

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_RANGES = ("range", "trange", "count")
_LEAVES = (ast.Return, ast.Break, ast.Raise)


def loops_in(unit: ast.AST) -> list[ast.For | ast.AsyncFor | ast.While]:
    return nodes(unit, ast.For, ast.AsyncFor, ast.While)


def has_loop(unit: Unit) -> bool:
    return bool(loops_in(unit))


def has_while_loop(unit: Unit) -> bool:
    return bool(nodes(unit, ast.While))


def has_counted_loop_with_try(unit: Unit) -> bool:
    """A while loop, or a for loop over a count or listed numbers, in which a failure can lead to another round."""
    return any(_tries_again(loop) for loop in loops_in(unit) if isinstance(loop, ast.While) or _counts(loop.iter))


def has_loop_with_context(unit: Unit) -> bool:
    """A for loop that enters each of its items: ``for attempt in ...: with attempt:``."""
    for loop in nodes(unit, ast.For, ast.AsyncFor):
        if isinstance(loop.target, ast.Name):
            items = (item.context_expr for item in nodes(loop, ast.withitem))
            if any(isinstance(item, ast.Name) and item.id == loop.target.id for item in items):
                return True
    return False


def tries_or_says(unit: Unit, words: Words, also: Words) -> bool:
    """A loop in which a failure can lead to another round, or in which a name or a text has the words.

    In a while loop, a comment may be all that says why it goes on.
    """
    return any(isinstance(loop, ast.While) or _tries_again(loop) or _says(loop, words) for loop in loops_in(unit))


def tests_in_loop(unit: Unit, words: Words, also: Words) -> bool:
    """A loop with an if that asks for the words, numbers among them."""
    return any(
        _says(test, words) or any(str(number.value) in words for number in nodes(test, ast.Constant))
        for loop in loops_in(unit)
        for test in (node.test for node in nodes(loop, ast.If))
    )


def asks_in_counted_loop(unit: Unit, words: Words, also: Words) -> bool:
    """A for loop over a count that can be left, with a call named with the words."""
    return any(
        _is_count(loop.iter)
        and nodes(loop, *_LEAVES)
        and any(_says(call.func, words) for call in nodes(loop, ast.Call))
        for loop in nodes(unit, ast.For, ast.AsyncFor)
    )


def _tries_again(loop: ast.AST) -> bool:
    """Say whether a handler in a loop can go on with it, or failures are suppressed."""
    return any(map(_goes_on, nodes(loop, ast.ExceptHandler))) or any(
        last_name(item.context_expr) == "suppress" for item in nodes(loop, ast.withitem)
    )


def _goes_on(handler: ast.ExceptHandler) -> bool:
    return not isinstance(handler.body[-1], _LEAVES) or bool(nodes(handler, ast.Continue))


def _says(node: ast.AST, words: Words) -> bool:
    return any(speaks(words, text) for text in once(said_in, node))


def _counts(iterable: ast.expr) -> bool:
    """Say whether a for loop runs over a count, or over listed numbers."""
    if isinstance(iterable, ast.Call) and last_name(iterable) == "enumerate" and iterable.args:
        return _counts(iterable.args[0])
    if isinstance(iterable, (ast.Tuple, ast.List)):
        return all(isinstance(number, ast.Constant) and not isinstance(number.value, str) for number in iterable.elts)
    return _is_count(iterable)


def _is_count(iterable: ast.expr) -> bool:
    """Say whether a for loop runs over a count that is not one of items."""
    return (
        isinstance(iterable, ast.Call)
        and last_name(iterable) in _RANGES
        and not any(last_name(call) == "len" for arg in iterable.args for call in nodes(arg, ast.Call))
    )


def lines_of_loops(unit: ast.AST, lines: list[bytes], first: int) -> Iterator[bytes]:
    """Yield the lines of the loops of a unit, with the comments after them; `first` is the number of the first line."""
    end = 0
    for loop in loops_in(unit):
        if loop.lineno <= end:
            continue
        end = loop.end_lineno or loop.lineno
        while end - first + 1 < len(lines) and lines[end - first + 1].lstrip()[:1] in (b"", b"#"):
            end += 1
        yield from lines[loop.lineno - first : end - first + 1]


_LOOPS, _FOR = whole("for", "while"), whole("for")
LOOP_SHAPES = {
    "loop": Shape(has_loop, [[_LOOPS]]),
    "while-loop": Shape(has_while_loop, [[whole("while")]]),
    "counted-loop-with-try": Shape(has_counted_loop_with_try, [[_LOOPS, whole("except", "suppress")]]),
    "loop-with-context": Shape(has_loop_with_context, [[_FOR, whole("with")]]),
}
WORDED_LOOPS = {
    "loop-that-tries-or-says": Shape(tries_or_says, [[_LOOPS, WORDS, ALSO]]),
    "loop-with-test": Shape(tests_in_loop, [[_LOOPS, whole("if"), WORDS, ALSO]]),
    "counted-loop-that-asks": Shape(asks_in_counted_loop, [[_FOR, WORDS, ALSO]]),
}
"""Shapes whose signs stand in a loop, its comments included; their tests are given the words of a need."""
