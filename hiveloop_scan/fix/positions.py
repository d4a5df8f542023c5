"""The position of a step in its plan, counted from zero: the counter of the loop, or one that its head gets."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.names import PREFIX, bound_around
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.steps import Loop, own_nodes

INDEX = f"{PREFIX}index"
_HINT = "write the calls by hand, with the step's position in the plan"


@dataclass(frozen=True, slots=True)
class Position:
    """The expression for the position, whether it is a number for sure, and the edits that the loop's head needs."""

    expression: str
    is_number: bool = True
    edits: tuple[Edit, ...] = ()


def position_in(loop: Loop, index: str, base: int | None, source: Source) -> Position:
    """Return the position of the step in a round of `loop`, which counts with `index` from `base`.

    No `index`: it does not count; no `base`: from where cannot be told.
    """
    _check_order(loop, source)
    if not index:
        return _counted(loop, source)
    if base is None:
        raise Refusal("it cannot be told from what the loop counts", _HINT)
    if not index.isidentifier() or _is_rebound(index, loop):
        raise Refusal("the position changes while the step is carried out", _HINT)
    return Position(f"{index} - {base}" if base else index, is_number=isinstance(loop, ast.For))


def _counted(loop: Loop, source: Source) -> Position:
    """Have the head of a loop count: ``for _hl_index, step in enumerate(steps):``."""
    if not isinstance(loop, ast.For):
        raise Refusal("the loop does not count the steps", _HINT)
    if "enumerate" in bound_around(loop, source):
        raise Refusal("`enumerate` has another meaning here", _HINT)
    target = source.segment(loop.target)
    if isinstance(loop.target, ast.Tuple):
        if target.startswith("("):
            raise Refusal("the names of the loop stand in parentheses", "take the parentheses off")
        target = f"({target})"
    elif not isinstance(loop.target, ast.Name):
        raise Refusal("the loop gives its items to something that is no name", _HINT)
    head = Edit(source.start(loop.target), source.end(loop.target), f"{INDEX}, {target}")
    items = Edit(source.start(loop.iter), source.end(loop.iter), f"enumerate({source.segment(loop.iter)})")
    return Position(INDEX, edits=(head, items))


def _check_order(loop: Loop, source: Source) -> None:
    """Refuse a loop whose rounds are not the steps of the plan one by one from the first."""
    if not isinstance(loop, ast.For):
        return
    if not _is_in_order(loop.iter):
        raise Refusal("the loop may not go over all steps in the order of the plan", _HINT)
    given = {part.id for part in ast.walk(loop.iter) if isinstance(part, ast.Name)}
    for outer in source.ancestors(loop):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        named = ast.walk(outer.target) if isinstance(outer, (ast.For, ast.AsyncFor)) else ()
        if given & {part.id for part in named if isinstance(part, ast.Name)}:
            raise Refusal("the loop goes over one of several groups of steps", _HINT)


def _is_in_order(items: ast.expr) -> bool:
    """Say whether an expression gives the steps as a plan keeps them: a name, counted or beside something else."""
    match items:
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "list" | "tuple" | "tqdm"), args=[first, *_]):
            return _is_in_order(first)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[counted])]):
            return _is_in_order(counted)
        case ast.Subscript(slice=ast.Constant(value=str())):
            return True
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            return _is_in_order(first)
        case _:
            return isinstance(items, (ast.Name, ast.Attribute))


def _is_rebound(name: str, loop: Loop) -> bool:
    """Say whether a for loop's body gives its counter another value; a while loop has to."""
    if not isinstance(loop, ast.For):
        return False
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for item in loop.body
        for node in own_nodes(item)
    )
