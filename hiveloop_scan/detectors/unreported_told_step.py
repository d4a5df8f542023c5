"""Find calls that say how a step of a plan stands: started, completed, failed, skipped."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.keeping import is_a_tool
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, noun_of
from hiveloop_scan.syntax.keeping_shapes import TELLING_VERBS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted
from hiveloop_scan.visitor import detector

_ACTIONS = {
    "start": "started", "begin": "started", "running": "started", "started": "started", "progress": "started",
    "complete": "completed", "completed": "completed", "done": "completed", "finish": "completed",
    "finished": "completed", "successful": "completed", "fail": "failed", "failed": "failed", "skip": "skipped",
    "skipped": "skipped",
}  # fmt: skip


@detector(cst.Call)
def unreported_told_step(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(call)
    if function is None or not isinstance(call.func, cst.Attribute):
        return
    tokens = words(call.func.attr.value)
    if len(tokens) < 2 or tokens[0] not in TELLING_VERBS or not _stands_alone(call, module):
        return
    action = next((_ACTIONS[word] for word in tokens if word in _ACTIONS), None)
    owner = call.func.value
    if action is None or dotted(owner) in ("self", "cls", "super"):
        return
    facts = list(_facts(call, tokens, owner, module, options))
    if not facts:
        return
    facts += _surroundings(call, owner, function, module, options)
    yield Match(call, _captures(call, owner, action, module), facts)


def _facts(
    call: cst.Call, tokens: tuple[str, ...], owner: cst.BaseExpression, module: ParsedModule, options: Options
) -> Iterator[str]:
    """Yield what is told of: a step that is named or given, or a unit of work that marks itself."""
    rest = "_".join(tokens[1:])
    if mentions(rest, options["step_names"]):
        if call.args:
            yield "tells-of-a-step"
    elif tokens[0] == "mark" and mentions(noun_of(owner), options["step_names"]):
        yield "tells-of-a-step"
        yield "step-is-told-itself"
    elif tokens[0] == "mark" and not call.args and mentions(noun_of(owner), options["item_names"]):
        yield "tells-of-a-unit"
        loop = module.enclosing(call, cst.For, cst.FunctionDef)
        if isinstance(loop, cst.For) and code(loop.target) == code(owner):
            yield "tells-of-each"


def _surroundings(
    call: cst.Call, owner: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[str]:
    symbol = module.symbol(function)
    if mentions(f"{symbol} {noun_of(owner)} {code(call.func)}", options["plan_words"]):
        yield "stands-in-a-plan"
    if mentions(symbol, options["running_words"]):
        yield "stands-where-plans-are-run"
    if is_a_tool(function, module):
        yield "a-model-calls-it"
    if mentions(f"{symbol} {noun_of(owner)}", options["record_words"]):
        yield "is-a-record"
    if mentions(function.name.value, options["restoring_words"]):
        yield "restores-a-state"
    if is_another_kind_of_plan(symbol, options):
        yield "another-kind-of-plan"


def _stands_alone(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the call is a statement, awaited or not, or its answer is given a name."""
    around = module.parent(call)
    if isinstance(around, cst.Await):
        around = module.parent(around)
    return isinstance(around, (cst.Expr, cst.Assign))


def _captures(
    call: cst.Call, owner: cst.BaseExpression, action: str, module: ParsedModule
) -> dict[str, str | int | None]:
    """Describe the step that is told of: what is given first, or else the object that is told."""
    return {
        "operation": code(call.func),
        "step": code(call.args[0].value) if call.args else code(owner),
        "step_text": None,
        "index": None,
        "index_base": None,
        "action": action,
        "insert_after_line": module.span(call).end_line,
    }
