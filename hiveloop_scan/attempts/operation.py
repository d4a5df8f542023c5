"""Which call an attempt is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.calls import is_constructor, is_wrapper_call, work_calls
from hiveloop_scan.attempts.names import assigned_names
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_LONGEST_NAME = 60
_PREPARING = {
    "get",
    "parse",
    "prepare",
    "build",
    "format",
    "extract",
    "read",
    "make",
    "validate",
    "check",
    "load",
    "print",
}


def operation_of(block: Sequence[cst.CSTNode], module: ParsedModule) -> cst.Call | None:
    """Return the call that `block` is there for: what it returns, awaits or keeps; else the first that works."""
    made = assigned_names(block, module) - _clients_made(block, module)
    calls = work_calls(block, module)
    candidates = [call for call in calls if dotted(call.func).partition(".")[0] not in made] or calls
    inner = [call for call in candidates if not is_wrapper_call(call)]
    plain = [call for call in inner or candidates if not is_constructor(call)]
    work = [call for call in plain if not _prepares(call)]
    chosen = work or plain or inner or candidates
    if not chosen:
        return None
    awaited = {id(_called(node.expression)) for node in module.below(block, cst.Await)}
    returned = {id(_called(node.value)) for node in module.below(block, cst.Return)}
    for preferred in (awaited & returned, awaited, returned):
        if found := next((call for call in chosen if id(call) in preferred), None):
            return found
    return chosen[0]


def _clients_made(block: Sequence[cst.CSTNode], module: ParsedModule) -> set[str]:
    """Return the names that are given an object which is made on the spot: what that is asked is the work."""
    return {
        dotted(node.targets[0].target)
        for node in module.below(block, cst.Assign)
        if isinstance(node.value, cst.Call) and is_constructor(node.value)
    }


def _prepares(call: cst.Call) -> bool:
    """Say whether a call only gets something ready, by its name: ``os.getenv(key)``, ``parse_reply(text)``."""
    found = words(last_name(call.func))
    return found == ("getenv",) or (len(found) > 1 and found[0] in _PREPARING)


def _called(node: cst.BaseExpression | None) -> cst.CSTNode | None:
    while isinstance(node, cst.Await):
        node = node.expression
    if isinstance(node, cst.Call) and is_wrapper_call(node) and node.args and isinstance(node.args[0].value, cst.Call):
        return node.args[0].value
    return node


@dataclass(frozen=True)
class Invocation:
    """What a call really runs: its name and arguments, taken out of ``to_thread(f, x)`` and the like."""

    name: str
    args: tuple[cst.Arg, ...]


def invocation_of(call: cst.Call) -> Invocation:
    """Look through the wrappers around a call."""
    if is_wrapper_call(call):
        for index, arg in enumerate(call.args):
            value = arg.value
            if isinstance(value, cst.Call):
                return invocation_of(value)
            if isinstance(value, (cst.Name, cst.Attribute)) and dotted(value) not in ("None", "self"):
                return Invocation(dotted(value), tuple(call.args[index + 1 :]))
    return Invocation(dotted(call.func), tuple(call.args))


def operation_name(call: cst.Call | None) -> str | None:
    """Return the name by which a report speaks of an operation: ``self.client.post``."""
    if call is None:
        return None
    name = invocation_of(call).name or code(call.func)
    return name if len(name) <= _LONGEST_NAME else last_name(call.func)
