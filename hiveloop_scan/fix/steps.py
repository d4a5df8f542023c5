"""The run of one step of a plan, as it stands in a loop: which statement it is, and how it is known to have ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

Loop = ast.For | ast.While
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_WELL = {"success", "succeeded", "successful", "is_success", "ok", "is_ok", "passed", "completed", "done"}
_ILL = {"failed", "failure", "is_failure", "error", "errors", "is_error", "has_error", "has_failed", "exception"}
_BAD_WORDS = ("fail", "error", "abort", "skip", "block")
_AT_ONCE = {"gather", "create_task", "ensure_future", "submit", "start_soon", "apply_async", "as_completed", "delay"}
_BY_HAND = "write the calls by hand, where the outcome is known"


@dataclass(frozen=True, slots=True)
class StepRun:
    """The statement that carries a step out; `failed_if` asks its result, "" where only an exception is a failure."""

    statement: ast.stmt
    failed_if: str = ""


def step_run(started: ast.stmt, loop: Loop, source: Source) -> StepRun:
    """Return the run of a step, of which `started` is the innermost statement; refuse where its end is not clear."""
    statement = _whole(started, loop, source)
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(statement)):
        raise Refusal("the statement that carries the step out yields", _BY_HAND)
    if any(isinstance(node, ast.Call) and _last_name(node) in _AT_ONCE for node in own_nodes(statement)):
        raise Refusal("the step goes on after the statement that starts it", _BY_HAND)
    if isinstance(statement, ast.Return):
        return StepRun(statement)
    if any(_leaves(node, statement, source) for node in own_nodes(statement)):
        raise Refusal("the step can end in several ways inside of its statement", _BY_HAND)
    if any(isinstance(node, (ast.Try, ast.TryStar)) and _swallows(node) for node in own_nodes(statement)):
        raise Refusal("a failure of the step is caught inside of its statement", _BY_HAND)
    return StepRun(statement, _failed_if(statement, loop, source))


def skips_before(run: StepRun, loop: Loop, source: Source) -> Iterator[ast.Continue]:
    """Yield where a round goes on to the next step and says that it skips this one, before the step has started."""
    for item in loop.body:
        if any(node is run.statement for node in ast.walk(item)):
            return
        last = item.body[-1] if isinstance(item, ast.If) else None
        if isinstance(last, ast.Continue) and "skip" in source.segment(item).lower():
            yield last


def _whole(started: ast.stmt, loop: Loop, source: Source) -> ast.stmt:
    """Return the statement whose end is the end of the step: what guards it, or asks whether to run it, is none."""
    inside = [started]
    for outer in source.ancestors(started):
        if outer is loop:
            break
        if isinstance(outer, _FUNCTIONS):
            raise Refusal("the step is carried out by a function inside of the loop", _BY_HAND)
        if isinstance(outer, ast.stmt):
            inside.append(outer)
    else:
        raise Refusal("the step is not carried out in the loop", _BY_HAND)
    inside.reverse()
    for outer, inner in zip(inside, [*inside[1:], None], strict=True):
        if inner is None:
            return outer
        if isinstance(outer, ast.If):
            if outer.orelse and not _is_dispatch(outer, loop):
                raise Refusal("only some of the branches carry the step out", _BY_HAND)
            if outer.orelse:
                return outer
            continue
        if isinstance(outer, ast.Match):
            return outer
        guards = isinstance(outer, (ast.With, ast.AsyncWith, ast.Try)) and any(item is inner for item in outer.body)
        if not guards:
            if isinstance(outer, _LOOPS):
                raise Refusal("the step is carried out in a loop of its own", _BY_HAND)
            return outer
    return started


def _is_dispatch(branch: ast.If, loop: Loop) -> bool:
    """Say whether each branch of an ``if`` calls something with the step: one of them carries it out."""
    steps = (
        {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
        if isinstance(loop, ast.For)
        else set()
    )
    blocks = [branch.body]
    while len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If):
        branch = branch.orelse[0]
        blocks.append(branch.body)
    blocks.append(branch.orelse)
    return all(block and any(_calls_with(item, steps) for item in block) for block in blocks)


def _calls_with(statement: ast.stmt, names: set[str]) -> bool:
    """Say whether a statement runs a call that is given one of `names`, other than to write it down."""
    return any(
        isinstance(node, ast.Call)
        and not (
            isinstance(node.func, ast.Attribute) and node.func.attr in ("debug", "info", "warning", "error", "append")
        )
        and not (isinstance(node.func, ast.Name) and node.func.id in ("print", "str", "len", "repr"))
        and any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))
        for node in ast.walk(statement)
    )


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and those below it, functions and classes inside of it left out."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _FUNCTIONS):
            yield from own_nodes(child)


def _leaves(node: ast.AST, statement: ast.stmt, source: Source) -> bool:
    """Say whether a node leaves `statement`, other than by an exception."""
    if isinstance(node, ast.Return):
        return True
    if not isinstance(node, (ast.Break, ast.Continue)):
        return False
    for outer in source.ancestors(node):
        if isinstance(outer, _LOOPS):
            return False
        if outer is statement:
            return True
    return True


def _swallows(guard: ast.Try | ast.TryStar) -> bool:
    return any(not isinstance(handler.body[-1], ast.Raise) for handler in guard.handlers)


def _failed_if(statement: ast.stmt, loop: Loop, source: Source) -> str:
    """Return what the code asks of the result to know a failure; refuse where it decides in a way of its own."""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for item in _after(statement, loop, source):
        for node in own_nodes(item):
            if not isinstance(node, ast.If) or not _decides(node, source):
                continue
            asked = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
            if asked & names:
                failed = _as_failure(node.test, source)
                if not failed or node is not item:
                    raise Refusal("whether the step has succeeded is decided further down", _BY_HAND)
                return failed
    return ""


def _after(statement: ast.stmt, loop: Loop, source: Source) -> Iterator[ast.stmt]:
    """Yield the statements of a round that run after `statement`, handlers of its failure left out."""
    while True:
        block = source.block_of(statement)
        place = next(index for index, item in enumerate(block) if item is statement)
        yield from block[place + 1 :]
        outer = source.parents[statement]
        if outer is loop or not isinstance(outer, ast.stmt):
            return
        if isinstance(outer, (ast.Try, ast.TryStar)) and block is outer.body:
            yield from outer.orelse
        statement = outer


def _decides(branch: ast.If, source: Source) -> bool:
    """Say whether a branch is about how the step went: it leaves the round, or speaks of a failure."""
    for block in (branch.body, branch.orelse):
        if block and any(isinstance(node, _LEAVES) for item in block for node in own_nodes(item)):
            return True
    text = "".join(source.segment(item) for item in (*branch.body, *branch.orelse)).lower()
    return any(word in text or word in source.segment(branch.test).lower() for word in _BAD_WORDS)


def _as_failure(test: ast.expr, source: Source) -> str:
    """Return the test that is true for a failure: of ``not result.success``, ``result.error``, ``not ok``; else ""."""
    asked = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    if not isinstance(asked, (ast.Attribute, ast.Name)):
        return ""
    word = asked.attr if isinstance(asked, ast.Attribute) else asked.id
    text = source.segment(asked)
    if word in _WELL:
        return f"not {text}"
    return text if word in _ILL else ""


def _last_name(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
