"""Find tasks that carry the same id each time the code runs."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.syntax.tree import SCOPES
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def constant_task_id(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``with agent.task("invoice")`` in a loop, or in a function that is given what the task is about."""
    call = sdk_call(node, module)
    given = call.argument("task_id") if call and call.method in ("task", "start_task") else None
    if call is None or given is None or isinstance(given, cst.IfExp) or not texts_given(given, module):
        return
    outer = module.enclosing(node, cst.For, cst.While, *SCOPES)
    function = module.function_of(node)
    if isinstance(outer, (cst.For, cst.While)):
        yield complaint(call, "same-id-each-round", at=given, argument=short(given))
    elif function is not None and _is_given_work(function, options):
        yield complaint(call, "same-id-each-call", at=given, argument=short(given))


def _is_given_work(function: cst.FunctionDef, options: Options) -> bool:
    """Say whether a function has a parameter for what it works on: settings and the like are none."""
    given = {param.name.value for param in parameters(function)}
    return function.name.value != "main" and not given <= options["settings_names"]
