"""Where the SDK's call would stand that tells of a match: its branch, the contexts around it, callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from hiveloop_scan.methods import companions
from hiveloop_scan.model import Call, Match, Span, Surroundings
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.outline.index import FileCalls
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_BRANCHES = (cst.ExceptHandler, cst.If, cst.Else, cst.MatchCase, cst.FunctionDef)
_LOOPS = (cst.For, cst.While)
_GENERATED = ("_hl_agent", "_hl_task")
_ELEMENTS = ("_hl_track_awaitable", "_hl_track_call")
"""What `apply` hands one of several runs to, where no block can stand around it."""

_TOLD_LATER = ("llm_call", "request_approval", "approval_received")
"""Methods that are called after the fact: the tokens are known then, and the decision."""

SpanOf = Callable[[cst.CSTNode], Span]


def surroundings_of(match: Match, method: str, module: ParsedModule, calls: FileCalls, span_of: SpanOf) -> Surroundings:
    """Collect the calls by which the place of `match` may tell `method`."""
    methods = companions(method)
    symbol = _function_around(match.node, module)
    if match.captures.get("waits_here") is False:
        return Surroundings(tuple(calls.told(methods)), waits=False)
    own = [] if method == "retry" else _own_calls(match.node, symbol, calls, span_of)
    callers = "" if isinstance(match.node, _LOOPS) else symbol
    if method == "track_context":
        contexts = list(_contexts_around(match.node, module))
        entered = calls.handed_over([span_of(node) for node in contexts])
        told = tuple(call for call in entered if call.method in ("", method))
        return Surroundings(tuple(own), handed=told, own=frozenset(call.callee for call in own), symbol=callers)
    is_wait = "request_approval" in methods and isinstance(match.node, _LOOPS)
    region = _region_around(match.node, module) if is_wait else _region_of(_branch_of(match, span_of), module)
    spans = [span_of(node) for node in region]
    inside = calls.within(spans, _function_around(region[0], module) if region else symbol)
    if method == "retry":
        inside = [call for call in inside if not _is_operation(call, match)]
        if isinstance(match.node, _LOOPS):
            calls.count_for_a_site(spans, symbol, methods)
    if method == "plan_step" and isinstance(match.node, _LOOPS):
        actions = calls.step_actions(spans, symbol)
        if actions and not actions & {"started", ""}:
            inside = [call for call in inside if call.method != method]  # steps that end and have never begun
    place = span_of(match.node)
    return Surroundings(
        calls=tuple(inside),
        later=tuple(calls.after((place.line, place.column), symbol)) if method in _TOLD_LATER else (),
        handed=tuple(calls.handed_over([span_of(node) for node in _handing_over(match.node, module)])),
        own=frozenset(call.callee for call in own),
        symbol=callers,
    )


def _function_around(node: cst.CSTNode, module: ParsedModule) -> str:
    function = node if isinstance(node, cst.FunctionDef) else module.function_of(node)
    return module.symbol(function) if function is not None else ""


def _own_calls(node: cst.CSTNode, symbol: str, calls: FileCalls, span_of: SpanOf) -> list[Call]:
    """Return what the place itself calls, where the place is a call or a small statement."""
    if isinstance(node, (cst.BaseCompoundStatement, cst.Decorator, cst.ExceptHandler, cst.Else, cst.MatchCase)):
        return []
    return calls.within([span_of(node)], symbol)


def _is_operation(call: Call, match: Match) -> bool:
    """Say whether a call is the one that is tried again: it may have retries of its own."""
    operation = str(match.captures.get("operation") or "").partition("(")[0]
    return not call.method and bool(operation) and _last(call.callee) == _last(operation)


def _last(name: str) -> str:
    return name.rpartition(".")[2].lstrip(":")


def _contexts_around(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield what is entered around `node`: by a with statement, an exit stack, or where there is an agent to tell."""
    for outer in module.ancestors(node):
        if isinstance(outer, cst.With):
            yield from _entered(outer, node, module)
        elif isinstance(outer, cst.Call) and last_name(outer.func) in _ELEMENTS:
            yield outer
        elif isinstance(outer, (cst.If, cst.Else)):
            yield from _entered_beside(outer, node, module)
    function = module.function_of(node)
    for call in module.below(function.body if function else module.tree, cst.Call):
        if last_name(call.func) in ("enter_context", "enter_async_context") and module.is_before(call, node):
            yield call


def _entered(outer: cst.With, node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    for item in outer.items:
        yield item.item
        if name := dotted(item.item) if isinstance(item.item, (cst.Name, cst.Attribute)) else "":
            yield from values_of(name, outer, module)
        if isinstance(item.item, cst.Call) and last_name(item.item.func) in ("ExitStack", "AsyncExitStack"):
            for statement in statements(outer.body):
                if module.is_below(node, [statement]):
                    break
                yield statement


def _entered_beside(outer: cst.If | cst.Else, node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield what the other branch enters around the same call: with an agent it is tracked, without one just made."""
    head = module.parent(outer) if isinstance(outer, cst.Else) else outer
    if not isinstance(head, cst.If) or module.is_below(node, [head.test]):
        return
    other: cst.CSTNode | Sequence[cst.CSTNode] | None = head.body if isinstance(outer, cst.Else) else head.orelse
    if other is None and isinstance(statements(head.body)[-1], cst.Return):  # what follows is the other branch
        block = module.parent(head)
        beside = statements(block) if isinstance(block, cst.IndentedBlock) else ()
        other = [item for item in beside if module.is_before(head, item)]
    if other is None or not isinstance(head.test, (cst.Name, cst.Attribute, cst.UnaryOperation, cst.Comparison)):
        return
    wanted = {code(call.func) for call in module.below(node, cst.Call)}
    for tracked in module.below(other, cst.With):
        if wanted & {code(call.func) for call in module.below(tracked.body, cst.Call)}:
            yield from (item.item for item in tracked.items)


def _handing_over(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the code that hands over callbacks: the decorators of a function, a retrier, what it was made of."""
    if isinstance(node, cst.Decorator):
        function = module.parent(node)
        if isinstance(function, cst.FunctionDef):
            yield from (decorator.decorator for decorator in function.decorators)
        return
    if isinstance(node, cst.FunctionDef):
        yield from (decorator.decorator for decorator in node.decorators)
        return
    retrier = node.iter if isinstance(node, cst.For) else node
    if isinstance(retrier, (cst.Name, cst.Attribute)):
        yield from values_of(dotted(retrier), node, module)
    if isinstance(retrier, cst.Call):
        yield retrier
        yield from values_of(dotted(retrier.func), node, module)


def is_in_generated_code(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether `node` stands where `hiveloop-scan apply` has written: its tests are no conditions of the user's."""
    return any(
        isinstance(outer, cst.If) and _first_name(outer.test) in _GENERATED for outer in (node, *module.ancestors(node))
    )


def _first_name(test: cst.BaseExpression) -> str:
    while isinstance(test, cst.BooleanOperation):
        test = test.left
    return test.value if isinstance(test, cst.Name) else ""


def _branch_of(match: Match, span_of: SpanOf) -> cst.CSTNode:
    """Return the branch of an ``if`` in which its match says that the call belongs, the node itself elsewhere."""
    line, branch = match.captures.get("insert_line"), match.node
    while isinstance(branch, cst.If) and isinstance(line, int):
        if branch.orelse is None or line < span_of(branch.orelse).line:
            break
        branch = branch.orelse
    return branch


def _region_of(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the code in which the SDK call would stand: the loop or branch itself, or that around a statement."""
    if isinstance(node, (cst.For, cst.While, cst.ExceptHandler, cst.If, cst.Else, cst.FunctionDef, cst.With)):
        return statements(node.body)
    if isinstance(node, cst.Decorator):
        function = module.parent(node)
        return statements(function.body) if isinstance(function, cst.FunctionDef) else ()
    return _region_around(node, module)


def _region_around(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the branch or function in which `node` stands; what a condition asks stands in front of its branches."""
    branch = module.enclosing(node, *_BRANCHES)
    while isinstance(branch, cst.If) and module.is_below(node, [branch.test]):
        branch = module.enclosing(_first_of(branch, module), *_BRANCHES)
    return statements(branch.body) if isinstance(branch, _BRANCHES) else ()


def _first_of(branch: cst.If, module: ParsedModule) -> cst.If:
    """Return the ``if`` to which an ``elif`` belongs, itself for an ``if``."""
    while isinstance(outer := module.parent(branch), cst.If):
        branch = outer
    return branch
