"""Lists that are emptied in one go, by those who work on what was in them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, last_name, statements

_EMPTY = ("[]", "list()", "deque()", "collections.deque()")

Emptied = tuple[cst.BaseExpression, cst.BaseExpression]


def emptied(module: ParsedModule) -> Iterator[Emptied]:
    """Yield where an attribute that is a list is taken as a whole and emptied: what is taken, and the attribute."""
    for assign in module.nodes(cst.Assign):
        target, value = assign.targets[0].target, assign.value
        if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
            yield from _swapped(target, value)
        elif isinstance(target, cst.Name):
            place = _whole_of(value)
            if place is not None and _is_emptied_after(assign, place, module):
                yield value, place


def _swapped(target: cst.Tuple, value: cst.Tuple) -> Iterator[Emptied]:
    """``batch, self._inbox = self._inbox, []``."""
    if len(target.elements) != len(value.elements):
        return
    reset = {
        code(name.value)
        for name, given in zip(target.elements, value.elements, strict=True)
        if code(given.value) in _EMPTY
    }
    for element in value.elements:
        if isinstance(element.value, cst.Attribute) and code(element.value) in reset:
            yield element.value, element.value


def _whole_of(value: cst.BaseExpression) -> cst.Attribute | None:
    """Return the attribute that a value is, or is a copy of: ``self._inbox``, ``list(self._inbox)``."""
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Name) and value.func.value in ("list", "tuple", "sorted") and value.args:
            return _whole_of(value.args[0].value)
        if isinstance(value.func, cst.Attribute) and value.func.attr.value == "copy" and not value.args:
            return _whole_of(value.func.value)
        return None
    if isinstance(value, cst.Subscript):
        return _whole_of(value.value) if code(value).endswith("[:]") else None
    return value if isinstance(value, cst.Attribute) else None


def _is_emptied_after(assign: cst.Assign, place: cst.Attribute, module: ParsedModule) -> bool:
    function = module.function_of(assign)
    if function is None:
        return False
    name = code(place)
    body = statements(function.body)
    return any(
        last_name(other.targets[0].target) == last_name(place)
        and module.is_before(assign, other)
        and code(other.targets[0].target) == name
        and code(other.value) in _EMPTY
        for other in module.below(body, cst.Assign)
    ) or any(
        last_name(call.func) == "clear" and module.is_before(assign, call) and code(call.func) == f"{name}.clear"
        for call in module.below(body, cst.Call)
    )
