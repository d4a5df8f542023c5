"""What one round of a loop leaves for the next: a result that goes into the call of the following round."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.walks import Walk, body_of
from hiveloop_scan.syntax.tree import code, dotted

_PUTS = {"append", "extend", "update", "add", "insert"}


def is_carried_on(call: cst.Call, walk: Walk, module: ParsedModule) -> bool:
    """Say whether what `call` gives reaches its own arguments, in the next round: ``text = agent.run(text)``."""
    given = {place for arg in call.args for place in _places_in(arg.value, module)}
    given -= walk.names | {walk.index or "", "self", "cls"}
    return bool(given) and not given.isdisjoint(places_made_from(call, walk, module))


def places_made_from(call: cst.Call, walk: Walk, module: ParsedModule) -> set[str]:
    """Return the names and attributes that a round fills with what `call` gives, some statements far."""
    body = body_of(walk.loop, module)
    assigned = module.below(body, cst.Assign, cst.AnnAssign, cst.AugAssign)
    put = [
        (dotted(node.func).rpartition(".")[0], [arg.value for arg in node.args])
        for node in module.below(body, cst.Call)
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _PUTS
    ]
    loops = module.below(body, cst.For)
    found: set[str] = set()
    for _ in range(3):
        for node in assigned:
            if node.value is not None and _comes_from(node.value, call, found, module):
                targets = [item.target for item in node.targets] if isinstance(node, cst.Assign) else [node.target]
                for target in targets:
                    found |= _places_set(target)
        for owner, values in put:
            if owner and any(_comes_from(value, call, found, module) for value in values):
                found.add(owner)
        for loop in loops:
            if _comes_from(loop.iter, call, found, module):
                found |= _places_set(loop.target)
    return found


def _comes_from(value: cst.BaseExpression, call: cst.Call, places: set[str], module: ParsedModule) -> bool:
    return module.is_below(call, [value]) or not places.isdisjoint(_places_in(value, module))


def _places_in(value: cst.BaseExpression, module: ParsedModule) -> set[str]:
    """Return the plain names and dotted attributes that an expression reads."""
    named = {name.value for name in module.all_below(value, cst.Name)} - {"self", "cls"}
    return named | {dotted(node) for node in module.all_below(value, cst.Attribute) if dotted(node)}


def _places_set(target: cst.BaseExpression) -> set[str]:
    if isinstance(target, (cst.Tuple, cst.List)):
        return {place for element in target.elements for place in _places_set(element.value)}
    if isinstance(target, cst.Subscript):
        target = target.value
    return {dotted(target) or code(target)}
