"""Shapes of work that is done again: a function that calls itself, what counts its tries, what is put back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from hiveloop_scan.syntax.call_parts import last_name
from hiveloop_scan.syntax.loop_shapes import loops_in
from hiveloop_scan.syntax.names import words as split
from hiveloop_scan.syntax.said_shapes import said_in
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes, once

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_SLEEPS = frozenset({"sleep", "asleep", "usleep", "pause", "wait", "backoff", "delay"})


def _may_call_itself(unit: ast.AST, text: bytes) -> bool:
    """Say whether the name of the function stands in it once more, or there are others in it."""
    name = getattr(unit, "name", "").lower().encode()
    return text.count(name) > 1 or text.count(b"def") > 1


def has_self_call(unit: Unit) -> bool:
    """A function that calls itself, by its plain name or through self or cls, and could do so to try again."""
    return any(
        _is_the_same(call, function) and (_counts_on(call) or _changes_nothing(call, function))
        for function in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef)
        for call in nodes(function, ast.Call)
    )


def _is_the_same(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == function.name
    if not isinstance(call.func, ast.Attribute) or call.func.attr != function.name:
        return False
    return isinstance(call.func.value, ast.Name) and call.func.value.id in ("self", "cls")


def _counts_on(call: ast.Call) -> bool:
    """Say whether a call is given a sum, or a value that it may be told by that it comes again."""
    return any(isinstance(value, ast.BinOp) for _, value in _given(call)) or any(
        isinstance(word.value, ast.Constant) for word in call.keywords
    )


def _changes_nothing(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*call.args, *(word.value for word in call.keywords if word.arg)]
    own = {parameter.arg for parameter in nodes(function.args, ast.arg)} | {"self", "cls"}
    return all(isinstance(value, ast.Starred) or (isinstance(value, ast.Name) and value.id in own) for value in given)


def passes_a_count_on(unit: Unit, words: Words, also: Words) -> bool:
    """A call of a plain name that is given a sum with a number, of something or under a name that has the words."""
    return any(
        speaks(words, name) or any(speaks(words, text) for text in once(said_in, value.left))
        for call in nodes(unit, ast.Call)
        if isinstance(call.func, ast.Name)
        for name, value in [
            *(("", arg) for arg in call.args),
            *((word.arg or "", word.value) for word in call.keywords),
        ]
        if isinstance(value, ast.BinOp) and isinstance(value.right, ast.Constant)
    )


def _given(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    yield from (("", arg) for arg in call.args)
    yield from ((word.arg or "", word.value) for word in call.keywords)


def counts_by_one_outside_loops(unit: Unit, words: Words, also: Words) -> bool:
    """One added to something named with the words, outside of loops."""
    loops = loops_in(unit)
    return any(
        any(speaks(words, text) for text in once(said_in, place))
        and not any(loop.lineno <= place.lineno <= (loop.end_lineno or 0) for loop in loops)
        for place in once(_counted, unit)
    )


def counts_by_one(unit: Unit, words: Words, also: Words) -> bool:
    """One added to something named with the words, or taken from it."""
    return any(speaks(words, text) for place in once(_counted, unit) for text in once(said_in, place))


def _counted(unit: ast.AST) -> list[ast.expr]:
    """Return what is counted by one."""
    steps = [node.target for node in nodes(unit, ast.AugAssign) if _is_one(node.value)]
    sums = [node.left for node in nodes(unit, ast.BinOp) if _is_one(node.right)]
    return [*steps, *sums]


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def counts_by_call(unit: Unit, words: Words, also: Words) -> bool:
    """Something named with the words that is given what a call named with `also` answers."""
    return any(
        any(speaks(also, text) for text in once(said_in, value.func))
        and any(speaks(words, text) for text in once(said_in, node.targets[0]))
        for node in nodes(unit, ast.Assign)
        if isinstance(value := node.value.value if isinstance(node.value, ast.Await) else node.value, ast.Call)
    )


def puts_back(unit: Unit, words: Words, also: Words) -> bool:
    """A handler that calls a method of one of the words, of what one of `also` is called of, or that waits as well."""
    taken = {
        last_name(taking.value)
        for node in nodes(unit, ast.Assign)
        for taking in nodes(node.value, ast.Attribute)
        if taking.attr in also
    }
    return any(
        _waits(handler) or any(last_name(put.value) in taken for put in puts)
        for handler in nodes(unit, ast.ExceptHandler)
        if (puts := list(_methods(handler, words)))
    )


def _methods(handler: ast.ExceptHandler, words: Words) -> Iterator[ast.Attribute]:
    for call in nodes(handler, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in words:
            yield call.func


def _waits(handler: ast.ExceptHandler) -> bool:
    return any(not _SLEEPS.isdisjoint(split(last_name(call.func))) for call in nodes(handler, ast.Call))


_EVERYDAY = frozenset(
    {
        "property", "cached_property", "staticmethod", "classmethod", "abstractmethod", "override", "overload",
        "setter", "getter", "deleter", "dataclass", "wraps", "contextmanager", "asynccontextmanager",
        "lru_cache", "cache",
    }
)  # fmt: skip
_RETRIES = re.compile(r"retr|on_exception|on_predicate", re.IGNORECASE)


def uses_a_retry_library(unit: Unit) -> bool:
    """A decorator that is none of Python's own, or what the functions and classes of retry libraries are called."""
    for node in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        if any(last_name(decorator) not in _EVERYDAY for decorator in node.decorator_list):
            return True
    return any(map(_names_a_retry, once(said_in, unit)))


@lru_cache(maxsize=32768)
def _names_a_retry(text: str) -> bool:
    return _RETRIES.search(text) is not None


RENAMED_RETRY = rb"(?:retr\w*|on_exception|on_predicate)\s+as\b"
SELF_SHAPES = {
    "self-call": Shape(has_self_call, glance=_may_call_itself),
    "retry-library-use": Shape(uses_a_retry_library),
}
_ONE = whole("1", "True")
AGAIN_SHAPES = {
    "count-by-one": Shape(counts_by_one, [[_ONE, WORDS, ALSO]]),
    "count-outside-loops": Shape(counts_by_one_outside_loops, [[_ONE, WORDS, ALSO]]),
    "count-passed-on": Shape(passes_a_count_on, [[WORDS, ALSO]]),
    "count-by-call": Shape(counts_by_call, [[WORDS, ALSO]]),
    "put-back-in-handler": Shape(puts_back, [[whole("except"), WORDS, ALSO]]),
}
"""Their tests are given the words of a need."""
