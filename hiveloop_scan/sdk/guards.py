"""What keeps a call of the SDK from doing harm: a check for None, a try around it, the block of its task."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.syntax.tree import SCOPES, dotted, last_name, statements

_BROAD = ("Exception", "BaseException", "AttributeError")
_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def is_caught(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether what `node` raises is caught in its function, whatever it is."""
    for outer in _around(node, module):
        if not isinstance(outer, (cst.Try, cst.With)) or not module.is_below(node, [outer.body]):
            continue
        if isinstance(outer, cst.Try) and any(_is_broad(handler) for handler in outer.handlers):
            return True
        if isinstance(outer, cst.With) and any(last_name(item.item) == "suppress" for item in outer.items):
            return True
    return False


def _is_broad(handler: cst.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = (
        [element.value for element in handler.type.elements] if isinstance(handler.type, cst.Tuple) else [handler.type]
    )
    return any(last_name(kind) in _BROAD for kind in kinds)


def is_checked(name: str, node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether code around `node`, or a check before it that leaves, asks for what `name` holds."""
    for outer in _around(node, module):
        if isinstance(outer, (cst.If, cst.IfExp, cst.While)) and _asks(outer.test, name, module):
            return True
        if isinstance(outer, cst.BooleanOperation) and _asks(outer.left, name, module):
            return True
        if isinstance(outer, cst.Match) and _asks(outer.subject, name, module):
            return True
    function = module.function_of(node)
    body = function.body if function else module.tree
    for check in module.below(body, cst.If):
        before = module.is_before(check.test, node) and _asks(check.test, name, module)
        if before and (_leaves(check) or _sets(check, name, module)):
            return True
    return any(
        module.is_before(check, node) and _asks(check.test, name, module) for check in module.below(body, cst.Assert)
    )


def task_block_of(node: cst.CSTNode, module: ParsedModule) -> cst.With | None:
    """Return the ``with agent.task(...)`` of the same function whose body holds `node`."""
    for outer in _around(node, module):
        if isinstance(outer, cst.With) and module.is_below(node, [outer.body]):
            handles = [possible_handle(item.item, module) for item in outer.items]
            if any(handle is not None and handle.kind is Kind.TASK for handle in handles):
                return outer
    return None


def can_raise(call: SdkCall, module: ParsedModule) -> cst.CSTNode | None:
    """Return a part of the arguments that may raise before the SDK is even called; None where all is plain."""
    for arg in call.node.args:
        for part in module.all_below(arg.value, cst.Subscript):
            if not any(isinstance(element.slice, cst.Slice) for element in part.slice):
                return part
        for inner in module.all_below(arg.value, cst.Call):
            if last_name(inner.func) not in _HARMLESS:
                return inner
        for operation in module.all_below(arg.value, cst.BinaryOperation):
            if isinstance(operation.operator, (cst.Divide, cst.FloorDivide, cst.Modulo)):
                return operation
    return None


_HARMLESS = frozenset({
    "str", "repr", "len", "type", "bool", "int", "float", "round", "list", "dict", "tuple", "set", "min", "max", "sum",
    "sorted", "isinstance", "hasattr", "getattr", "enumerate", "range", "zip", "any", "all", "abs", "get", "qsize",
    "keys", "values", "items", "lower", "upper", "strip", "title", "join", "format", "replace", "isoformat", "now",
    "utcnow", "time", "monotonic", "perf_counter", "copy", "count", "total_seconds", "exception", "hex", "timestamp",
    "uuid1", "uuid4",
})  # fmt: skip
"""Calls that hardly ever raise, as far as their names tell."""


def _around(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the nodes around `node` inside of its function."""
    for outer in module.ancestors(node):
        if isinstance(outer, SCOPES):
            return
        yield outer


def _asks(test: cst.CSTNode, name: str, module: ParsedModule) -> bool:
    parts = (*module.below(test, cst.Name, cst.Attribute),)
    return any(dotted(part) == name for part in parts)


def _leaves(check: cst.If) -> bool:
    inside = statements(check.body)
    return bool(inside) and isinstance(inside[-1], _EXITS)


def _sets(check: cst.If, name: str, module: ParsedModule) -> bool:
    targets = [target.target for assign in module.below(check.body, cst.Assign) for target in assign.targets]
    return any(dotted(target) == name for target in targets)
