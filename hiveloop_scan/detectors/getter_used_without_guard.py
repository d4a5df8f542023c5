"""Find calls on what a getter gives, which is None outside of a task, without a check."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.guards import is_caught, is_checked
from hiveloop_scan.sdk.handle import Source
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def getter_used_without_guard(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``get_current_task().retry(...)``; of several calls on one name the first is enough."""
    call = sdk_call(node, module)
    if call is None or not _is_open(call, module):
        return
    function = module.function_of(node)
    for other in sdk_calls(module):
        if other.node is node:
            break
        same = module.function_of(other.node) is function and dotted(other.receiver) == dotted(call.receiver)
        if same and isinstance(call.receiver, cst.Name) and _is_open(other, module):
            return
    yield complaint(call, "may-be-none")


def _is_open(call: SdkCall, module: ParsedModule) -> bool:
    if not call.handle.may_be_none or call.handle.source not in (Source.GETTER, Source.LOOKUP):
        return False
    if not isinstance(call.receiver, (cst.Name, cst.Call)) or is_caught(call.node, module):
        return False
    return isinstance(call.receiver, cst.Call) or not is_checked(dotted(call.receiver), call.node, module)
