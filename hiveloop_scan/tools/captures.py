"""The pieces of a tool's run that a `with agent.track_context(...)` block is made of."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, dotted
from hiveloop_scan.tools.access import member_of
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.runs import Run, is_awaited, position_of

_MOST = 200


def tool_captures(
    run: Run, key: cst.BaseExpression | None, dispatch: Dispatch, is_key: bool = False
) -> dict[str, Capture]:
    """Describe one run of a tool; `key` names it, and `is_key` says that it was looked up or chosen by that.

    ``tool_name`` is an expression that holds the tool's name where the call stands (None: it cannot be told), and
    ``tool_name_has_call`` whether it must be worked out once only. ``call`` is the call as it stands, ``operation``
    what it runs. ``position`` is ``loop``, ``single``, ``gather``, ``task``, ``executor`` or ``comprehension``: in the
    last four the block belongs into the function that is run. ``insert_line`` and ``end_line`` are the lines of the
    statement that the block goes around.
    """
    module = dispatch.module
    name = _name_at(run, key, is_key, dispatch)
    statement = _statement_of(run.call, module)
    span = module.span(statement)
    text = code(run.call)
    return {
        "operation": dotted(run.callee) or code(run.callee),
        "tool_name": code(name) if name is not None else None,
        "tool_name_has_call": bool(name is not None and module.all_below(name, cst.Call)),
        "call": text if len(text) <= _MOST else None,
        "awaited": is_awaited(run.call, module),
        "position": position_of(run, module),
        "in_generator": _is_in_generator(run.call, module),
        "insert_line": span.line,
        "end_line": _last_line(statement, module),
    }


def _is_text(key: cst.BaseExpression) -> bool:
    """Say whether an argument is a name for sure: ``action.tool`` and ``tool`` can be the tool itself."""
    return not (isinstance(key, (cst.Name, cst.Attribute)) and dotted(key).rpartition(".")[2] in ("tool", "action"))


def _name_at(run: Run, key: cst.BaseExpression | None, is_key: bool, dispatch: Dispatch) -> cst.BaseExpression | None:
    """Return the expression for the tool's name: a local that holds it, else the way in which the code reads it."""
    if isinstance(key, cst.FormattedString):  # getattr(self, f"tool_{name}")
        inner = [part.expression for part in key.parts if isinstance(part, cst.FormattedStringExpression)]
        return inner[0] if len(inner) == 1 else None
    if key is not None and (is_key or _is_text(key)):
        return _holder_of(key, run.call, dispatch) or key
    if key is not None:
        return None
    requests = [arg.value for arg in run.arguments if dispatch.requests.is_request(arg.value)]
    if isinstance(run.callee, cst.Attribute) and dispatch.requests.is_request(run.callee.value):
        requests.append(run.callee.value)
    for request in requests:
        found = _reads_of(dotted(request), run.call, dispatch)
        if found is not None:
            return found
    return None


def _holder_of(key: cst.BaseExpression, call: cst.Call, dispatch: Dispatch) -> cst.BaseExpression | None:
    """Return the local name that was given `key` before the call: ``name = request.name``."""
    if isinstance(key, cst.Name):
        return None
    text = code(key)
    for assign in dispatch.module.below(dispatch.scope.bodies[0], cst.Assign):
        target = assign.targets[0].target
        if isinstance(target, cst.Name) and code(assign.value) == text and dispatch.module.is_before(assign, call):
            return target
    return None


def _reads_of(request: str, call: cst.Call, dispatch: Dispatch) -> cst.BaseExpression | None:
    """Return the name of a request as the function itself reads it, a local that holds it first."""
    if not request:
        return None
    module, body = dispatch.module, dispatch.scope.bodies[0]
    for assign in module.below(body, cst.Assign):
        target = assign.targets[0].target
        if (
            isinstance(target, cst.Name)
            and module.is_before(assign, call)
            and dotted(assign.value).partition(".")[0] == request.partition(".")[0]
            and dispatch.identities.of(assign.value) is Identity.REQUESTED
        ):
            return target
    for node in module.below(body, cst.Attribute, cst.Subscript):
        if (
            dispatch.identities.of(node) is Identity.REQUESTED
            and (member := member_of(node))
            and dotted(member[0]).startswith(request)
        ):
            return node
    return None


def _statement_of(call: cst.Call, module: ParsedModule) -> cst.CSTNode:
    around = module.ancestors(call)
    kinds = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    return next((outer for outer in around if isinstance(outer, kinds)), call)


def _last_line(statement: cst.CSTNode, module: ParsedModule) -> int:
    return module.span(statement).end_line


def _is_in_generator(call: cst.Call, module: ParsedModule) -> bool:
    function = module.function_of(call)
    return function is not None and bool(module.below(function.body, cst.Yield))
