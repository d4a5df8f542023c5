"""Write ``task.llm_call(...)`` behind the statement that asks a model, with the time that it took."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.imports import callable_name
from hiveloop_scan.fix.names import PREFIX, check_names
from hiveloop_scan.fix.place import before, behind
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.values import literal, parsed, text, whole_number

_STARTED = f"{PREFIX}started"
_BY_HAND = "write the call by hand, where the answer is complete"


def write_llm_call(site: Site) -> Fix:
    """Return the fix of a model's call: a clock in front of the statement, the call behind it."""
    place = _statement(site)
    clock, needed = callable_name("time", "perf_counter", place, site.source)
    lines, imports = site.lines(_call(site, place, clock), place)
    started = f"{_STARTED} = {clock}()"
    check_names(started, place, site.source)
    edits = (*before(place, [started], site.source), *behind(place, lines, site.source))
    return Fix(edits, imports | frozenset({needed} if needed else ()))


def _statement(site: Site) -> ast.stmt:
    """Return the statement that asks and has the whole answer; refuse where there is none."""
    streaming = site.capture("streaming")
    if streaming is not False:
        reason = "the answer comes in pieces" if streaming else "it cannot be told whether the answer comes in pieces"
        raise Refusal(reason, _BY_HAND)
    call = site.node()
    place = site.source.enclosing(call, ast.stmt) if call is not None else None
    if place is None:
        raise Refusal("the call that asks the model cannot be told from others")
    if isinstance(place, ast.Return):
        raise Refusal("the answer is returned as it comes", "give it a name before it is returned")
    if not isinstance(place, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)):
        raise Refusal("the model is asked in the head of a statement", "give the answer a name first")
    if any(isinstance(node, (ast.Yield, ast.YieldFrom, ast.Lambda)) for node in ast.walk(place)):
        raise Refusal("the model may be asked later than the statement runs", _BY_HAND)
    return place


def _call(site: Site, place: ast.stmt, clock: str) -> SdkCall:
    keywords = {}
    for name in ("tokens_in", "tokens_out"):
        if expression := site.code(name):
            keywords[name] = _count(expression, place, site)
    keywords["duration_ms"] = f"round(({clock}() - {_STARTED}) * 1000)"
    return SdkCall(Handle.TASK, "llm_call", [literal(site.name("call_name", "model_call")), _model(site)], keywords)


def _count(expression: str, place: ast.stmt, site: Site) -> str:
    """Return a number of tokens; an answer whose numbers may be left out counts as none, so that the rest is told."""
    if "usage_metadata" in expression or ".get(" in expression:
        return f"int({expression} or 0)"
    return whole_number(expression, place, site.source)


def _model(site: Site) -> str:
    expression = site.code("model")
    if not expression:
        raise Refusal("it cannot be told here which model is asked", "write the call by hand, with the model's name")
    node = parsed(expression)
    return literal(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else text(expression)
