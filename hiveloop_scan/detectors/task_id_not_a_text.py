"""Find ids of tasks and agents that are no text."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.syntax.tree import is_name, last_name
from hiveloop_scan.visitor import detector

_IDS = {"task": "task_id", "start_task": "task_id", "agent": "agent_id"}
_LITERALS = (cst.Integer, cst.Float, cst.Tuple, cst.List, cst.Dict)
_NUMBERS = ("uuid1", "uuid4", "UUID", "time", "time_ns", "int", "len", "id", "hash", "randint", "now", "Path")
_TYPES = ("int", "float", "UUID", "uuid.UUID")


@detector(cst.Call)
def task_id_not_a_text(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``agent.task(uuid.uuid4())``: one number among the events drops the whole batch."""
    call = sdk_call(node, module)
    given = call.argument(_IDS[call.method]) if call and call.method in _IDS else None
    if call is None or given is None:
        return
    if any(_is_no_text(choice, module) for choice in choices(given, module)):
        yield complaint(call, "id-is-no-text", at=given, argument=short(given))


def _is_no_text(node: cst.BaseExpression, module: ParsedModule) -> bool:
    if isinstance(node, _LITERALS) or is_name(node, "None"):
        return True
    if isinstance(node, cst.Call):
        return last_name(node.func) in _NUMBERS
    function = module.function_of(node)
    if not isinstance(node, cst.Name) or function is None:
        return False
    annotations = [one.annotation for one in parameters(function) if one.name.value == node.value]
    return any(found is not None and module.resolve(found.annotation) in _TYPES for found in annotations)
