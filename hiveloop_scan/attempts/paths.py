"""The ways through one round of a loop: what happens after the operation succeeded, and after it failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import Node, ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_block, flow_of_suite
from hiveloop_scan.syntax.tree import last_name, statements

Loop = cst.For | cst.While
AGAIN = Flow.CONTINUE
"""The way back to the head of the loop: a ``continue``, or the end of its body."""

_NOT_A_FAILURE = {
    "StopIteration", "StopAsyncIteration", "Empty", "QueueEmpty", "Full", "QueueFull", "CancelledError",
    "KeyboardInterrupt", "EOFError", "WatchError", "IndexError", "KeyError", "AttributeError", "ImportError",
    "ModuleNotFoundError", "NameError", "FileExistsError", "UnicodeDecodeError", "UnicodeError", "InterruptedError",
    "BlockingIOError", "SystemExit", "GeneratorExit", "ProcessLookupError",
}  # fmt: skip
"""Exceptions that end a search, a queue or a program; going on after them is no second attempt."""


Failure = cst.ExceptHandler | cst.ExceptStarHandler | cst.If
"""A branch that is taken when an attempt failed."""


@dataclass(frozen=True)
class Attempt:
    """One round of a loop: what is tried, the branches that lead to another round, where control goes otherwise.

    `otherwise` is the flow of a round that takes none of `failures`; `by_result` tells that no exception is involved.
    """

    tried: Sequence[cst.CSTNode]
    failures: tuple[Failure, ...]
    otherwise: Flow
    by_result: bool = False


def attempts_in(loop: Loop, module: ParsedModule) -> Iterator[Attempt]:
    """Yield the ways in which a failure in `loop` leads to another round: by an exception, or by a bad result."""
    tries: list[cst.Try | cst.TryStar] = [*in_round(loop, module, cst.Try), *in_round(loop, module, cst.TryStar)]
    for node in tries:
        if node.handlers:
            after = flow_after(node, loop, module)
            again = tuple(handler for handler in node.handlers if _leads_again(handler, after))
            if again:
                tried = (*statements(node.body), *(statements(node.orelse.body) if node.orelse else ()))
                yield Attempt(tried, again, _with_rest(flow_of_block(tried), after))
    for block in in_round(loop, module, cst.With):
        if any(last_name(item.item) == "suppress" for item in block.items) and flow_after(block, loop, module) & AGAIN:
            inside = statements(block.body)
            yield Attempt(inside, (), _with_rest(flow_of_block(inside), flow_after(block, loop, module)))
    body = statements(loop.body)
    handlers = [*module.below(body, cst.ExceptHandler), *module.below(body, cst.ExceptStarHandler)]
    smooth = flow_of_block(body, failing=False)
    if _with_rest(smooth, AGAIN) & AGAIN:
        branches = tuple(
            node
            for node in in_round(loop, module, cst.If)
            if flow_of_suite(node.body, failing=False) & AGAIN and not module.is_below(node, handlers)
        )
        yield Attempt(body, branches, _with_rest(smooth & ~Flow.CONTINUE, AGAIN), by_result=True)


def _leads_again(handler: cst.ExceptHandler | cst.ExceptStarHandler, after: Flow) -> bool:
    return not is_not_a_failure(handler) and bool(_with_rest(flow_of_suite(handler.body), after) & AGAIN)


def in_round(loop: Loop, module: ParsedModule, kind: type[Node]) -> list[Node]:
    """Return the nodes of one kind that run in one round of `loop`: what inner loops repeat is left out."""
    found = module.below(statements(loop.body), kind)
    inner = module.once(_inner_rounds, loop) if found else []
    return [node for node in found if not (inner and module.is_below(node, inner))]


def _inner_rounds(loop: Loop, module: ParsedModule) -> list[cst.CSTNode]:
    """Return the statements of the loops in a loop."""
    nested = module.below(statements(loop.body), cst.For, cst.While)
    return [statement for each in nested for statement in statements(each.body)]


def flow_after(node: cst.CSTNode, loop: Loop, module: ParsedModule) -> Flow:
    """Return where control goes in `loop` once `node`, a statement below it, has ended normally; never NEXT."""
    flow = Flow.NONE
    while True:
        suite = module.enclosing(node, cst.IndentedBlock, cst.SimpleStatementSuite)
        assert isinstance(suite, cst.BaseSuite)
        block = statements(suite)
        rest = flow_of_block(block[_index(block, node) + 1 :])
        flow |= rest & ~Flow.NEXT
        if not rest & Flow.NEXT:
            return flow
        owner = module.parent(suite)
        if owner is loop:
            return flow | AGAIN
        assert owner is not None
        node = _statement_of(owner, module)
        if isinstance(node, (cst.Try, cst.TryStar)) and owner is node and node.orelse:
            rest = flow_of_suite(node.orelse.body)
            flow |= rest & ~Flow.NEXT
            if not rest & Flow.NEXT:
                return flow


def _statement_of(owner: cst.CSTNode, module: ParsedModule) -> cst.CSTNode:
    """Return the whole statement that a branch (else, except, elif, finally, case) belongs to."""
    while True:
        parent = module.parent(owner)
        is_branch = isinstance(owner, (cst.Else, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase))
        is_elif = isinstance(owner, cst.If) and isinstance(parent, cst.If)
        if parent is None or not (is_branch or is_elif):
            return owner
        owner = parent


def _index(block: Sequence[cst.CSTNode], node: cst.CSTNode) -> int:
    return next((index for index, statement in enumerate(block) if statement is node), len(block))


def _with_rest(flow: Flow, after: Flow) -> Flow:
    return (flow & ~Flow.NEXT) | after if flow & Flow.NEXT else flow


def is_not_a_failure(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """Say whether a handler catches only what ends a search, a queue or a program."""
    names = exception_names(handler)
    return bool(names) and all(name in _NOT_A_FAILURE for name in names)


def exception_names(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> list[str]:
    """Return the last names of the exception types that `handler` catches; empty when it catches all."""
    if handler.type is None:
        return []
    types = (
        [element.value for element in handler.type.elements] if isinstance(handler.type, cst.Tuple) else [handler.type]
    )
    return [last_name(kind) for kind in types]
