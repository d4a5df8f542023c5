"""Find tools that run once tracked and once more without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.statements import later_statements
from hiveloop_scan.sdk.tracked import is_about_telemetry, tracked_by
from hiveloop_scan.syntax.tree import code, last_name, statements
from hiveloop_scan.visitor import detector

_PLAIN = ("str", "len", "dict", "list", "isinstance", "print", "debug", "info", "warning", "error", "exception")
_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)


@detector(cst.With)
def tool_run_twice(node: cst.With, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``try: with agent.track_context(n): run(x)`` and ``except Exception: run(x)``: a failing tool runs twice."""
    call = tracked_by(node, module)
    if call is None:
        return
    done = {code(inner): inner for inner in module.below(node.body, cst.Call) if _is_work(inner, module)}
    for outer in module.ancestors(node):
        if isinstance(outer, (cst.FunctionDef, cst.For, cst.While)):
            break
        if isinstance(outer, cst.Try) and module.is_below(node, [outer.body]):
            for handler in outer.handlers:
                if "HiveLoop" not in last_name(handler.type):
                    yield from _repeated(call, "run-again-in-a-handler", done, [handler.body], module)
    leaves = any(isinstance(line, _EXITS) for line in statements(node.body))
    if not leaves:
        later = [line for line in later_statements(node, module) if isinstance(line, cst.SimpleStatementLine)]
        yield from _repeated(call, "run-again-behind-the-block", done, later[:2], module)


def _is_work(call: cst.Call, module: ParsedModule) -> bool:
    return bool(call.args) and not is_about_telemetry(call, module) and last_name(call.func) not in _PLAIN


def _repeated(
    call: SdkCall, fact: str, done: dict[str, cst.Call], blocks: Sequence[cst.CSTNode], module: ParsedModule
) -> Iterator[Match]:
    """Yield a match at the first call in `blocks` that does what the tracked block has done, and is not tracked."""
    for inner in module.below(blocks, cst.Call):
        tracked = any(isinstance(outer, cst.With) and tracked_by(outer, module) for outer in module.ancestors(inner))
        if code(inner) in done and not tracked:
            yield complaint(call, fact, at=inner, operation=short(inner))
            return
