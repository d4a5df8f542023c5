"""Walks: loops that take the steps of a collection one after the other, and where each keeps its position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

Loop = cst.For | cst.While | cst.CompFor
_Comprehension = (cst.ListComp, cst.GeneratorExp, cst.SetComp)

_LOOKED_THROUGH = {"list", "tuple", "sorted", "reversed", "iter", "tqdm", "track", "aiter", "values", "items", "keys"}
_TAKES = {"pop", "popleft"}
_POINTS = ("current", "next", "pending", "remaining", "upcoming", "first", "ready")
"""Words for the step whose turn it is: ``planner.current_task``, ``queue.get_next_step()``."""


@dataclass(frozen=True)
class Walk:
    """A loop over ordered items: the collection, the names bound to the item, and the position, if it has a name."""

    loop: Loop
    items: cst.BaseExpression
    names: frozenset[str]
    step: str | None
    index: str | None
    index_base: int | None


def walk_of(loop: cst.For | cst.CompFor, module: ParsedModule) -> Walk | None:
    """Describe a for loop as a walk over a collection; None for one that only counts."""
    items: cst.BaseExpression = loop.iter
    target: cst.BaseExpression = loop.target
    index, base = None, None
    if isinstance(items, cst.Call) and last_name(items.func) == "enumerate" and items.args:
        base = _start_of(items)
        items = items.args[0].value
        if isinstance(target, cst.Tuple) and len(target.elements) == 2:
            index, target = code(target.elements[0].value), target.elements[1].value
    if isinstance(items, cst.Call) and last_name(items.func) == "zip" and items.args:
        items = items.args[0].value
        if isinstance(target, cst.Tuple):
            target = target.elements[0].value
    if isinstance(items, cst.Call) and last_name(items.func) in ("range", "trange"):
        return _by_position(loop, items, code(target), module)
    names = frozenset(module.names_in(target)) - {"_"}
    step = code(target) if isinstance(target, cst.Name) else None
    return Walk(loop, collection(items), names, step, index, base if index else None) if names else None


def taking_walks(loop: cst.While, module: ParsedModule) -> Iterator[Walk]:
    """Describe a while loop as walks that take the next item in each round: ``step = plan.next_step()``."""
    for target, value in _bound_in(loop, module):
        if taken := taken_from(value):
            yield Walk(loop, taken[0], frozenset({target}), target, taken[1], 0 if taken[1] else None)


def taken_from(value: cst.BaseExpression) -> tuple[cst.BaseExpression, str | None] | None:
    """Return what a value is taken out of by its position, and the position: ``steps`` and ``i`` for ``steps[i]``."""
    taken = value.expression if isinstance(value, cst.Await) else value
    while isinstance(taken, (cst.Attribute, cst.Subscript)) and isinstance(taken.value, cst.Subscript):
        if _is_key(taken.value) and not (isinstance(taken, cst.Subscript) and not _is_key(taken)):
            break
        if isinstance(taken, cst.Subscript) and not _is_key(taken):
            break
        taken = taken.value
    if isinstance(taken, cst.Subscript):
        return None if _is_key(taken) else (taken.value, code(taken.slice[0].slice))
    if isinstance(taken, cst.Call) and isinstance(taken.func, cst.Attribute) and last_name(taken.func) in _TAKES:
        return taken.func.value, None
    if "." in dotted(taken) and mentions(last_name(taken), _POINTS):
        return taken, None
    return None


def collection(items: cst.BaseExpression) -> cst.BaseExpression:
    """Return what is iterated over, without slices and calls that only wrap it: ``steps`` of ``list(steps[1:])``."""
    while True:
        if isinstance(items, cst.Call) and last_name(items.func) in _LOOKED_THROUGH:
            if isinstance(items.func, cst.Attribute):
                items = items.func.value
            elif items.args:
                items = items.args[0].value
            else:
                return items
        elif isinstance(items, cst.Subscript) and isinstance(items.slice[0].slice, cst.Slice):
            items = items.value
        elif isinstance(items, cst.BooleanOperation):
            items = items.left
        elif isinstance(items, cst.Await):
            items = items.expression
        else:
            return items


def body_of(loop: Loop, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return what runs for each step: the body of a loop, or the element of a comprehension."""
    if not isinstance(loop, cst.CompFor):
        return statements(loop.body)
    around = module.parent(loop)
    return (around.elt,) if isinstance(around, _Comprehension) else ()


def names_made_from(names: frozenset[str], body: Sequence[cst.CSTNode], module: ParsedModule) -> frozenset[str]:
    """Return `names` and those that the body binds to something made from them, two assignments far."""
    found = set(names)
    for _ in range(2):
        for assign in module.below(body, cst.Assign, cst.AnnAssign, cst.NamedExpr):
            if assign.value is None or not found & module.names_in(assign.value):
                continue
            targets = [item.target for item in assign.targets] if isinstance(assign, cst.Assign) else [assign.target]
            for target in targets:
                if isinstance(target, cst.Name):
                    found.add(target.value)
                elif isinstance(target, cst.Tuple):
                    found |= module.names_in(target)
        for each in module.below(body, cst.CompFor):
            if found & module.names_in(each.iter):
                found |= module.names_in(each.target)
    return frozenset(found)


def _by_position(loop: cst.For | cst.CompFor, count: cst.Call, index: str, module: ParsedModule) -> Walk | None:
    """Describe ``for i in range(len(steps))``: the step is what the body reads at the position."""
    bound = count.args[-1].value if len(count.args) == 1 else count.args[1].value if len(count.args) > 1 else None
    if isinstance(bound, cst.Name):
        bound = next(iter(values_of(bound.value, loop, module)), None)
    if not (isinstance(bound, cst.Call) and last_name(bound.func) == "len" and bound.args):
        return None
    items = bound.args[0].value
    step = f"{code(items)}[{index}]"
    body = body_of(loop, module)
    read = [node for node in module.below(body, cst.Subscript) if code(node) == step]
    if not read:
        return None
    bound_to = {
        dotted(target.target)
        for assign in module.below(body, cst.Assign)
        if code(assign.value) == step
        for target in assign.targets
    }
    named = next(iter(sorted(bound_to - {""})), step)
    return Walk(loop, items, frozenset({*bound_to, index}) - {""}, named, index, 0)


def _start_of(call: cst.Call) -> int | None:
    """Return what ``enumerate`` begins with; None when it is worked out."""
    start = next((arg.value for arg in call.args if arg.keyword and arg.keyword.value == "start"), None)
    if start is None and len(call.args) > 1 and call.args[1].keyword is None:
        start = call.args[1].value
    if start is None:
        return 0
    return int(start.value) if isinstance(start, cst.Integer) and start.value.isdigit() else None


def _bound_in(loop: cst.While, module: ParsedModule) -> list[tuple[str, cst.BaseExpression]]:
    """Return the plain names that a round binds, in source order, those of the loop's test first."""
    named = [(code(node.target), node.value) for node in module.below(loop.test, cst.NamedExpr)]
    assigned: list[tuple[str, cst.BaseExpression]] = []
    for assign in module.below(statements(loop.body), cst.Assign, cst.AnnAssign):
        target = assign.target if isinstance(assign, cst.AnnAssign) else assign.targets[0].target
        if assign.value is not None and isinstance(target, cst.Name):
            assigned.append((target.value, assign.value))
    return named + assigned


def _is_key(taken: cst.Subscript) -> bool:
    """Say whether a subscript asks for a text key, a slice or the last item, and not for a position."""
    key = taken.slice[0].slice
    if isinstance(key, cst.Slice):
        return True
    value = key.value if isinstance(key, cst.Index) else key
    return isinstance(value, (cst.SimpleString, cst.FormattedString, cst.UnaryOperation))
