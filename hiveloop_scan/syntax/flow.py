"""Where control goes after a statement: on, out of the loop, back to its head, out of the function, or up."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence

import libcst as cst

from hiveloop_scan.syntax.tree import dotted, statements


class Flow(enum.IntFlag):
    """The ways a statement can end; a set, because most can end in several."""

    NONE = 0
    NEXT = 1
    BREAK = 2
    CONTINUE = 4
    RETURN = 8
    RAISE = 16


LEAVES = Flow.BREAK | Flow.RETURN
"""The ways out of a loop that are not a failure."""

_NEVER_RETURN = {"sys.exit", "exit", "quit", "os._exit", "os.abort"}
_SIMPLE: dict[type[cst.CSTNode], Flow] = {
    cst.Return: Flow.RETURN,
    cst.Raise: Flow.RAISE,
    cst.Break: Flow.BREAK,
    cst.Continue: Flow.CONTINUE,
}


def flow_of(node: cst.CSTNode, failing: bool = True) -> Flow:
    """Return the ways one statement can end, seen from the block it stands in; no handler runs unless `failing`."""
    simple = _SIMPLE.get(type(node))
    if simple is not None:
        return simple
    compound = _COMPOUND.get(type(node))
    if compound is not None:
        return compound(node, failing)
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call) and dotted(node.value) in _NEVER_RETURN:
        return Flow.RAISE
    return Flow.NEXT


def flow_of_block(block: Sequence[cst.CSTNode], failing: bool = True) -> Flow:
    """Return the ways a list of statements can end; NEXT means that its end is reached."""
    flow = Flow.NONE
    for statement in block:
        ways = flow_of(statement, failing)
        if ways is Flow.NEXT:  # most are; arithmetic with flags is slow
            continue
        flow |= ways & ~Flow.NEXT
        if not ways & Flow.NEXT:
            return flow
    return flow | Flow.NEXT


def flow_of_suite(suite: cst.BaseSuite | None, failing: bool = True) -> Flow:
    """Return the ways a suite can end; no suite ends in NEXT."""
    return flow_of_block(statements(suite), failing)


def is_true(test: cst.BaseExpression) -> bool:
    """Say whether a loop test is a constant that is always true."""
    return (isinstance(test, cst.Name) and test.value == "True") or (
        isinstance(test, cst.Integer) and test.value.strip("0_") != ""
    )


def _of_if(node: cst.CSTNode, failing: bool) -> Flow:
    assert isinstance(node, cst.If)
    flow = flow_of_suite(node.body, failing)
    while isinstance(node.orelse, cst.If):
        node = node.orelse
        flow |= flow_of_suite(node.body, failing)
    return flow | (flow_of_suite(node.orelse.body, failing) if node.orelse else Flow.NEXT)


def _of_loop(node: cst.CSTNode, failing: bool) -> Flow:
    assert isinstance(node, (cst.For, cst.While))
    inside = flow_of_suite(node.body, failing)
    flow = inside & (Flow.RETURN | Flow.RAISE)
    endless = isinstance(node, cst.While) and is_true(node.test)
    if inside & Flow.BREAK or not endless:
        flow |= flow_of_suite(node.orelse.body, failing) | Flow.NEXT if node.orelse else Flow.NEXT
    return flow


def _of_try(node: cst.CSTNode, failing: bool) -> Flow:
    assert isinstance(node, (cst.Try, cst.TryStar))
    flow = flow_of_suite(node.body, failing)
    if flow & Flow.NEXT and node.orelse:
        flow = (flow & ~Flow.NEXT) | flow_of_suite(node.orelse.body, failing)
    for handler in node.handlers if failing else ():
        flow |= flow_of_suite(handler.body, failing)
    if node.finalbody:
        last = flow_of_suite(node.finalbody.body, failing)
        flow = flow | (last & ~Flow.NEXT) if last & Flow.NEXT else last
    return flow


def _of_with(node: cst.CSTNode, failing: bool) -> Flow:
    assert isinstance(node, cst.With)
    return flow_of_suite(node.body, failing)


def _of_match(node: cst.CSTNode, failing: bool) -> Flow:
    assert isinstance(node, cst.Match)
    flow = Flow.NONE
    complete = False
    for case in node.cases:
        flow |= flow_of_suite(case.body, failing)
        complete = complete or (
            case.guard is None and isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None
        )
    return flow if complete else flow | Flow.NEXT


_COMPOUND: dict[type[cst.CSTNode], Callable[[cst.CSTNode, bool], Flow]] = {
    cst.If: _of_if,
    cst.For: _of_loop,
    cst.While: _of_loop,
    cst.Try: _of_try,
    cst.TryStar: _of_try,
    cst.With: _of_with,
    cst.Match: _of_match,
}
