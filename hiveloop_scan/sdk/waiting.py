"""Places where code waits for what a person answers."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.conditions import are_alternatives
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, is_name, last_name

_WAITS = frozenset({"wait", "waits", "await", "poll", "receive", "recv"})
_TAKES = frozenset({"get", "result"})
_ASKS = frozenset({"ask", "prompt", "confirm"})
_PEOPLE = frozenset({"human", "operator", "reviewer", "approver", "person", "owner", "supervisor", "user", "manager"})


def answer_waited_for(node: cst.CSTNode, module: ParsedModule, answers: Collection[str]) -> cst.Call | None:
    """Return the first call behind `node`, in its function, that waits for a person; `answers` names what comes."""
    function = module.function_of(node)
    if function is None:
        return None
    for call in module.below(function.body, cst.Call):
        if not module.is_before(node, call) or sdk_call(call, module) is not None:
            continue
        if _waits(call, module, answers) and not are_alternatives(node, call, module):
            return call
    return None


def _waits(call: cst.Call, module: ParsedModule, answers: Collection[str]) -> bool:
    if is_name(call.func, "input") or module.resolve(call.func) in ("typer.confirm", "click.confirm", "click.prompt"):
        return True
    verb = set(words(last_name(call.func)))
    spoken = {*words(dotted(call.func)), *(word for arg in call.args for word in words(dotted(arg.value)))}
    if verb & _ASKS:
        return not spoken.isdisjoint(_PEOPLE)
    takes = verb & _TAKES and not [arg for arg in call.args if not arg.keyword]
    return bool(verb & _WAITS or takes) and not spoken.isdisjoint(answers)
