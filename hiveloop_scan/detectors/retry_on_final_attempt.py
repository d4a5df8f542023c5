"""Find retries that are told after the last attempt, when none follows."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.conditions import is_conditional
from hiveloop_scan.syntax.tree import code, last_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def retry_on_final_attempt(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``for attempt in range(3): try: ... except: task.retry(...)``, whatever attempt it is."""
    call = sdk_call(node, module)
    loop = module.enclosing(node, cst.For, cst.While, cst.FunctionDef)
    if call is None or call.method != "retry" or not isinstance(loop, cst.For) or not _is_counted(loop.iter):
        return
    handler = module.enclosing(node, cst.ExceptHandler, cst.For)
    while isinstance(handler, cst.ExceptHandler) and _is_own_guard(handler, module):
        handler = module.enclosing(handler, cst.ExceptHandler, cst.For)
    if not isinstance(handler, cst.ExceptHandler) or is_conditional(node, module, loop):
        return
    attempt = module.parent(handler)
    tried = {code(inner) for inner in module.below(attempt.body, cst.Call)} if isinstance(attempt, cst.Try) else set()
    again = [inner for inner in module.below(handler.body, cst.Call) if code(inner) in tried]
    if not again and not module.below(handler.body, cst.Break, cst.Return, cst.Raise):
        yield complaint(call, "told-after-the-last-attempt")


def _is_counted(source: cst.BaseExpression) -> bool:
    return isinstance(source, (cst.List, cst.Tuple)) or (
        isinstance(source, cst.Call) and last_name(source.func) in ("range", "enumerate")
    )


def _is_own_guard(handler: cst.ExceptHandler, module: ParsedModule) -> bool:
    """Say whether a handler only keeps telemetry from raising."""
    attempt = module.parent(handler)
    calls = module.below(attempt.body, cst.Call) if isinstance(attempt, cst.Try) else []
    return bool(calls) and sdk_call(calls[0], module) is not None
