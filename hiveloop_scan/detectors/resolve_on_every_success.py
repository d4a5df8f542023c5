"""Find issues that are resolved each time the work succeeds, whether there was a problem or not."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.conditions import is_conditional
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def resolve_on_every_success(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``try: work() ... else: agent.resolve_issue(...)``, without asking whether something had failed."""
    call = sdk_call(node, module)
    if call is None or call.method != "resolve_issue" or is_conditional(node, module):
        return
    if module.enclosing(node, cst.ExceptHandler, cst.FunctionDef, cst.Module) is None:
        return
    if isinstance(module.enclosing(node, cst.ExceptHandler, cst.FunctionDef), cst.ExceptHandler):
        return
    function = module.function_of(node)
    if function is None:
        return
    for attempt in module.below(function.body, cst.Try):
        works = [inner for inner in module.below(attempt.body, cst.Call) if sdk_call(inner, module) is None]
        works = [inner for inner in works if not module.is_below(inner, [node]) and not module.is_below(node, [inner])]
        if attempt.handlers and works and module.is_before(works[0], node):
            yield complaint(call, "resolved-after-each-success")
            return
