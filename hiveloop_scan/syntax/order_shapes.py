"""Shapes of loops that run workers in their order, or whatever does not wait for anything else any more."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.walking import walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_STEM = 5


def has_loop_over_workers(unit: Unit, words: Words, also: Words) -> bool:
    """A for loop over what is named with the words, with a call named with `also` or for what the worker does."""
    for node in walk(unit):
        if isinstance(node, (ast.For, ast.AsyncFor)):
            heads = list(_texts(node.target)) + list(_texts(node.iter))
            if any(mentions(text, words) for text in heads) and any(
                mentions(name, also) or any(name[:_STEM] in text for text in heads) for name in _called(node)
            ):
                return True
    return False


def has_run_in_order(unit: Unit, words: Words, also: Words) -> bool:
    """A loop that speaks of the words (what a step waits for, a worked-out order), with a call named with `also`."""
    return any(
        isinstance(node, (ast.While, ast.For, ast.AsyncFor))
        and any(mentions(text, words) for text in _texts(node))
        and any(mentions(name, also) for name in _called(node))
        for node in walk(unit)
    )


def _called(loop: ast.AST) -> Iterator[str]:
    for node in walk(loop):
        if isinstance(node, ast.Call) and (node.args or node.keywords):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name:
                yield name


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the names, attributes, argument names and short texts in a piece of code."""
    for part in walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) <= 30:
            yield part.value


ORDER_SHAPES: dict[str, tuple[bytes, Callable[[Unit, Words, Words], bool]]] = {
    "loop-over-workers": (rb"\bfor\b", has_loop_over_workers),
    "run-in-order": (rb"\b(?:for|while)\b", has_run_in_order),
}
