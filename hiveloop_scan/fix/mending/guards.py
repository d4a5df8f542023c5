"""Mending of calls that can take the agent's work down: a check in front of them, a try around them."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import call_at, check_builtin, method_of, statement_of
from hiveloop_scan.fix.place import around
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding
from hiveloop_scan.sdk.signatures import Kind, kinds_with

_WHOLE = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
"""What the agent's own work is made of, though it stands among the arguments."""


def ask_first(source: Source, finding: Finding) -> list[Edit]:
    """``task.retry(...)`` -> ``if task: task.retry(...)``; what a getter gives has a name first."""
    call = call_at(source, finding.span)
    statement = statement_of(call, source)
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(receiver, ast.Name):
        return around(statement, [f"if {receiver.id}:"], source)
    if not isinstance(receiver, ast.Call) or "\n" in source.segment(receiver) or _does_work(receiver):
        raise Refusal("what the call is made on is no plain getter", "give it a name, and ask for that first")
    name = _new_name(method_of(call), statement, source)
    edits = around(statement, [f"if {name} := {source.segment(receiver)}:"], source)
    return [*edits, Edit(source.start(receiver), source.end(receiver), name)]


def _new_name(method: str, statement: ast.stmt, source: Source) -> str:
    """Return a name for what a getter gives that nobody around uses."""
    scope = source.scope_of(statement)
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise Refusal("it stands in no function, and a new name would be seen from outside", "ask for it by hand")
    kind = "task" if Kind.TASK in kinds_with(method) else "agent"
    taken = {node.id for node in ast.walk(scope) if isinstance(node, ast.Name)}
    taken |= {node.arg for node in ast.walk(scope) if isinstance(node, ast.arg)}
    taken |= {name for node in ast.walk(scope) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    taken |= {str(getattr(node, "name", None) or "") for node in ast.walk(scope)}
    taken |= {str(getattr(node, "asname", None) or "") for node in ast.walk(scope)}
    free = [name for name in (kind, f"hiveloop_{kind}") if name not in taken]
    if not free:
        raise Refusal(f"{kind!r} is the name of something else here", "give what the getter answers a name by hand")
    return free[0]


def catch_errors(source: Source, finding: Finding) -> list[Edit]:
    """``task.plan(...)`` -> the same in a ``try`` with ``except Exception: pass``."""
    call = call_at(source, finding.span)
    statement = statement_of(call, source)
    if _does_work(call):
        raise Refusal("the call holds work of the agent's own, whose failure must not vanish", "give its result a name")
    check_builtin(source, "Exception")
    return around(statement, ["try:"], source, footer=["except Exception:", "    pass"])


def _does_work(node: ast.AST) -> bool:
    return any(isinstance(part, _WHOLE) for part in ast.walk(node))
