"""Find calls that carry out what a model has asked for: something that runs things is given a tool call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.tools.access import bare
from hiveloop_scan.tools.captures import tool_captures
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.runs import Run
from hiveloop_scan.tools.scopes import Root
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef, cst.Module)
def unreported_tool_call(root: Root, module: ParsedModule, options: Options) -> Iterator[Match]:
    dispatch = Dispatch(root, module, options)
    for run in dispatch.runs():
        name = dotted(run.callee)
        if not dispatch.verbs.runs(name) or dispatch.lookups.of(run.callee) is not None:
            continue
        request, key = _given(run, dispatch)
        if request is None:
            continue
        facts = list(_facts(run, name, request, key, dispatch))
        yield Match(run.call, tool_captures(run, key, dispatch), facts, dispatch.clues(run))


def _given(run: Run, dispatch: Dispatch) -> tuple[cst.BaseExpression | None, cst.BaseExpression | None]:
    """Return the tool call that a run is given, whole or by its name, and that name when it is given itself."""
    requests = dispatch.requests
    if isinstance(run.callee, cst.Attribute) and requests.is_request(run.callee.value):
        return run.callee.value, None
    for arg in run.arguments:
        if arg.star:
            continue
        if dispatch.identities.of(arg.value) is Identity.REQUESTED:
            return arg.value, arg.value
    for arg in run.arguments:
        if not arg.star and (requests.is_request(arg.value) or (run.handed_over and requests.are_requests(arg.value))):
            return arg.value, None
    return None, None


def _facts(
    run: Run, name: str, request: cst.BaseExpression, key: cst.BaseExpression | None, dispatch: Dispatch
) -> Iterator[str]:
    if isinstance(run.callee, cst.Attribute) and run.callee.value is request:
        yield "tool-call-runs-itself"
    else:
        yield "name-in-a-tool-call-is-given" if key is not None else "tool-call-is-given"
    values = [request, *(binding.value for binding in dispatch.scope.bindings.get(dotted(request), ()))]
    if any(dispatch.requests.comes_from_a_list(part) for value in values for part in bare(value)):
        yield "tool-call-comes-from-a-list"
    elif dispatch.requests.is_typed(request):
        yield "parameter-is-a-tool-call"
    if dispatch.verbs.speaks_of_tools(name):
        yield "callee-runs-tools"
    yield from dispatch.verb_facts(run)
    yield from dispatch.shared_facts(run)
