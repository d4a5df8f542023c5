"""Shapes of code that the standard parser's tree tells cheaply, before libcst is asked to look closer.

A shape is a promise that nothing is lost: where it is absent, no detector that names it can match.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.condition_shapes import has_count_in_handler
from hiveloop_scan.syntax.handing_shapes import (
    TOOL_RUN_SIGNS,
    has_agent_switch,
    has_answers_with_labels,
    runs_own_tool,
)
from hiveloop_scan.syntax.lookup_shapes import LOOKUP_SHAPES
from hiveloop_scan.syntax.model_shapes import MODEL_SHAPES
from hiveloop_scan.syntax.queue_shapes import QUEUE_SHAPES
from hiveloop_scan.syntax.sdk_shapes import SDK_USE
from hiveloop_scan.syntax.signs import Shape, holding, like, whole
from hiveloop_scan.syntax.tool_shapes import TOOL_SHAPES
from hiveloop_scan.syntax.waiting_shapes import WAITING_SHAPES
from hiveloop_scan.syntax.walking import nodes, walk
from hiveloop_scan.syntax.worded_shapes import WORDED_SHAPES

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_TRY = (ast.Try, ast.TryStar)
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")


def statements_below(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement in and below a block, nested functions and classes included."""
    pending: list[ast.stmt] = list(block)
    while pending:
        node = pending.pop()
        yield node
        for name in _BLOCKS:
            below = getattr(node, name, None)
            if below:
                pending.extend(below)
        for handler in getattr(node, "handlers", ()):
            pending.extend(handler.body)
        for case in getattr(node, "cases", ()):
            pending.extend(case.body)


def _has_loop(unit: Unit) -> bool:
    return bool(nodes(unit, ast.For, ast.AsyncFor, ast.While))


def _has_counted_loop_with_try(unit: Unit) -> bool:
    """A while loop, or a for loop over a count or a literal, with a try or with statement inside."""
    return any(
        bool(nodes(node, *_TRY, ast.With))
        for node in nodes(unit, ast.While, ast.For, ast.AsyncFor)
        if isinstance(node, ast.While) or _counts(node.iter)
    )


def _has_counted_loop(unit: Unit) -> bool:
    """A for loop over a count or a literal."""
    return any(_counts(node.iter) for node in nodes(unit, ast.For, ast.AsyncFor))


def _has_while_loop(unit: Unit) -> bool:
    return bool(nodes(unit, ast.While))


def _counts(iterable: ast.expr) -> bool:
    if isinstance(iterable, ast.Call):
        return _called_name(iterable) in ("range", "trange", "count", "enumerate")
    return isinstance(iterable, (ast.Tuple, ast.List))


def _has_loop_with_context(unit: Unit) -> bool:
    """A for loop that enters each of its items: ``for attempt in ...: with attempt:``."""
    for node in nodes(unit, ast.For, ast.AsyncFor):
        if isinstance(node.target, ast.Name):
            for inner in nodes(node, ast.With, ast.AsyncWith):
                if any(
                    isinstance(item.context_expr, ast.Name) and item.context_expr.id == node.target.id
                    for item in inner.items
                ):
                    return True
    return False


def _has_count_by_one(unit: Unit) -> bool:
    """One added to something or taken from it."""
    for node in nodes(unit, ast.BinOp, ast.AugAssign):
        number = node.right if isinstance(node, ast.BinOp) else node.value
        if isinstance(number, ast.Constant) and number.value == 1:
            return True
    return False


def _has_put_back(unit: Unit) -> bool:
    """A handler that puts something into what the function takes from."""
    taken: set[str] = set()
    put: set[str] = set()
    for statement in statements_below(unit.body):
        if isinstance(statement, ast.Assign):
            taken.update(_owner_names([statement]))
        if isinstance(statement, _TRY):
            for handler in statement.handlers:
                put.update(_owner_names(handler.body))
    return bool(taken & put)


def _owner_names(block: list[ast.stmt]) -> Iterator[str]:
    for statement in block:
        for node in walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield (
                    owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
                )


def _has_try(unit: Unit) -> bool:
    return any(bool(node.handlers) for node in nodes(unit, ast.Try, ast.TryStar))


def _called_name(call: ast.Call) -> str:
    return _last_name(call.func)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _may_call_itself(unit: ast.AST, text: bytes) -> bool:
    """Say whether the name of the function stands in it once more, or there are others in it."""
    name = getattr(unit, "name", "").lower().encode()
    return text.count(name) > 1 or text.count(b"def") > 1


def _has_self_call(unit: Unit) -> bool:
    """A function that calls itself, by its plain name or through self or cls."""
    return any(_calls_itself(node) for node in nodes(unit, *_Function))


def _calls_itself(function: ast.AST) -> bool:
    name = getattr(function, "name", "")
    for call in nodes(function, ast.Call):
        callee = call.func
        if isinstance(callee, ast.Name) and callee.id == name:
            return True
        if isinstance(callee, ast.Attribute) and callee.attr == name and isinstance(callee.value, ast.Name):
            return callee.value.id in ("self", "cls")
    return False


def _has_retry_method_call(unit: Unit) -> bool:
    """``self.retry(...)``, as tasks of a worker call it."""
    return any(isinstance(node.func, ast.Attribute) and node.func.attr == "retry" for node in nodes(unit, ast.Call))


def _is_decorated(unit: Unit) -> bool:
    own = [unit, *statements_below(unit.body)]
    return any(isinstance(node, (*_Function, ast.ClassDef)) and bool(node.decorator_list) for node in own)


def _is_any(unit: Unit) -> bool:
    return True


_LOOPS, _FOR = whole("for", "while"), whole("for")
SHAPES: dict[str, Shape] = {
    "any": Shape(_is_any),
    "sdk-use": SDK_USE,
    "loop": Shape(_has_loop, [[_LOOPS]]),
    "while-loop": Shape(_has_while_loop, [[whole("while")]]),
    "counted-loop": Shape(_has_counted_loop, [[_FOR]]),
    "counted-loop-with-try": Shape(_has_counted_loop_with_try, [[_LOOPS, whole("try", "with")]]),
    "loop-with-context": Shape(_has_loop_with_context, [[_FOR, whole("with")]]),
    "try": Shape(_has_try, [[whole("except")]]),
    "count-by-one": Shape(_has_count_by_one, [[whole("1", "True")]]),
    "put-back-in-handler": Shape(_has_put_back, [[whole("except")]]),
    "self-call": Shape(_has_self_call, glance=_may_call_itself),
    "retry-method-call": Shape(_has_retry_method_call, [[whole("retry")]]),
    "decorated": Shape(_is_decorated, glance=holding(b"@")),
    "agent-switch": Shape(has_agent_switch, [[like("agent|assistant|target|switch_to")]]),
    "own-tool-run": Shape(runs_own_tool, TOOL_RUN_SIGNS),
    "answers-with-labels": Shape(has_answers_with_labels, [[whole("return")]]),
    **QUEUE_SHAPES,
    "count-in-handler": Shape(has_count_in_handler, [[whole("except")]], glance=holding(rb"\+=")),
    **WORDED_SHAPES,
    **MODEL_SHAPES,
    **WAITING_SHAPES,
    **TOOL_SHAPES,
    **LOOKUP_SHAPES,
}
"""What the needs of rules name; those of `WORDED_SHAPES` ask for the words of a need themselves."""
"""Shape name -> the bytes a file needs to hold it, and the test on one function (or the module's own statements)."""
