"""Shapes of code that the standard parser's tree tells cheaply, before libcst is asked to look closer.

A shape is a promise that nothing is lost: where it is absent, no detector that names it can match.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_Loop = (ast.For, ast.AsyncFor, ast.While)
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")


def statements_below(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement in and below a block, nested functions and classes included."""
    pending: list[ast.stmt] = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if block:
                pending.extend(block)
        for handler in getattr(node, "handlers", ()):
            pending.extend(handler.body)
        for case in getattr(node, "cases", ()):
            pending.extend(case.body)


def depth_of(node: ast.AST) -> int:
    """Return how deeply the syntax tree below `node` is nested."""
    deepest = 0
    pending = [(node, 1)]
    while pending:
        current, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend((child, depth + 1) for child in ast.iter_child_nodes(current))
    return deepest


def _has_loop(unit: Unit) -> bool:
    return any(isinstance(node, _Loop) for node in statements_below(unit.body))


def _has_counted_loop_with_try(unit: Unit) -> bool:
    """A while loop, or a for loop over a call or a literal, with a try statement inside."""
    return any(
        isinstance(node, ast.While)
        or (isinstance(node, (ast.For, ast.AsyncFor)) and isinstance(node.iter, (ast.Call, ast.Tuple, ast.List)))
        for node in statements_below(unit.body)
        if isinstance(node, _Loop) and any(isinstance(inner, ast.Try) for inner in statements_below(node.body))
    )


def _has_try(unit: Unit) -> bool:
    return any(isinstance(node, ast.Try) and bool(node.handlers) for node in statements_below(unit.body))


def _has_call_again(unit: Unit) -> bool:
    """An except handler that calls something of a name that its try body calls too."""
    for node in statements_below(unit.body):
        if isinstance(node, ast.Try) and node.handlers:
            tried = _called_names(node.body)
            if tried and any(tried & _called_names(handler.body) for handler in node.handlers):
                return True
    return False


def _called_names(block: list[ast.stmt]) -> set[str]:
    found = set()
    for statement in block:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name):
                    found.add(node.func.id)
                elif isinstance(node.func, ast.Attribute):
                    found.add(node.func.attr)
    return found


def _has_self_call(unit: Unit) -> bool:
    """A function that calls itself, by its plain name or through self or cls."""
    own = [unit, *statements_below(unit.body)]
    return any(isinstance(node, _Function) and _calls_itself(node) for node in own)


def _calls_itself(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            callee = node.func
            if isinstance(callee, ast.Name) and callee.id == function.name:
                return True
            if isinstance(callee, ast.Attribute) and callee.attr == function.name and isinstance(callee.value, ast.Name):
                return callee.value.id in ("self", "cls")
    return False


def _is_decorated(unit: Unit) -> bool:
    own = [unit, *statements_below(unit.body)]
    return any(isinstance(node, (*_Function, ast.ClassDef)) and bool(node.decorator_list) for node in own)


def _is_any(unit: Unit) -> bool:
    return True


SHAPES: dict[str, tuple[bytes, Callable[[Unit], bool]]] = {
    "any": (rb"", _is_any),
    "loop": (rb"\b(?:for|while)\b", _has_loop),
    "counted-loop-with-try": (rb"\b(?:for|while)\b", _has_counted_loop_with_try),
    "try": (rb"\bexcept\b", _has_try),
    "call-again-in-handler": (rb"\bexcept\b", _has_call_again),
    "self-call": (rb"\bdef\b", _has_self_call),
    "decorated": (rb"@", _is_decorated),
}
"""Shape name -> the bytes a file needs to hold it, and the test on one function (or the module's own statements)."""
