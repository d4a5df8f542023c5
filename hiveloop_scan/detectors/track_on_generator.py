"""Find generators that are tracked as actions: the action ends before the first item."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef)
def track_on_generator(node: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``@agent.track("stream") def stream(): yield ...``."""
    for decorator in node.decorators:
        call = sdk_call(decorator.decorator, module) if isinstance(decorator.decorator, cst.Call) else None
        if isinstance(call, SdkCall) and call.method == "track" and module.below(node.body, cst.Yield):
            yield complaint(call, "tracked-function-yields", function=node.name.value)
