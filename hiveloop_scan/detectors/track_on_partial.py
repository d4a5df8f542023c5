"""Find partials that are tracked: they have no name, and the call raises."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.visitor import detector

_PARTIALS = ("functools.partial", "partial", "functools.partialmethod")


@detector(cst.Call)
def track_on_partial(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``agent.track("load")(functools.partial(load, 3))``."""
    call = sdk_call(node.func, module) if isinstance(node.func, cst.Call) else None
    if call is None or call.method != "track" or len(node.args) != 1:
        return
    for choice in choices(node.args[0].value, module):
        if isinstance(choice, cst.Call) and module.resolve(choice.func) in _PARTIALS:
            yield complaint(call, "tracked-thing-is-a-partial", at=node, function=short(choice))
