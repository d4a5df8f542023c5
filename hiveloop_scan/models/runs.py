"""How a call to a model is run and what becomes of its answer."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import last_name

_CARRIERS = {
    "to_thread": 0, "submit": 0, "run_sync": 0, "run_in_threadpool": 0, "run_in_executor": 1,
}  # fmt: skip
"""Calls that run what they are given, and the place of the argument that is run."""

_WAITERS = {"wait_for", "shield", "run_until_complete", "run", "cast", "to_thread", "run_in_executor", "run_sync"}
"""Calls that give back what they are given has given back."""


@dataclass(frozen=True)
class Run:
    """What is called, with what; `node` is the call that starts it, maybe in another thread."""

    node: cst.Call
    callee: cst.BaseExpression
    arguments: tuple[cst.Arg, ...]


def run_of(call: cst.Call) -> Run:
    """Read a call; ``asyncio.to_thread(client.messages.create, model=...)`` runs ``create``."""
    place = _CARRIERS.get(last_name(call.func))
    if place is not None and len(call.args) > place and call.args[place].keyword is None:
        callee = call.args[place].value
        if isinstance(callee, cst.Call) and last_name(callee.func) == "partial" and callee.args:
            return Run(call, callee.args[0].value, tuple(callee.args[1:]))
        if isinstance(callee, (cst.Attribute, cst.Name)):
            return Run(call, callee, tuple(call.args[place + 1 :]))
    return Run(call, call.func, tuple(call.args))


@dataclass(frozen=True)
class Outcome:
    """What becomes of an answer: the name that holds it, whether it is awaited, iterated on the spot, and where.

    `statement` is the statement in which the call stands; `is_whole` says that nothing else is done in it, so that
    code can follow it while the answer is at hand.
    """

    name: str | None
    awaited: bool
    iterated: bool
    entered: bool
    statement: cst.CSTNode | None
    is_whole: bool


def outcome_of(call: cst.Call, module: ParsedModule) -> Outcome:
    """Follow the value of `call` outwards, through awaits and calls that only wait for it."""
    node: cst.CSTNode = call
    awaited = iterated = entered = False
    name: str | None = None
    whole = False
    while (outer := module.parent(node)) is not None:
        if isinstance(outer, cst.Await):
            awaited = True
        elif isinstance(outer, cst.Arg) and _only_waits(module.parent(outer)):
            outer = module.parent(outer) or outer
        elif not (isinstance(outer, cst.Lambda) and outer.body is node and _is_run_at_once(outer, module)):
            break
        node = outer
    if isinstance(outer, (cst.Assign, cst.AnnAssign)):
        targets = [item.target for item in outer.targets] if isinstance(outer, cst.Assign) else [outer.target]
        name = _text(targets[0], module) if len(targets) == 1 else None
        whole = True
    elif isinstance(outer, cst.WithItem):
        entered = True
        name = _text(outer.asname.name, module) if outer.asname else None
        holder = module.parent(outer)
        awaited = awaited or (isinstance(holder, cst.With) and holder.asynchronous is not None)
    elif isinstance(outer, (cst.For, cst.CompFor)) and outer.iter is node:
        iterated = True
        awaited = awaited or outer.asynchronous is not None
    elif isinstance(outer, cst.Expr):
        whole = True
    return Outcome(name, awaited, iterated, entered, _statement_of(call, module), whole)


def _only_waits(call: cst.CSTNode | None) -> bool:
    return isinstance(call, cst.Call) and last_name(call.func) in _WAITERS


def _is_run_at_once(function: cst.Lambda, module: ParsedModule) -> bool:
    holder = module.parent(function)
    return isinstance(holder, cst.Arg) and _only_waits(module.parent(holder))


def _text(target: cst.CSTNode, module: ParsedModule) -> str | None:
    return module.text(target) if isinstance(target, (cst.Name, cst.Attribute)) else None


def _statement_of(call: cst.CSTNode, module: ParsedModule) -> cst.CSTNode | None:
    kinds = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    return next((outer for outer in module.ancestors(call) if isinstance(outer, kinds)), None)
