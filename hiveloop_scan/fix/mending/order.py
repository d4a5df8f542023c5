"""Mending of the order: what is told too late is told first, by moving what it explains behind it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.mending.place import call_at, reads_as, statement_of
from hiveloop_scan.fix.place import check_alone, indent_of, is_comment
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source, first_line, last_line
from hiveloop_scan.model import Finding

_PLAIN = (
    ast.Name, ast.Constant, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.operator, ast.unaryop,
    ast.cmpop, ast.boolop, ast.expr_context, ast.keyword,
)  # fmt: skip
"""What does nothing but to be read."""

_NUMBERS = ("min", "max", "round", "float", "int", "random", "uniform", "sleep")
_BY_HAND = "move the call by hand"


@dataclass(frozen=True, slots=True)
class Move:
    """A statement, and the one behind which it belongs."""

    moved: ast.stmt
    behind: ast.stmt


def wait_later(source: Source, finding: Finding) -> list[Edit]:
    """``time.sleep(5)`` and then ``task.retry(...)`` -> the other way round."""
    return _edits(the_wait(source, finding), source)


def the_wait(source: Source, finding: Finding) -> Move:
    """Return the wait that a retry is told behind."""

    operation = str(finding.captures["operation"])

    def is_wait(statement: ast.stmt) -> bool:
        return isinstance(statement, ast.Expr) and reads_as(_awaited(statement.value), operation, source)

    move = _found(source, finding, is_wait)
    if not all(isinstance(node, _PLAIN) or _is_number(node) for node in ast.walk(_awaited(move.moved.value))):  # type: ignore[attr-defined]
        raise Refusal("what is waited for is no plain number", _BY_HAND)
    return move


def hand_over_later(source: Source, finding: Finding) -> list[Edit]:
    """``queue_for_review(order)`` and then ``task.escalate(...)`` -> the other way round."""
    return _edits(the_handing_over(source, finding), source)


def the_handing_over(source: Source, finding: Finding) -> Move:
    """Return the hand-over that an escalation is told behind."""

    operation = str(finding.captures["operation"])

    def hands_over(statement: ast.stmt) -> bool:
        calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
        return isinstance(statement, (ast.Expr, ast.Assign)) and any(
            reads_as(func, operation, source) for func in calls
        )

    return _found(source, finding, hands_over)


def _awaited(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _is_number(node: ast.AST) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return name in _NUMBERS


def _found(source: Source, finding: Finding, is_it: Callable[[ast.stmt], bool]) -> Move:
    """Return what stands in front of the call, with nothing between the two but what belongs to the call."""
    call = call_at(source, finding.span)
    told: ast.stmt = statement_of(call, source)
    while True:
        block = source.block_of(told)
        place = next(index for index, item in enumerate(block) if item is told)
        for earlier in range(place - 1, -1, -1):
            if is_it(block[earlier]):
                move = Move(block[earlier], told)
                _check(move, block[earlier + 1 : place + 1], call)
                return move
        outer = source.parents[told]
        if not isinstance(outer, (ast.If, ast.Try)) or block is not outer.body:
            raise Refusal("more than the call would have to be moved", _BY_HAND)
        told = outer


def _check(move: Move, passed: list[ast.stmt], call: ast.Call) -> None:
    """Refuse where what stands between the two does more than to tell, or one needs what the other makes."""
    if not all(_only_tells(statement, call) for statement in passed):
        raise Refusal("something else is done between the two", _BY_HAND)
    for one, others in (([move.moved], passed), (passed, [move.moved])):
        made = {name for name, is_read in _names(one) if not is_read}
        if made & {name for name, is_read in _names(others)}:
            raise Refusal("one of the two needs what the other makes", _BY_HAND)


def _names(statements: list[ast.stmt]) -> set[tuple[str, bool]]:
    nodes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return {(node.id, isinstance(node.ctx, ast.Load)) for node in nodes}


def _only_tells(statement: ast.stmt, call: ast.Call) -> bool:
    """Say whether a statement is the call, its check, its try, or gets what it is made on."""
    match statement:
        case ast.Expr(value=value):
            return value is call
        case ast.If(test=test, body=body, orelse=[]):
            is_plain = all(isinstance(node, _PLAIN) for node in ast.walk(test))
            return is_plain and all(_only_tells(item, call) for item in body)
        case ast.Try(body=body, handlers=handlers, orelse=[], finalbody=[]):
            silent = all(isinstance(item, ast.Pass) for handler in handlers for item in handler.body)
            return silent and all(_only_tells(item, call) for item in body)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[], keywords=[])):
            func = call.func
            return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == name
        case _:
            return False


def _edits(move: Move, source: Source) -> list[Edit]:
    """Move whole lines, with the comments right above them."""
    indent = indent_of(move.moved, source)
    indent_of(move.behind, source)
    check_alone(move.moved, source)
    check_alone(move.behind, source)
    first, last = first_line(move.moved), last_line(move.moved)
    while first > 1 and is_comment(source.lines[first - 2], indent):
        first -= 1
    after = last
    while not source.lines[after].strip():
        after += 1
    lines = [*source.lines[last:after], *source.lines[first - 1 : last]]
    end = last_line(move.behind)
    if not source.lines[end - 1].endswith(("\n", "\r")):  # the file ends without a line end, and shall go on so
        lines = [source.newline, *lines[:-1], lines[-1].rstrip("\r\n")]
    return [
        Edit(source.line_start(first), source.line_start(after + 1), ""),
        insertion(source.line_start(end + 1), "".join(lines)),
    ]
