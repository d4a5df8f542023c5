"""Write ``task.plan_step(...)`` where a step starts and ends: around what a loop does for it, or behind its mark."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall, Style, guarded
from hiveloop_scan.fix.imports import Import
from hiveloop_scan.fix.names import check_names
from hiveloop_scan.fix.place import around, indent_of
from hiveloop_scan.fix.positions import Position, position_in
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site, at_the_top
from hiveloop_scan.fix.steps import Loop, StepRun, own_nodes, skips_before, step_run
from hiveloop_scan.fix.values import is_repeatable, literal, parsed, text, whole_number
from hiveloop_scan.fix.writers.step_mark import write_step_mark

_BY_HAND = "write the calls by hand"


def write_plan_step(site: Site) -> Fix:
    """Return the fix of a step: told as started, and as completed or failed on every way out.

    HiveBoard cannot show a step of no plan: the helper of the project looks, without it the file must tell the plan.
    """
    is_mark = site.capture("insert_after_line") is not None
    looks = not is_mark and site.plumbing.offer("track_step")
    if not looks and not any(map(_tells_a_plan, site.source.nodes)):
        raise Refusal("the plan of the step is not told in this file", "tell the plan first, where its steps are known")
    if is_mark:
        return write_step_mark(site)
    loop = site.marked_statement()
    if not isinstance(loop, (ast.For, ast.While)):
        raise Refusal("the step is not carried out in a plain loop", _BY_HAND)
    run = step_run(site.statement("started_line"), loop, site.source)
    base = site.capture("index_base")
    position = position_in(loop, site.code("index"), base if isinstance(base, int) else None, site.source)
    summary = _summary(site, loop, run)
    if not run.failed_if and site.plumbing.offer("track_step"):
        lines, imports = _with_helper(site, position, summary, run)
    elif isinstance(run.statement, ast.Return):
        raise Refusal("the step's result is returned as it comes", "give it a name before it is returned")
    else:
        return _with_skips(_with_calls(site, position, summary, run), site, loop, run, position, summary)
    check_names("\n".join([*lines, "    pass"]), run.statement, site.source)
    told = Fix((*position.edits, *around(run.statement, lines, site.source)), imports)
    return _with_skips(told, site, loop, run, position, summary)


def _with_skips(told: Fix, site: Site, loop: Loop, run: StepRun, position: Position, summary: str) -> Fix:
    """Add the calls that tell of skipped steps; without a look at the plan only where this file tells it."""
    for place in skips_before(run, loop, site.source) if any(map(_tells_a_plan, site.source.nodes)) else ():
        index = position.expression if position.is_number else whole_number(position.expression, place, site.source)
        fix = site.call_before(SdkCall(Handle.TASK, "plan_step", [index, '"skipped"', summary]), place)
        told = Fix((*told.edits, *fix.edits), told.imports | fix.imports)
    return told


def _tells_a_plan(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="plan"), args=[_, *_]):
            return "task" in ast.unparse(owner).lower()
        case _:
            return False


def _summary(site: Site, loop: Loop, run: StepRun) -> str:
    """Return the text of the step, where the loop leaves it as it is; else what is called for it."""
    expression = site.code("step_text")
    if expression and is_repeatable(expression):
        names = {node.id for node in ast.walk(parsed(expression)) if isinstance(node, ast.Name)}
        stored = {
            node.id
            for item in loop.body
            for node in own_nodes(item)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if not names & stored:
            return text(expression)
    return literal(site.name("operation", "the step"))


def _with_helper(site: Site, position: Position, summary: str, run: StepRun) -> tuple[list[str], frozenset[Import]]:
    helper = at_the_top(site.helper("track_step", run.statement))
    given = summary if summary.startswith('"') else f"lambda: {summary}"
    return [f"with {helper.expression}({position.expression}, {given}):"], helper.imports


def _with_calls(site: Site, position: Position, summary: str, run: StepRun) -> Fix:
    """Return the fix that tells of the start in front of the statement, and of the end behind it or in a handler."""
    statement = run.statement
    index = position.expression
    if not position.is_number:
        index = whole_number(index, statement, site.source)

    def call(action: str) -> SdkCall:
        return SdkCall(Handle.TASK, "plan_step", [index, action, summary])

    started, imports = site.lines(call('"started"'), statement)
    outcome = f'"failed" if {run.failed_if} else "completed"' if run.failed_if else '"completed"'
    failed, completed = _again(site, call('"failed"'), statement), _again(site, call(outcome), statement)
    header = [*started, "try:"]
    footer = ["except BaseException:", *failed, "    raise", "else:", *completed]
    check_names("\n".join([*header, "    pass", *footer]), statement, site.source)
    return Fix((*position.edits, *around(statement, header, site.source, footer)), imports)


def _again(site: Site, call: SdkCall, place: ast.stmt) -> list[str]:
    """Return the lines of a further call with the same handle, one level deeper."""
    indent = len(indent_of(place, site.source).expandtabs(4)) + 4
    if site.style is Style.HELPER:
        lines, _ = site.lines(call, place)
    else:
        lines = guarded(call, call.handle.variable, indent)[1:]
    return [f"    {line}" for line in lines]
