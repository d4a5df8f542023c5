"""Find methods of the SDK that are called on an object which does not have them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.handle import Source
from hiveloop_scan.sdk.signatures import Kind, kinds_with
from hiveloop_scan.visitor import detector

_GUESSED = (Source.NAME, Source.USE)


@detector(cst.Call)
def wrong_handle(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``agent.plan(...)``, ``task.report_issue(...)``, ``hiveloop.agent(...)``."""
    call = sdk_call(node, module)
    if call is None or call.signature is not None:
        return
    if call.handle.source in _GUESSED and call.handle.kind is not Kind.MODULE:
        return
    owner = kinds_with(call.method)[0]
    yield complaint(call, "object-lacks-the-method", kind=call.handle.kind.value, owner=owner.value)
