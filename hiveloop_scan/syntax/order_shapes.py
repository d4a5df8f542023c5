"""Shapes of loops that run workers in their order, or whatever does not wait for anything else any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, holding, whole
from hiveloop_scan.syntax.walking import nodes, texts

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_STEM = 5
_LONGEST = 30


def has_loop_over_workers(unit: Unit, words: Words, also: Words) -> bool:
    """A for loop over what is named with the words, with a call named with `also` or for what the worker does."""
    for loop in nodes(unit, ast.For, ast.AsyncFor):
        heads = list(_texts(loop.target)) + list(_texts(loop.iter))
        if any(mentions(text, words) for text in heads) and any(
            mentions(name, also) or any(name[:_STEM] in text for text in heads) for name in _called(loop)
        ):
            return True
    return False


def has_run_in_order(unit: Unit, words: Words, also: Words) -> bool:
    """A loop with a call named with `also`, in a function that speaks of the words: what waits for what, an order."""
    return any(
        any(mentions(name, also) for name in _called(loop)) for loop in nodes(unit, ast.While, ast.For, ast.AsyncFor)
    ) and any(mentions(text, words) for text in _texts(unit))


def has_loop_over_made(unit: Unit, words: Words, also: Words) -> bool:
    """A for loop over what a call named with the words answers, here or where its name is bound; with such a call."""
    looped: set[str] = set()
    made: set[str] = set()
    for node in nodes(unit, ast.For, ast.AsyncFor, ast.Assign, ast.AnnAssign):
        if isinstance(node, (ast.For, ast.AsyncFor)):
            if any(mentions(name, also) for name in _called(node)):
                if any(mentions(name, words) for name in _called(node.iter)):
                    return True
                looped.update(part.id for part in nodes(node.iter, ast.Name))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            if isinstance(value, ast.Call) and mentions(_last_name(value.func), words):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    made.update(part.id for part in nodes(target, ast.Name))
    return bool(looped & made)


def has_built_units(unit: Unit, words: Words, also: Words) -> bool:
    """A loop or comprehension that makes objects of a class named with the words."""
    return any(
        any(name[:1].isupper() and mentions(name, words) for name in _texts(call.func))
        for loop in nodes(unit, ast.For, ast.AsyncFor, ast.ListComp, ast.DictComp)
        for call in nodes(loop, ast.Call)
    )


def has_counter_test(unit: Unit, words: Words, also: Words) -> bool:
    """A branch that returns and asks whether something is below a limit, in a function that speaks of the words."""
    below = any(
        isinstance(test.ops[0], (ast.Lt, ast.LtE))
        for branch in nodes(unit, ast.If)
        if any(isinstance(part, ast.Return) for part in branch.body)
        for test in nodes(branch.test, ast.Compare)
    )
    return below and any(mentions(text, words) for text in _texts(unit))


def _last_name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else str(getattr(func, "attr", ""))


def _called(loop: ast.AST) -> Iterator[str]:
    for call in nodes(loop, ast.Call):
        if (call.args or call.keywords) and (name := _last_name(call.func)):
            yield name


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the names, attributes and short texts in a piece of code."""
    return (text for text in texts(node) if len(text) <= _LONGEST)


ORDER_SHAPES = {
    "loop-over-workers": Shape(has_loop_over_workers, [[whole("for"), WORDS]]),
    "loop-over-made": Shape(has_loop_over_made, [[whole("for"), WORDS, ALSO]]),
    "built-units": Shape(has_built_units, [[whole("for"), WORDS]]),
    "counter-test": Shape(has_counter_test, [[whole("if"), whole("return"), WORDS]], glance=holding(b"<")),
    "run-in-order": Shape(has_run_in_order, [[whole("for", "while"), WORDS, ALSO]]),
}
