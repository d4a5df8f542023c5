"""Find approvals that HiveBoard hears of without the request."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_ASKS = "requests-an-approval"


@detector(cst.Call)
def approval_without_request(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.approval_received(...)`` where nothing in the project calls ``task.request_approval(...)``."""
    if last_name(node.func) == "request_approval":
        yield Match(node, {}, [], facts=(_ASKS,))
    call = sdk_call(node, module)
    if call is not None and call.method == "approval_received" and call.signature:
        yield complaint(call, "no-request-is-told", clues=(Clue("*", _ASKS, "requests-are-told"),))
