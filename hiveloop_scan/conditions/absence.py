"""Tests that something is missing, and what it is that is missing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, last_name

_EMPTY = ("None", '""', "''", "[]", "{}", "0", "False")
_ON_DISK = ("exists", "is_file", "isfile", "is_dir", "isdir")
_WRAPPERS = ("all", "any", "bool", "len")
_NOT_A_VALUE = {
    "isinstance", "issubclass", "hasattr", "callable", "startswith", "endswith", "exists", "is_file", "is_dir",
    "isfile",
    "isdir", "match", "search", "fullmatch", "iscoroutinefunction", "is_alive", "done", "is_set",
    "compare_digest",
}  # fmt: skip
_MISSING = {"missing", "unset"}
_EMPTINESS = {"empty", "blank", "none", "unset", "missing"}

Branch = cst.If | cst.Else


def missing_in(branch: Branch, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return the expressions that are known to be missing, empty or false in `branch`; none when it tells nothing."""
    if isinstance(branch, cst.If):
        found = _absent(branch.test)
    else:
        owner = module.parent(branch)
        found = _present(owner.test) if isinstance(owner, cst.If) else iter(())
    return [value for value in found if not (isinstance(value, cst.Call) and last_name(value.func) in _NOT_A_VALUE)]


def file_missing_in(branch: Branch, module: ParsedModule) -> cst.BaseExpression | None:
    """Return the path that is known, in `branch`, to lead to nothing."""
    owner = branch if isinstance(branch, cst.If) else module.parent(branch)
    if not isinstance(owner, cst.If):
        return None
    test = owner.test
    if isinstance(branch, cst.If):
        if not isinstance(test, cst.UnaryOperation) or not isinstance(test.operator, cst.Not):
            return None
        test = test.expression
    if not isinstance(test, cst.Call) or last_name(test.func) not in _ON_DISK:
        return None
    if test.args:
        return test.args[0].value
    return test.func.value if isinstance(test.func, cst.Attribute) else None


def unknown_in(branch: Branch, module: ParsedModule) -> cst.BaseExpression | None:
    """Return what an else branch knows to have none of the values that it is compared with before."""
    if isinstance(branch, cst.If):
        return None
    owner = module.parent(branch)
    compared: list[cst.BaseExpression] = []
    while isinstance(owner, cst.If):
        test = owner.test
        if not isinstance(test, cst.Comparison) or not isinstance(test.comparisons[0].operator, (cst.Equal, cst.In)):
            return None
        compared.append(test.left)
        owner = module.parent(owner)
    return compared[0] if compared and len({code(left) for left in compared}) == 1 else None


def _absent(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation):
        yield from _absent(test.left)
        yield from _absent(test.right)
    elif isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield from _all_of(test.expression)
    elif isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        operator, other = test.comparisons[0].operator, test.comparisons[0].comparator
        if isinstance(operator, (cst.Is, cst.Equal)) and code(other) in _EMPTY:
            yield from _all_of(test.left)
        elif isinstance(operator, cst.NotIn) and isinstance(test.left, cst.SimpleString):
            yield other
        elif isinstance(operator, cst.In) and _holds_an_empty_value(other):
            yield test.left
    elif isinstance(test, cst.Call) and _EMPTINESS.intersection(words(last_name(test.func))) and len(test.args) == 1:
        yield test.args[0].value
    elif isinstance(test, (cst.Name, cst.Attribute)) and _MISSING.intersection(words(last_name(test))):
        yield test


def _holds_an_empty_value(listed: cst.BaseExpression) -> bool:
    return isinstance(listed, (cst.Tuple, cst.List, cst.Set)) and any(
        code(element.value) in _EMPTY for element in listed.elements
    )


def _present(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield what a test finds to be there, so that its else branch has to do without."""
    if isinstance(test, cst.BooleanOperation):
        yield from _present(test.left)
        yield from _present(test.right)
    elif isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        operator, other = test.comparisons[0].operator, test.comparisons[0].comparator
        if isinstance(operator, (cst.IsNot, cst.NotEqual)) and code(other) in _EMPTY:
            yield test.left
    elif isinstance(test, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Await)):
        yield from _all_of(test)


def _all_of(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield the parts of ``all([a, b])``, what is behind ``bool(x)`` or ``len(x)``, or the thing itself."""
    if isinstance(node, cst.Await):
        node = node.expression
    if isinstance(node, cst.BooleanOperation):
        yield from _all_of(node.left)
        yield from _all_of(node.right)
    elif isinstance(node, cst.Call) and last_name(node.func) in _WRAPPERS and node.args:
        inner = node.args[0].value
        if isinstance(inner, (cst.List, cst.Tuple)):
            for element in inner.elements:
                yield element.value
        else:
            yield inner
    elif not isinstance(node, cst.Comparison):
        yield node
