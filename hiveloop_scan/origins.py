"""Where a value comes from: the assignments, loops and parameters of one function, followed back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import SCOPES, dotted

_MOST_STEPS = 6
"""Assignments followed back; people rename a value two or three times."""


def values_of(name: str, place: cst.CSTNode, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what is bound to the dotted `name` in the function around `place`, wherever in it, in source order.

    Loops and comprehensions bind a name to what they iterate over, with statements to what they enter. Parts of a
    tuple count as the whole: ``a, b = f()`` binds both to ``f()``.
    """
    return module.once(_values_by_name, module.function_of(place) or module.tree).get(name, [])


def _values_by_name(root: cst.CSTNode, module: ParsedModule) -> dict[str, list[cst.BaseExpression]]:
    """Return what each dotted name of a function, or of the module, is bound to."""
    found: dict[str, list[cst.BaseExpression]] = defaultdict(list)
    for target, value in _bindings(root, module):
        for name in dict.fromkeys(_names_bound(target)):
            found[name].append(value)
    return dict(found)


def bindings(place: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    """Yield every target of the function around `place` (or of the module) with the value that it is bound to."""
    return _bindings(module.function_of(place) or module.tree, module)


def _bindings(root: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    body = root.body if isinstance(root, cst.FunctionDef) else root
    for assign in module.below(body, cst.Assign):
        for target in assign.targets:
            yield target.target, assign.value
    for annotated in module.below(body, cst.AnnAssign):
        if annotated.value is not None:
            yield annotated.target, annotated.value
    for walrus in module.below(body, cst.NamedExpr):
        yield walrus.target, walrus.value
    for loop in module.below(body, cst.For, cst.CompFor):
        yield loop.target, loop.iter
    for item in module.below(body, cst.WithItem):
        if item.asname is not None:
            yield item.asname.name, item.item


def derives_from(
    value: cst.CSTNode, module: ParsedModule, is_source: Callable[[cst.CSTNode], bool], steps: int = _MOST_STEPS
) -> bool:
    """Say whether a part of `value` is a source, or a name that was bound, some assignments back, to one that has it.

    Names are followed inside the function around `value`; parameters and what attributes hold end the search.
    """
    seen: set[str] = set()
    pending: list[tuple[cst.CSTNode, int]] = [(value, steps)]
    while pending:
        node, left = pending.pop()
        names = module.below(node, cst.Name)
        others = module.below(node, cst.Attribute, cst.Call, cst.Subscript)
        if any(map(is_source, (node, *names, *others))):
            return True
        if left == 0:
            continue
        read = {name.value for name in names} | {dotted(part) for part in others if type(part) is cst.Attribute}
        for name in sorted(read - {"self", "cls", ""} - seen):
            seen.add(name)
            pending += [(bound, left - 1) for bound in values_of(name, value, module)]
    return False


def parameters(function: cst.FunctionDef) -> list[cst.Param]:
    """Return all parameters of a function but self and cls."""
    params = function.params
    listed = [*params.posonly_params, *params.params, *params.kwonly_params]
    return [param for param in listed if param.name.value not in ("self", "cls")]


def _names_bound(target: cst.CSTNode) -> Iterator[str]:
    kind = type(target)
    if kind is cst.Name or kind is cst.Attribute:
        yield dotted(target)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names_bound(element.value)
    elif not isinstance(target, (cst.Subscript, *SCOPES)):
        yield dotted(target)
