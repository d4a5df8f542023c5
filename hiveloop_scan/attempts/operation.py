"""Which call an attempt is about."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.attempts.calls import is_constructor, is_wrapper_call, work_calls
from hiveloop_scan.syntax.tree import code, dotted, last_name, walk_scope

_LONGEST_NAME = 60


def operation_of(block: Sequence[cst.CSTNode]) -> cst.Call | None:
    """Return the call that the statements of `block` are there for: what they return, await or keep; else the first that works."""
    candidates = list(work_calls(*block))
    inner = [call for call in candidates if not is_wrapper_call(call)]
    plain = [call for call in inner or candidates if not is_constructor(call)]
    chosen = plain or inner or candidates
    if not chosen:
        return None
    awaited = {id(_called(node.expression)) for node in walk_scope(*block) if isinstance(node, cst.Await)}
    returned = {id(_called(node.value)) for node in walk_scope(*block) if isinstance(node, cst.Return)}
    for preferred in (awaited & returned, awaited, returned):
        if found := next((call for call in chosen if id(call) in preferred), None):
            return found
    return chosen[0]


def _called(node: cst.BaseExpression | None) -> cst.CSTNode | None:
    while isinstance(node, cst.Await):
        node = node.expression
    if isinstance(node, cst.Call) and is_wrapper_call(node) and node.args and isinstance(node.args[0].value, cst.Call):
        return node.args[0].value
    return node


def operation_name(call: cst.Call | None) -> str | None:
    """Return the name by which a report speaks of an operation: ``self.client.post``."""
    if call is None:
        return None
    name = dotted(call.func)
    if is_wrapper_call(call) and call.args:
        name = dotted(call.args[0].value) or name
    if not name:
        name = code(call.func)
    return name if len(name) <= _LONGEST_NAME else last_name(call.func)
