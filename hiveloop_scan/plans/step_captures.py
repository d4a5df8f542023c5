"""The pieces of a loop over steps that a `task.plan_step(...)` call is made of."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.step_loops import StepLoop
from hiveloop_scan.plans.step_texts import text_of_step
from hiveloop_scan.syntax.tree import code, dotted, statements


def loop_captures(found: StepLoop, module: ParsedModule) -> dict[str, Capture]:
    """Describe one loop over steps: the collection, the step and its text, its position, where it starts and ends.

    ``index`` is the position as an expression (None: the loop has no counter; none is invented) and ``index_base``
    what it starts at. ``started_line`` is the line before which "started" belongs, ``completed_line`` the last line
    of the statement after which "completed" does, ``failed_line`` that of the handler in which "failed" does.
    ``action`` is None: a loop tells all of them.
    """
    walk = found.walk
    statement = statement_of(found.call, module)
    handler = _handler_around(found.call, walk.loop, module)
    return {
        "operation": dotted(found.call.func) or code(found.call.func),
        "plan": code(walk.items),
        "step": walk.step,
        "step_text": text_of_step(walk, module),
        "index": walk.index,
        "index_base": walk.index_base,
        "action": None,
        "started_line": module.span(statement).line,
        "completed_line": module.span(statement).end_line,
        "failed_line": module.span(handler).line if handler else None,
        "exception": code(handler.name.name) if handler and handler.name else None,
    }


def statement_of(call: cst.Call, module: ParsedModule) -> cst.CSTNode:
    """Return the statement that a call is part of."""
    for outer in module.ancestors(call):
        if isinstance(outer, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            return outer
    return call


def _handler_around(call: cst.Call, loop: cst.CSTNode, module: ParsedModule) -> cst.ExceptHandler | None:
    """Return the first handler of the try statement, inside the loop, that guards the call."""
    for outer in module.ancestors(call):
        if outer is loop:
            return None
        if isinstance(outer, cst.Try) and outer.handlers and module.is_below(call, statements(outer.body)):
            return outer.handlers[0]
    return None
