"""What callers may want to know of a function, read off the standard parser's tree before anything is cut away."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from hiveloop_scan.syntax.reply_parts import HINTS, PARTS, replies_in_parts
from hiveloop_scan.syntax.spots import Spots, spots

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TELLING: Spots = {
    b"sleep": re.compile(rb"\bsleep\b"),
    b"yield": re.compile(rb"\byield\b"),
    b"->": re.compile(rb"->\s*bool\b"),
    b".stat": re.compile(rb"\.(?:status|state)\s*=[^=]"),
}
_STATES = ("status", "state")
_ANSWERS = (ast.Compare, ast.BoolOp, ast.Constant, ast.Call, ast.UnaryOp)


def function_facts(source: bytes, tree: ast.Module) -> dict[str, frozenset[str]]:
    """Map the path of each function (``Agent.fetch``) to its facts; functions without any are left out.

    The facts are ``sleeps``, ``is-a-generator``, ``answers-yes-or-no``, ``sets-a-status`` and ``replies-in-parts``.
    """
    telling = spots(source, _TELLING)
    parts = spots(source, PARTS)
    if not telling and not parts:
        return {}
    lines = source.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    found = {}
    for symbol, function in _functions(tree.body, ""):
        start, end = starts[function.lineno - 1], starts[function.end_lineno or function.lineno]
        facts = set(_facts(function)) if _is_between(start, end, telling) else set()
        if _is_between(start, end, parts) and HINTS.search(source, start, end):
            facts |= {"replies-in-parts"} if replies_in_parts(function, _own_nodes(function)) else set()
        if facts:
            found[symbol] = frozenset(facts)
    return found


def _is_between(start: int, end: int, places: Sequence[int]) -> bool:
    """Say whether one of the `places`, which are in order, lies between `start` and `end`."""
    place = bisect_left(places, start)
    return place < len(places) and places[place] < end


def _functions(block: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    for statement in block:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions(statement.body, f"{prefix}{statement.name}.")


def _facts(function: Function) -> Iterator[str]:
    changes = False
    answers: list[ast.expr | None] = []
    for node in _own_nodes(function):
        if isinstance(node, ast.Call):
            if getattr(node.func, "attr", getattr(node.func, "id", "")) == "sleep":
                yield "sleeps"
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            yield "is-a-generator"
        elif isinstance(node, ast.Return):
            answers.append(node.value)
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            attributes = [item for item in _targets(node) if isinstance(item, ast.Attribute)]
            changes = changes or bool(attributes)
            if any(item.attr in _STATES for item in attributes):
                yield "sets-a-status"
    says_bool = isinstance(function.returns, ast.Name) and function.returns.id == "bool"
    if says_bool and answers and not changes and all(isinstance(answer, _ANSWERS) for answer in answers):
        yield "answers-yes-or-no"


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield what runs with the function; what nested functions, classes and lambdas hold is left out."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))
