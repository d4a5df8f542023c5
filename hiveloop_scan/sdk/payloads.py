"""What calls of the SDK send: the values of their arguments, those in dictionaries and lists apart."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.sdk.items import answers_of, provider_of
from hiveloop_scan.syntax.tree import last_name

_EVENTS = (
    "plan", "plan_step", "escalate", "request_approval", "approval_received", "retry", "llm_call", "report_issue",
    "resolve_issue", "queue_snapshot", "todo", "scheduled", "event", "set_payload", "complete", "fail",
)  # fmt: skip

_OWN_RULES = (("fail", "exception"), ("plan", "steps"))
"""An exception that fails a task is wanted; steps of a plan are looked at by a rule of their own."""


def values_sent(call: SdkCall, module: ParsedModule) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the parameter and each single value that an event carries."""
    if call.method in _EVENTS:
        for name, given in call.arguments.items():
            if (call.method, name) not in _OWN_RULES:
                yield from ((name, leaf) for leaf in _leaves(given, module))
    provider = provider_of(call, module)
    for answer in answers_of(provider, module) if provider else ():
        yield from (("queue_provider", leaf) for leaf in _leaves(answer, module))


def _leaves(node: cst.BaseExpression, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield the values that `node` is made of, names that are bound once undone."""
    for choice in choices(node, module):
        if isinstance(choice, cst.Dict):
            for element in choice.elements:
                yield from _leaves(element.value, module)
        elif isinstance(choice, cst.DictComp):
            yield from _leaves(choice.value, module)
        elif isinstance(choice, (cst.List, cst.Tuple)):
            for item in choice.elements:
                yield from _leaves(item.value, module)
        elif isinstance(choice, cst.ListComp):
            yield from _leaves(choice.elt, module)
        elif isinstance(choice, cst.BooleanOperation):
            yield from _leaves(choice.left, module)
            yield from _leaves(choice.right, module)
        elif isinstance(choice, cst.Call) and last_name(choice.func) == "tool_payload":
            continue  # it shortens what it is given
        else:
            yield choice
