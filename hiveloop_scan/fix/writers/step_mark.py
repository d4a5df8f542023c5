"""Write one ``task.plan_step(...)`` behind the statement that marks a step of a plan."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.positions import Position, position_in
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.values import is_repeatable, literal, parsed, whole_number

_HINT = "write the call by hand, with the step's position in the plan counted from 0"


def write_step_mark(site: Site) -> Fix:
    """Return the fix of a mark, where its outcome is written out and the step's position in a list is at hand."""
    action = site.code("action")
    if not action:
        raise Refusal("it cannot be told how the step has ended", _HINT)
    place = site.marked_statement()
    if not isinstance(place, (ast.Assign, ast.AnnAssign, ast.Expr)):
        raise Refusal("the step is marked in the head of a statement", "give the mark a line of its own")
    position = _position(site, place)
    index = position.expression
    if not position.is_number:
        index = whole_number(index, place, site.source)
    summary = literal(site.finding.symbol.rpartition(".")[2].strip("_").replace("_", " ") or "step")
    fix = site.call_behind(SdkCall(Handle.TASK, "plan_step", [index, literal(action), summary]), place)
    return Fix((*position.edits, *fix.edits), fix.imports)


def _position(site: Site, place: ast.stmt) -> Position:
    """Return where the marked step stands in its list: what picked it, or the round of the loop around."""
    step = parsed(site.code("step") or "None")
    if isinstance(step, ast.Subscript) and not isinstance(step.slice, (ast.Constant, ast.Slice, ast.Tuple)):
        index = ast.unparse(step.slice)
        if is_repeatable(index):
            return Position(index, is_number=False)
    if isinstance(step, ast.Name):
        for outer in site.source.ancestors(place):
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                break
            if isinstance(outer, ast.For) and step.id in {
                item.id for item in ast.walk(outer.target) if isinstance(item, ast.Name)
            }:
                return _of_round(outer, step.id, site)
    raise Refusal("the step's position in the plan is not at hand", _HINT)


def _of_round(loop: ast.For, step: str, site: Site) -> Position:
    match loop:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=index), ast.Name(id=named)]),
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[_], keywords=[]),
        ) if named == step:
            return position_in(loop, index, 0, site.source)
        case ast.For(target=ast.Name()):
            return position_in(loop, "", None, site.source)
        case _:
            raise Refusal("the step's position in the plan is not at hand", _HINT)
