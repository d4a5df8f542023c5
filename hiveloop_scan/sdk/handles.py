"""What an expression is: a task, an agent, the client or an action of HiveLoop, by where its value comes from.

Other libraries have tasks and agents, too: an expression whose value is not traced to the SDK is none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.references import functions_run
from hiveloop_scan.sdk.guesses import guessed_kind, kind_of_result
from hiveloop_scan.sdk.handle import Handle, Source
from hiveloop_scan.sdk.holding import attribute_values, global_values, set_values, stored_values
from hiveloop_scan.sdk.shapes import kind_by_use, methods_called_on, text_of
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.sdk.signs import (
    arguments_for,
    is_entered,
    is_imported,
    kind_annotated,
    kind_of_name,
    uses_sdk,
)
from hiveloop_scan.sdk.spelled import getter_named, kind_spelled, speaks_of_sdk
from hiveloop_scan.syntax.tree import dotted, is_name, last_name

Seen = frozenset[tuple[int, str]]
_MAKERS = {
    (Kind.MODULE, "init"): Kind.CLIENT,
    (Kind.MODULE, "HiveBoard"): Kind.CLIENT,
    (Kind.CLIENT, "agent"): Kind.AGENT,
    (Kind.AGENT, "task"): Kind.TASK,
    (Kind.AGENT, "start_task"): Kind.TASK,
    (Kind.AGENT, "track_context"): Kind.ACTION,
}


def handle_of(node: cst.CSTNode, module: ParsedModule) -> Handle | None:
    """Return what `node` is, where it is an object of the SDK."""
    handle = module.once(_handle, node)
    return None if handle is None or handle.reference else handle


def possible_handle(node: cst.CSTNode, module: ParsedModule) -> Handle | None:
    """Return what `node` is, guesses included, which another file has to prove."""
    return module.once(_handle, node)


def _handle(node: cst.CSTNode, module: ParsedModule) -> Handle | None:
    return _follow(node, module, frozenset())


def _follow(node: cst.CSTNode, module: ParsedModule, seen: Seen) -> Handle | None:
    if isinstance(node, cst.Await):
        return _follow(node.expression, module, seen)
    if isinstance(node, cst.NamedExpr):
        return _follow(node.value, module, seen)
    if isinstance(node, cst.IfExp):
        return _agreed([node.body, node.orelse], node, module, seen)
    if isinstance(node, cst.BooleanOperation):
        handle = _follow(node.right, module, seen)  # `x and x.agent`; what `or` gives is one of both
        return handle if isinstance(node.operator, cst.And) else _agreed([node.left, node.right], node, module, seen)
    if isinstance(node, cst.Call):
        return _called(node, module, seen)
    if isinstance(node, cst.Subscript):
        key = (id(node), "")
        if key in seen:  # `a[x] = a[y]`
            return None
        handle = _agreed(stored_values(dotted(node.value), node, module), node, module, seen | {key})
        return replace(handle, source=Source.LOOKUP, origin=node) if handle else None
    if isinstance(node, cst.Name):
        return _named(node, module, seen)
    return _attribute(node, module, seen) if isinstance(node, cst.Attribute) else None


def _agreed(
    values: Iterable[cst.BaseExpression], place: cst.CSTNode, module: ParsedModule, seen: Seen
) -> Handle | None:
    """Return the handle that all `values` but None are; the one whose with statement is around `place` goes first."""
    found: list[Handle] = []
    empty = False
    for value in values:
        if is_name(value, "None"):
            empty = True
            continue
        handle = _bound(value, module, seen)
        if handle is None:
            return None
        found.append(handle)
    if len({handle.kind for handle in found}) != 1:
        return None
    around = [handle for handle in found if _entered_around(handle, place, module)]
    best = around[-1] if around else found[-1]
    return replace(
        best, sure=all(handle.sure for handle in found), may_be_none=best.may_be_none or (empty and not around)
    )


def _bound(value: cst.BaseExpression, module: ParsedModule, seen: Seen) -> Handle | None:
    """Return what a name that is given `value` holds: a task that a with statement enters has begun."""
    handle = _follow(value, module, seen)
    if handle and handle.kind is Kind.TASK and isinstance(module.parent(value), cst.WithItem):
        return replace(handle, source=Source.BLOCK)
    return handle


def _entered_around(handle: Handle, place: cst.CSTNode, module: ParsedModule) -> bool:
    if handle.source is not Source.BLOCK:
        return False
    block = module.enclosing(handle.origin, cst.With)
    return block is not None and module.is_below(place, [block.body])


def _called(call: cst.Call, module: ParsedModule, seen: Seen) -> Handle | None:
    func = call.func
    resolved = module.resolve(func)
    if resolved in ("hiveloop.init", "hiveloop.HiveBoard"):
        return Handle(Kind.CLIENT, Source.MADE, call)
    if is_name(func, "getattr") and len(call.args) > 1:
        name = text_of(call.args[1].value)
        handle = _attribute_named(name, call, module, seen) if name else None
        return replace(handle, source=Source.LOOKUP, may_be_none=len(call.args) > 2) if handle else None
    if isinstance(func, cst.Attribute):
        owner = _follow(func.value, module, seen)
        if owner is not None:
            return _made(owner, func.attr.value, call)
        if func.attr.value in ("get", "setdefault"):
            return _looked_up(func.value, call, module, seen)
    own = functions_run(func, module)
    if own:
        return _given(own, call, module, seen)
    if named := getter_named(resolved) if "." in resolved else None:
        return Handle(named[0], Source.GETTER, call, named[1] or uses_sdk(module), may_be_none=True)
    kind = kind_of_result(call, module) if is_imported(func, module) else None
    return Handle(kind, Source.GETTER, call, sure=False, reference=resolved, referred=kind) if kind else None


def _made(owner: Handle, method: str, call: cst.Call) -> Handle | None:
    if owner.kind is Kind.CLIENT and method == "get_agent":
        return replace(owner, kind=Kind.AGENT, source=Source.LOOKUP, origin=call, may_be_none=True)
    kind = _MAKERS.get((owner.kind, method))
    return replace(owner, kind=kind, source=Source.MADE, origin=call, may_be_none=False) if kind else None


def _looked_up(container: cst.BaseExpression, call: cst.Call, module: ParsedModule, seen: Seen) -> Handle | None:
    """Return what ``registry.get(key)`` or the ``get()`` of a context variable gives."""
    name, key = dotted(container), (id(call), "")
    stored = [] if key in seen else [*stored_values(name, call, module), *set_values(name, module)]
    handle = _agreed(stored, call, module, seen | {key})
    if handle:
        return replace(handle, source=Source.LOOKUP, origin=call, may_be_none=True)
    variables = [
        value
        for value in (*values_of(name, call, module), *values_of(name, module.tree, module))
        if last_name(value) == "ContextVar" and isinstance(value, cst.Call)
    ]
    if not variables:
        return None
    label = f"{name} {text_of(variables[0].args[0].value) if variables[0].args else ''}"
    kind = kind_spelled(label.replace(".", " ")) if speaks_of_sdk(label) or uses_sdk(module) else None
    return Handle(kind, Source.LOOKUP, call, may_be_none=True) if kind else None


def _given(functions: Sequence[cst.FunctionDef], call: cst.Call, module: ParsedModule, seen: Seen) -> Handle | None:
    """Return what the functions of this file give that a call runs: the same handle, or None, at every return."""
    function = functions[0]
    key = (id(function), "")
    if key in seen or len(functions) > 1:
        return None
    returned = [node.value for node in module.below(function.body, cst.Return) if node.value is not None]
    handle = _agreed(returned, call, module, seen | {key}) if returned else None
    if handle is None:
        return None
    made = handle.source is Source.MADE
    return replace(handle, source=Source.MADE if made else Source.GETTER, origin=call)


def _named(node: cst.Name, module: ParsedModule, seen: Seen) -> Handle | None:
    name = node.value
    function = module.function_of(node)
    while function is not None:
        key = (id(function), name)
        if key in seen:
            return None
        if values := values_of(name, function.body, module):
            return _agreed(values, node, module, seen | {key}) or _answered(node, values, function, module)
        param = next((param for param in parameters(function) if param.name.value == name), None)
        if param is not None:
            return _parameter(param, function, module, seen | {key})
        function = module.function_of(function)
    if name in module.imports:
        return _imported(node, module)
    key = (0, name)
    values = global_values(name, module)
    return _agreed(values, node, module, seen | {key}) if values and key not in seen else None


def _answered(
    node: cst.Name, values: Sequence[cst.BaseExpression], function: cst.FunctionDef, module: ParsedModule
) -> Handle | None:
    """Return what a name holds that is given the answer of somebody unknown, by the calls made on it."""
    if not all(isinstance(value, (cst.Call, cst.Await)) and not is_entered(value, module) for value in values):
        return None
    kind = kind_by_use(node.value, function, module)
    return Handle(kind, Source.USE, values[-1], sure=False) if kind else None


def _imported(node: cst.Name, module: ParsedModule) -> Handle | None:
    origin = module.imports[node.value]
    if origin == "hiveloop":
        return Handle(Kind.MODULE, Source.NAME, node)
    if origin.startswith("hiveloop."):
        return None
    if speaks_of_sdk(node.value) and (kind := kind_of_name(node.value, module)):
        return Handle(kind, Source.NAME, node)
    if kind := kind_by_use(node.value, module.tree, module):
        return Handle(kind, Source.USE, node, uses_sdk(module))
    kind = guessed_kind(methods_called_on(node.value, module))
    return (
        Handle(kind, Source.NAME, node, sure=False, reference=origin, referred=kind) if kind and "." in origin else None
    )


def _parameter(param: cst.Param, function: cst.FunctionDef, module: ParsedModule, seen: Seen) -> Handle | None:
    name = param.name.value
    if param.annotation and (kind := kind_annotated(param.annotation.annotation, module)):
        optional = any(word in module.text(param.annotation.annotation) for word in ("None", "Optional"))
        return Handle(kind, Source.PARAMETER, param, may_be_none=optional)
    given = list(arguments_for(param, function, module))
    if given and (handle := _agreed(given, function, module, seen)):
        return replace(handle, source=Source.PARAMETER, origin=param)
    empty = param.default is not None and is_name(param.default, "None")
    if speaks_of_sdk(name) and (kind := kind_of_name(name, module)):
        return Handle(kind, Source.PARAMETER, param, may_be_none=empty)
    kind = kind_by_use(name, function, module)
    return Handle(kind, Source.USE, param, sure=False, may_be_none=empty) if kind else None


def _attribute(node: cst.Attribute, module: ParsedModule, seen: Seen) -> Handle | None:
    name = dotted(node)
    if not name or module.resolve(node).startswith("hiveloop."):
        return None
    if local := values_of(name, node, module):
        key = (id(module.function_of(node)), name)
        if key not in seen and (handle := _agreed(local, node, module, seen | {key})):
            return handle
    return _attribute_named(node.attr.value, node, module, seen)


def _attribute_named(name: str, node: cst.CSTNode, module: ParsedModule, seen: Seen) -> Handle | None:
    key = (1, name)
    if key not in seen:
        values = attribute_values(name, node, module)
        if values and (handle := _agreed(values, node, module, seen | {key})):
            return handle
    full = dotted(node) if isinstance(node, cst.Attribute) else name
    if speaks_of_sdk(name) and (kind := kind_of_name(full, module)):
        return Handle(kind, Source.NAME, node, may_be_none=True)
    around = module.enclosing(node, cst.ClassDef) or module.tree
    if kind := kind_by_use(full, around, module):
        return Handle(kind, Source.USE, node, uses_sdk(module))
    kind = guessed_kind(methods_called_on(full, module)) if is_imported(node, module) else None
    return Handle(kind, Source.NAME, node, sure=False, reference=module.resolve(node), referred=kind) if kind else None
