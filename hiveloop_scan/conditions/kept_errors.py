"""Errors that are kept for longer than the call, until the same work has succeeded again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.conditions.counters import is_nought, leaf_of, leaf_of_owner
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, statements

_NOTHING = ("None", '""', "''", "False")
Clearing = cst.Assign | cst.Expr | cst.Del


@dataclass(frozen=True)
class KeptError:
    """A handler that keeps its error in a place, and the statement that empties the place after a success."""

    handler: cst.ExceptHandler
    place: cst.BaseExpression
    cleared: Clearing


def kept_errors(handler: cst.ExceptHandler, module: ParsedModule, options: Options) -> Iterator[KeptError]:
    """Yield what a handler keeps of its error, where a success of the same function takes it away again."""
    function, tried = module.function_of(handler), module.parent(handler)
    if function is None or not isinstance(tried, cst.Try) or handler.name is None:
        return
    caught = module.names_in(handler.name.name)
    for assign in module.below(statements(handler.body), cst.Assign):
        place = assign.targets[0].target
        if not caught & module.names_in(assign.value) or not mentions(leaf_of(place), options["kept_error_words"]):
            continue
        if not _is_own(place, module):
            continue
        cleared = next((node for node in _clearings(function, module) if _empties(node, place)), None)
        if cleared is not None and _is_after_a_success(cleared, tried, module):
            yield KeptError(handler, place, cleared)


def _is_own(place: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a place belongs to the object or module itself, not to an item that is worked on."""
    owner, _, rest = dotted(place).partition(".")
    return outlives_the_call(place, module) and ((owner in ("self", "cls") and rest.count(".") == 0) or not rest)


def _clearings(function: cst.FunctionDef, module: ParsedModule) -> Iterator[Clearing]:
    for assign in module.below(function.body, cst.Assign):
        if code(assign.value) in _NOTHING or is_nought(assign.value):
            yield assign
    for expression in module.below(function.body, cst.Expr):
        if leaf_of_owner(expression, ("clear", "pop", "discard", "remove")):
            yield expression
    yield from module.below(function.body, cst.Del)


def _empties(node: Clearing, place: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Expr):
        return leaf_of_owner(node, ("clear", "pop", "discard", "remove")) == leaf_of(place)
    target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    return leaf_of(target) == leaf_of(place)


def _is_after_a_success(cleared: cst.CSTNode, tried: cst.Try, module: ParsedModule) -> bool:
    """Say whether a statement runs only when the work of a try statement has been done: after it, or at its end."""
    if module.enclosing(cleared, cst.ExceptHandler, cst.FunctionDef) in tried.handlers:
        return False
    if tried.orelse is not None and module.is_below(cleared, [tried.orelse]):
        return True
    body = statements(tried.body)
    if module.is_below(cleared, body):
        return any(
            module.is_before(call, cleared) and not module.is_below(call, [cleared])
            for call in module.below(body, cst.Call)
        )
    return module.is_before(tried, cleared)
