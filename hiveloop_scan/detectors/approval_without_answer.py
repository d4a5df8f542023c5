"""Find requests for approval whose answer HiveBoard never hears of."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.waiting import answer_waited_for
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_RECEIVES = "receives-an-approval"
_OTHER_HALF = "approval_received"


@detector(cst.Call)
def approval_without_answer(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.request_approval(...)`` without ``task.approval_received(...)``: here, or anywhere in the project."""
    if last_name(node.func) == _OTHER_HALF:
        yield Match(node, {}, [], facts=(_RECEIVES,))
    call = sdk_call(node, module)
    function = module.function_of(node)
    if call is None or call.method != "request_approval" or not call.signature:
        return
    if function is not None and answer_waited_for(node, module, options["answer_words"]):
        if not _tells(function, module):
            yield complaint(call, "answer-is-not-told-here")
        return
    yield complaint(call, "no-answer-is-told", clues=(Clue("*", _RECEIVES, "answers-are-told"),))


def _tells(function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether the function tells of the answer, or one of this file that it calls."""
    calls = module.below(function.body, cst.Call)
    called = [inner for call in calls for inner in functions_run(call.func, module)]
    everywhere = [*calls, *(call for inner in called for call in module.below(inner.body, cst.Call))]
    return any(last_name(call.func) == _OTHER_HALF for call in everywhere)
