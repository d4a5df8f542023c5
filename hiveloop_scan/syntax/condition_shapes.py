"""Shapes of code that notices a lasting condition: each asks for words in one place of the code, not anywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.signs import ALSO, WORDS, Like, Signs, whole
from hiveloop_scan.syntax.spelling import Words, speaks, spelled
from hiveloop_scan.syntax.walking import nodes, once, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_LIMIT = re.compile(r"max|limit|threshold|cap|allowed|tolerance|min|budget", re.IGNORECASE)
_ORDERED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq)
_CHANGERS = {"append", "add", "appendleft", "clear", "pop", "increment", "incr", "incrby", "bump"}
_SET_BACK = re.compile(r"_*(?:reset|clear|forget)")
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]+_[A-Z0-9_]+\b")
_FEWEST = 2
ABSENCE_SIGNS: Signs = [
    [whole("if"), WORDS, ALSO],
    [whole("if"), WORDS, Like(_VARIABLE.pattern.encode(), in_any_case=False)],
    [whole("return"), ALSO, Like(rb"^_*[A-Z][A-Z0-9_]{2,}$", in_any_case=False)],
]


def has_limit_test(unit: Unit, words: Words, also: Words) -> bool:
    """A comparison with a number above one or something named like a limit; the words stand on the other side."""
    for node in nodes(unit, ast.Compare):
        if len(node.ops) != 1 or not isinstance(node.ops[0], _ORDERED):
            continue
        for limit, counter in ((node.comparators[0], node.left), (node.left, node.comparators[0])):
            if not _is_a_limit(limit):
                continue
            if speaks(words, spelled(counter)):
                return True
            if isinstance(counter, ast.Name):
                bound = once(_bound_names, unit)
                if speaks(words, bound.get(counter.id, "")):
                    return True
    return False


def has_count_in_handler(unit: Unit) -> bool:
    """A handler that adds one to what an attribute holds."""
    return any(
        isinstance(inner.op, ast.Add) and isinstance(inner.target, (ast.Attribute, ast.Subscript))
        for handler in nodes(unit, ast.ExceptHandler)
        for inner in nodes(handler, ast.AugAssign)
    )


def _is_a_limit(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and node.value >= _FEWEST
    name = spelled(node)
    return bool(name) and (name.rpartition(".")[2].lstrip("_").isupper() or bool(_LIMIT.search(name)))


def _bound_names(unit: ast.AST) -> dict[str, str]:
    """Map each name that the unit gives a value to the names in all its values."""
    found: dict[str, str] = {}
    for node in nodes(unit, ast.Assign):
        if isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found[name] = f"{found.get(name, '')} {spelled(node.value)}"
    return found


def changes_a_count(unit: Unit, words: Words, also: Words) -> bool:
    """A lasting place named with the words that is counted up, set to nought, emptied or added to."""
    return any(speaks(words, place) for place in once(_changed_places, unit))


def _changed_places(unit: ast.AST) -> list[str]:
    shared = bool(nodes(unit, ast.Global, ast.Nonlocal))
    found = []
    for node in nodes(unit, ast.AugAssign, ast.Assign, ast.Call, ast.Delete):
        if isinstance(node, (ast.AugAssign, ast.Assign)):
            target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
            dies = isinstance(target, ast.Name) and not shared
            if not dies and _counts(node):
                found.append(spelled(target))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _empties(node.func):
            found.append(spelled(node.func))
        elif isinstance(node, ast.Delete):
            found.append(spelled(node.targets[0]))
    return found


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


def sets_to_a_state(unit: Unit, words: Words, also: Words) -> bool:
    """A place (named with `also`) that is given a constant, a text or something in capitals; the two have the words."""
    for node in nodes(unit, ast.Assign, ast.Call):
        if isinstance(node, ast.Assign):
            if not _is_a_state(node.value):
                continue
            said = spelled(node.value)
            for place in map(spelled, node.targets):
                if (not also or speaks(also, place)) and speaks(words, f"{place} {said}"):
                    return True
        elif node.args and isinstance(node.args[0], ast.Attribute):
            given = spelled(node.args[0]) if _is_a_state(node.args[0]) else ""
            if speaks(words, given):
                return True
    return False


def _is_a_state(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "value":
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return isinstance(node, ast.Constant) or name.isupper()


def sets_to_a_time(unit: Unit, words: Words, also: Words) -> bool:
    """A place named with the words that is given what a call or a sum makes, or nothing."""
    given = [node for node in nodes(unit, ast.Assign) if isinstance(node.value, (ast.Call, ast.BinOp, ast.Constant))]
    return any(speaks(words, spelled(target)) for node in given for target in node.targets)


def compares_a_share(unit: Unit, words: Words, also: Words) -> bool:
    """An ordered comparison of a division, or of something named with the words."""
    return any(
        isinstance(node.ops[0], _ORDERED[:4])
        and (
            (isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Div))
            or speaks(words, spelled(node.left))
        )
        for node in nodes(unit, ast.Compare)
    )


def tells_absence(unit: Unit, words: Words, also: Words) -> bool:
    """A branch about something missing that says so in the words, and is about something named with `also`."""
    return any(_tells(block, test, words, also) for test, block in _branches(unit))


def _branches(unit: Unit) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    for node in nodes(unit, ast.If):
        if _is_absence(node.test):
            yield node.test, node.body
        if node.orelse and not _is_elif(node.orelse[0], node):
            yield node.test, node.orelse


def _is_elif(first: ast.stmt, node: ast.If) -> bool:
    return isinstance(first, ast.If) and first.col_offset == node.col_offset


def _is_absence(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return any(_is_absence(value) for value in test.values)
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], (ast.Is, ast.Eq, ast.In, ast.NotIn))
    name = spelled(test).lower() if isinstance(test, (ast.Call, ast.Name, ast.Attribute)) else ""
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
    if not constant and not speaks(words, text):
        return False
    return not also or bool(_VARIABLE.search(text)) or speaks(also, f"{ast.unparse(test)} {text}")


def branches_on(unit: Unit, words: Words, also: Words) -> bool:
    """A branch or a handler whose test or type has the words, or a name that was given a value with them."""
    tests = once(_tests, unit)
    if not tests:
        return False
    if any(speaks(words, text) for text in once(_tests_as_written, unit)):
        return True
    told = {name for name, value in once(_bound_names, unit).items() if speaks(words, value)}
    return bool(told) and any(name.id in told for test in tests for name in nodes(test, ast.Name))


def _tests(unit: ast.AST) -> list[ast.expr]:
    tests = [node.test for node in nodes(unit, ast.If)]
    return tests + [handler.type for handler in nodes(unit, ast.ExceptHandler) if handler.type is not None]


def _tests_as_written(unit: ast.AST) -> list[str]:
    return [ast.unparse(test) for test in _tests(unit)]


def tests_a_measure(unit: Unit, words: Words, also: Words) -> bool:
    """An if that compares something named with the words, or a name bound to a difference of such."""
    for node in nodes(unit, ast.If):
        for test in nodes(node.test, ast.Compare):
            if not isinstance(test.ops[0], (*_ORDERED, ast.In)):
                continue
            if speaks(words, spelled(test)):
                return True
            if isinstance(test.ops[0], _ORDERED[:4]) and isinstance(test.left, ast.Name):
                bound = once(_bound_names, unit)
                if speaks(words, bound.get(test.left.id, "")):
                    return True
    return False


def has_branch_with_text(unit: Unit, words: Words, also: Words) -> bool:
    """An if that has a text with the words in it."""
    return any(
        isinstance(inner.value, str) and speaks(words, inner.value)
        for branch in nodes(unit, ast.If)
        for statement in branch.body
        for inner in nodes(statement, ast.Constant)
    )
