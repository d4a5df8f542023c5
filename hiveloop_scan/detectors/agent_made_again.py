"""Find agents that are registered a second time under the same id."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.visitor import detector

_KEPT = ("queue_provider", "heartbeat_payload")


@detector(cst.Call)
def agent_made_again(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``hb.agent("desk", queue_provider=...)`` and later ``hb.agent("desk")``: the provider is gone."""
    call = sdk_call(node, module)
    if call is None or call.method != "agent" or call.unpacks:
        return
    for other in sdk_calls(module, "agent"):
        if other.node is node:
            return
        if _same_id(other, call, module) and not _are_alternatives(other.node, node, module):
            lost = [name for name in _KEPT if other.argument(name) is not None and call.argument(name) is None]
            facts = ("same-id-again", "callback-is-wiped") if lost else ("same-id-again",)
            agent = texts_given(call.argument("agent_id"), module)[0]
            yield complaint(call, *facts, agent=agent)
            return


def _same_id(first: SdkCall, second: SdkCall, module: ParsedModule) -> bool:
    if first.handle.origin is not second.handle.origin:
        return False
    ids = [texts_given(call.argument("agent_id"), module) for call in (first, second)]
    return len(ids[0]) == 1 and ids[0] == ids[1]


def _are_alternatives(first: cst.Call, second: cst.Call, module: ParsedModule) -> bool:
    """Say whether the two stand in different branches of one statement, or in different functions that make clients."""
    for outer in module.ancestors(first):
        if isinstance(outer, (cst.If, cst.Try, cst.Match)) and module.is_below(second, [outer]):
            return True
    return False
