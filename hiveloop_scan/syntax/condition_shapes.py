"""Shapes of code that notices a lasting condition: each asks for words in one place of the code, not anywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.order_shapes import ORDER_SHAPES
from hiveloop_scan.syntax.plan_shapes import (
    has_item_by_position,
    has_listed_values,
    has_loop_over_answer,
    has_loop_over_named,
    has_main_method,
    has_position_kept,
    has_status_set,
    has_value_named,
)
from hiveloop_scan.syntax.queue_shapes import WORDED_QUEUE_SHAPES
from hiveloop_scan.syntax.tool_shapes import TOOL_RUNS
from hiveloop_scan.syntax.walking import walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_LIMIT = re.compile(r"max|limit|threshold|cap|allowed|tolerance|min|budget", re.IGNORECASE)
_ORDERED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq)
_CHANGERS = {"append", "add", "appendleft", "clear", "pop", "increment", "incr", "incrby", "bump"}
_SET_BACK = re.compile(r"_*(?:reset|clear|forget)")
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]+_[A-Z0-9_]+\b")
_FEWEST = 2


def _has_limit_test(unit: Unit, words: Words, also: Words) -> bool:
    """A comparison with a number above one or something named like a limit; the words stand on the other side."""
    bound: dict[str, str] | None = None
    for node in walk(unit):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], _ORDERED):
            continue
        for limit, counter in ((node.comparators[0], node.left), (node.left, node.comparators[0])):
            if not _is_a_limit(limit):
                continue
            if _speaks(words, spelled(counter)):
                return True
            if isinstance(counter, ast.Name):
                bound = _bound_names(unit) if bound is None else bound
                if _speaks(words, bound.get(counter.id, "")):
                    return True
    return False


def has_count_in_handler(unit: Unit) -> bool:
    """A handler that adds one to what an attribute holds."""
    return any(
        isinstance(inner, ast.AugAssign)
        and isinstance(inner.op, ast.Add)
        and isinstance(inner.target, (ast.Attribute, ast.Subscript))
        for node in walk(unit)
        if isinstance(node, ast.ExceptHandler)
        for inner in walk(node)
    )


def _is_a_limit(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and node.value >= _FEWEST
    name = spelled(node)
    return bool(name) and (name.rpartition(".")[2].lstrip("_").isupper() or bool(_LIMIT.search(name)))


def _bound_names(unit: Unit) -> dict[str, str]:
    """Map each name that the unit gives a value to the names in all its values."""
    found: dict[str, str] = {}
    for node in walk(unit):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found[name] = f"{found.get(name, '')} {spelled(node.value)}"
    return found


def _changes_a_count(unit: Unit, words: Words, also: Words) -> bool:
    """A lasting place named with the words that is counted up, set to nought, emptied or added to."""
    shared = any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in walk(unit))
    for node in walk(unit):
        if isinstance(node, (ast.AugAssign, ast.Assign)):
            target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
            dies = isinstance(target, ast.Name) and not shared
            changed = "" if dies or not _counts(node) else spelled(target)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _empties(node.func):
            changed = spelled(node.func)
        elif isinstance(node, ast.Delete):
            changed = spelled(node.targets[0])
        else:
            continue
        if _speaks(words, changed):
            return True
    return False


def _counts(node: ast.Assign | ast.AugAssign) -> bool:
    if isinstance(node, ast.AugAssign):
        return True
    if isinstance(node.value, (ast.List, ast.Dict)):
        return not isinstance(node.targets[0], ast.Name)
    return isinstance(node.value, ast.BinOp) or (isinstance(node.value, ast.Constant) and node.value.value == 0)


def _empties(callee: ast.Attribute) -> bool:
    if _SET_BACK.match(callee.attr):
        return True
    return callee.attr in _CHANGERS and not isinstance(callee.value, ast.Name)


def _sets_to_a_state(unit: Unit, words: Words, also: Words) -> bool:
    """A place that is given a constant, a text or something in capitals, where the two are named with the words."""
    for node in walk(unit):
        if isinstance(node, ast.Assign) and _is_a_state(node.value):
            if any(_speaks(words, f"{spelled(target)} {spelled(node.value)}") for target in node.targets):
                return True
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Attribute):
            given = spelled(node.args[0]) if _is_a_state(node.args[0]) else ""
            if _speaks(words, given):
                return True
    return False


def _is_a_state(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "value":
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return isinstance(node, ast.Constant) or name.isupper()


def _sets_to_a_time(unit: Unit, words: Words, also: Words) -> bool:
    """A place named with the words that is given what a call or a sum makes, or nothing."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, (ast.Call, ast.BinOp, ast.Constant))
        and any(_speaks(words, spelled(target)) for target in node.targets)
        for node in walk(unit)
    )


def _compares_a_share(unit: Unit, words: Words, also: Words) -> bool:
    """An ordered comparison of a division, or of something named with the words."""
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], _ORDERED[:4])
        and (
            (isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Div))
            or _speaks(words, spelled(node.left))
        )
        for node in walk(unit)
    )


def _has_named_handlers(unit: Unit, words: Words, also: Words) -> bool:
    """A function named with the words that has a try with a handler."""
    return any(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and _speaks(words, node.name)
        and any(isinstance(inner, ast.ExceptHandler) for inner in walk(node))
        for node in walk(unit)
    )


def _tells_absence(unit: Unit, words: Words, also: Words) -> bool:
    """A branch about something missing that says so in the words, and is about something named with `also`."""
    return any(_tells(block, test, words, also) for test, block in _branches(unit))


def _branches(unit: Unit) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    for node in walk(unit):
        if isinstance(node, ast.If):
            if _is_absence(node.test):
                yield node.test, node.body
            if node.orelse and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
                yield node.test, node.orelse


def _is_absence(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return any(_is_absence(value) for value in test.values)
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], (ast.Is, ast.Eq, ast.In))
    name = spelled(test).lower() if isinstance(test, (ast.Call, ast.Name)) else ""
    return any(word in name for word in ("empty", "blank", "none", "unset", "missing"))


def _tells(block: list[ast.stmt], test: ast.expr, words: Words, also: Words) -> bool:
    told: list[str] = []
    constant = False
    for statement in block:
        if isinstance(statement, (ast.Raise, ast.For, ast.AsyncFor, ast.While, ast.FunctionDef)):
            continue
        answers = isinstance(statement, ast.Return)
        for node in walk(statement):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                told.append(node.value)
            elif answers and isinstance(node, ast.Name) and len(node.id) > _FEWEST and node.id.lstrip("_").isupper():
                constant = True
    text = " ".join(told)
    if not constant and not _speaks(words, text):
        return False
    return not also or bool(_VARIABLE.search(text)) or _speaks(also, f"{ast.unparse(test)} {text}")


def _branches_on(unit: Unit, words: Words, also: Words) -> bool:
    """A branch or a handler whose test or type has the words, or a name that was given a value with them."""
    tests: list[ast.expr] = []
    for node in walk(unit):
        if isinstance(node, ast.If):
            tests.append(node.test)
        elif isinstance(node, ast.ExceptHandler) and node.type is not None:
            tests.append(node.type)
    if not tests:
        return False
    texts = [ast.unparse(test) for test in tests]
    if any(_speaks(words, text) for text in texts):
        return True
    bound = _bound_names(unit)
    told = {name for name, value in bound.items() if _speaks(words, value)}
    return any(isinstance(node, ast.Name) and node.id in told for test in tests for node in walk(test))


def _has_branch_with_text(unit: Unit, words: Words, also: Words) -> bool:
    """An if that has a text with the words in it."""
    return any(
        isinstance(inner, ast.Constant) and isinstance(inner.value, str) and _speaks(words, inner.value)
        for node in walk(unit)
        if isinstance(node, ast.If)
        for statement in node.body
        for inner in walk(statement)
    )


def spelled(node: ast.expr) -> str:
    """Return the names and plain values in an expression, in order: ``self.counts.get.host``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{spelled(node.value)}.{node.attr}"
    if isinstance(node, ast.Constant):
        return str(node.value)
    return ".".join(filter(None, map(spelled, _parts(node))))


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Subscript):
        return [node.value, node.slice]
    if isinstance(node, ast.Call):
        return [node.func, *node.args]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, (ast.Await, ast.Starred)):
        return [node.value]
    return [node.operand] if isinstance(node, ast.UnaryOp) else []


def _speaks(words: Words, text: str) -> bool:
    return bool(text) and mentions(text, words)


WORDED_SHAPES: dict[str, tuple[bytes, Callable[[Unit, Words, Words], bool]]] = {
    "limit-test": (rb"[<>=]=|<|>", _has_limit_test),
    "change-of-a-count": (rb"=|\.|\bdel\b", _changes_a_count),
    "set-to-a-state": (rb"=|\(", _sets_to_a_state),
    "set-to-a-time": (rb"=", _sets_to_a_time),
    "share-test": (rb"[<>]", _compares_a_share),
    "named-with-handler": (rb"\bexcept\b", _has_named_handlers),
    "absence-that-is-told": (rb"\bif\b", _tells_absence),
    "branch-with-text": (rb"\bif\b", _has_branch_with_text),
    "branch-on": (rb"\bif\b|\bexcept\b", _branches_on),
    "loop-over-named": (rb"\b(?:for|while)\b", has_loop_over_named),
    "value-named": (rb"", has_value_named),
    "main-method": (rb"run|forward|__call__|invoke|act", has_main_method),
    "position-kept": (rb"\[|\+|\blen\b", has_position_kept),
    "status-set": (rb"status|state|phase|done|complete|finished", has_status_set),
    "item-by-position": (rb"\[|\.\w*(?:current|next|pending|remaining|upcoming|first|ready|pop)", has_item_by_position),
    "listed-values": (rb"[\[(,]", has_listed_values),
    "loop-over-answer": (rb"\bfor\b", has_loop_over_answer),
    **ORDER_SHAPES,
    **TOOL_RUNS,
    **WORDED_QUEUE_SHAPES,
}
"""Shape name -> the bytes a file needs, and the test on one function, given the `words` and `also` of its need."""
