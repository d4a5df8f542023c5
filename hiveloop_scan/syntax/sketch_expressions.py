"""Sketch expressions: the standard parser's nodes in, those of libcst out."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.operators import OPERATORS
from hiveloop_scan.syntax.sketching import EXPRESSIONS, begun, expression, maybe, name, noted

_NAME = maker(cst.Name, "value")
_ATTRIBUTE = maker(cst.Attribute, "value", "attr")
_CALL = maker(cst.Call, "func", "args")
_ARG = maker(cst.Arg, "value", "keyword", "star")
_SUBSCRIPT = maker(cst.Subscript, "value", "slice")
_ELEMENT_OF_SUBSCRIPT = maker(cst.SubscriptElement, "slice")
_INDEX = maker(cst.Index, "value", "star")
_SLICE = maker(cst.Slice, "lower", "upper", "step")
_BINARY = maker(cst.BinaryOperation, "left", "operator", "right")
_BOOLEAN = maker(cst.BooleanOperation, "left", "operator", "right")
_UNARY = maker(cst.UnaryOperation, "operator", "expression")
_COMPARISON = maker(cst.Comparison, "left", "comparisons")
_COMPARED = maker(cst.ComparisonTarget, "operator", "comparator")
_AWAIT = maker(cst.Await, "expression")
_YIELD = maker(cst.Yield, "value")
_FROM = maker(cst.From, "item")
_NAMED = maker(cst.NamedExpr, "target", "value")
_CHOICE = maker(cst.IfExp, "test", "body", "orelse")
_LAMBDA = maker(cst.Lambda, "params", "body")
_TUPLE = maker(cst.Tuple, "elements")
_LIST = maker(cst.List, "elements")
_SET = maker(cst.Set, "elements")
_ELEMENT = maker(cst.Element, "value")
_STARRED = maker(cst.StarredElement, "value")
_DICT = maker(cst.Dict, "elements")
_ENTRY = maker(cst.DictElement, "key", "value")
_STARRED_ENTRY = maker(cst.StarredDictElement, "value")
_COMPREHENSIONS = {
    ast.ListComp: maker(cst.ListComp, "elt", "for_in"),
    ast.SetComp: maker(cst.SetComp, "elt", "for_in"),
    ast.GeneratorExp: maker(cst.GeneratorExp, "elt", "for_in"),
}
_DICT_COMPREHENSION = maker(cst.DictComp, "key", "value", "for_in")
_FOR_IN = maker(cst.CompFor, "target", "iter", "ifs", "inner_for_in", "asynchronous")
_IF_IN = maker(cst.CompIf, "test")
_PARAMETERS = maker(
    cst.Parameters, "params", "star_arg", "kwonly_params", "star_kwarg", "posonly_params", "posonly_ind"
)
_PARAMETER = maker(cst.Param, "name", "annotation", "default", "star")
_ANNOTATION = maker(cst.Annotation, "annotation")
ASYNCHRONOUS = cst.Asynchronous()
_MISSING = cst.MaybeSentinel.DEFAULT
_STAR = cst.ParamStar()
_SLASH = cst.ParamSlash()


def _name(node: ast.Name) -> Any:
    return _NAME(node.id)


def _attribute(node: ast.Attribute) -> Any:
    return _ATTRIBUTE(expression(node.value), _NAME(node.attr))


def _call(node: ast.Call) -> Any:
    return _CALL(expression(node.func), arguments(node.args, node.keywords))


def arguments(plain: Sequence[ast.expr], named: Sequence[ast.keyword]) -> list[Any]:
    """Sketch the arguments of a call, or the bases of a class, in source order."""
    parts: list[ast.expr | ast.keyword] = [*plain, *named]
    if plain and named and _place(plain[-1]) > _place(named[0]):
        parts.sort(key=_place)
    return [_argument(part) for part in parts]


def _place(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _argument(value: ast.expr | ast.keyword) -> Any:
    if isinstance(value, ast.keyword):
        named = _NAME(value.arg) if value.arg else None
        return noted(begun(), _ARG(expression(value.value), named, "" if value.arg else "**"), value)
    if type(value) is ast.Starred:
        return noted(begun(), _ARG(expression(value.value), None, "*"), value)
    return noted(begun(), _ARG(expression(value), None, ""), value)


def _subscript(node: ast.Subscript) -> Any:
    key = node.slice
    parts = key.elts if isinstance(key, ast.Tuple) and _is_bare(key) else [key]
    return _SUBSCRIPT(
        expression(node.value), [noted(begun(), _ELEMENT_OF_SUBSCRIPT(_key(part)), part) for part in parts]
    )


def _is_bare(key: ast.Tuple) -> bool:
    """Say whether a tuple in a subscript has no parentheses of its own."""
    if not key.elts:
        return False
    first = key.elts[0]
    return any(isinstance(part, (ast.Slice, ast.Starred)) for part in key.elts) or (
        (first.lineno, first.col_offset) == (key.lineno, key.col_offset)
    )


def _key(part: ast.expr) -> Any:
    if isinstance(part, ast.Slice):
        return noted(begun(), _SLICE(maybe(part.lower), maybe(part.upper), maybe(part.step)), part)
    if isinstance(part, ast.Starred):
        return noted(begun(), _INDEX(expression(part.value), "*"), part)
    return noted(begun(), _INDEX(expression(part), None), part)


def _binary(node: ast.BinOp) -> Any:
    return _BINARY(expression(node.left), OPERATORS[type(node.op)], expression(node.right))


def _boolean(node: ast.BoolOp) -> Any:
    operator = OPERATORS[type(node.op)]
    first = node.values[0]
    numbers = [begun() for _ in node.values[2:]]
    made = _BOOLEAN(expression(first), operator, expression(node.values[1]))
    for last, value in pairwise(node.values[1:]):
        made = _BOOLEAN(noted(numbers.pop(), made, (first, last)), operator, expression(value))
    return made


def _unary(node: ast.UnaryOp) -> Any:
    return _UNARY(OPERATORS[type(node.op)], expression(node.operand))


def _comparison(node: ast.Compare) -> Any:
    left = expression(node.left)
    compared = [
        noted(begun(), _COMPARED(OPERATORS[type(operator)], expression(value)), value)
        for operator, value in zip(node.ops, node.comparators, strict=True)
    ]
    return _COMPARISON(left, compared)


def _await(node: ast.Await) -> Any:
    return _AWAIT(expression(node.value))


def _yield(node: ast.Yield) -> Any:
    return _YIELD(maybe(node.value))


def _yield_from(node: ast.YieldFrom) -> Any:
    return _YIELD(noted(begun(), _FROM(expression(node.value)), node))


def _named(node: ast.NamedExpr) -> Any:
    return _NAMED(expression(node.target), expression(node.value))


def _choice(node: ast.IfExp) -> Any:
    return _CHOICE(expression(node.test), expression(node.body), expression(node.orelse))


def _lambda(node: ast.Lambda) -> Any:
    return _LAMBDA(parameters(node.args), expression(node.body))


def elements(values: Sequence[ast.expr]) -> list[Any]:
    """Sketch the items of a list, a set or a tuple."""
    return [
        noted(begun(), _STARRED(expression(value.value)), value)
        if isinstance(value, ast.Starred)
        else noted(begun(), _ELEMENT(expression(value)), value)
        for value in values
    ]


def _tuple(node: ast.Tuple) -> Any:
    return _TUPLE(elements(node.elts))


def _list(node: ast.List) -> Any:
    return _LIST(elements(node.elts))


def _set(node: ast.Set) -> Any:
    return _SET(elements(node.elts))


def _dict(node: ast.Dict) -> Any:
    entries = [
        noted(begun(), _STARRED_ENTRY(expression(value)), value)
        if key is None
        else noted(begun(), _ENTRY(expression(key), expression(value)), (key, value))
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    return _DICT(entries)


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Any:
    return _COMPREHENSIONS[type(node)](expression(node.elt), _for_in(node.generators))


def _dict_comprehension(node: ast.DictComp) -> Any:
    return _DICT_COMPREHENSION(expression(node.key), expression(node.value), _for_in(node.generators))


def _for_in(generators: Sequence[ast.comprehension]) -> Any:
    number = begun()
    part, *inner = generators
    last = generators[-1].ifs[-1] if generators[-1].ifs else generators[-1].iter
    made = _FOR_IN(
        expression(part.target),
        expression(part.iter),
        [noted(begun(), _IF_IN(expression(test)), test) for test in part.ifs],
        _for_in(inner) if inner else None,
        ASYNCHRONOUS if part.is_async else None,
    )
    return noted(number, made, (part.target, last))


def parameters(node: ast.arguments) -> Any:
    """Sketch the parameters of a function."""
    number = begun()
    plain = [*node.posonlyargs, *node.args]
    defaults = [None] * (len(plain) - len(node.defaults)) + node.defaults
    pairs = list(zip(plain, defaults, strict=True))
    border = len(node.posonlyargs)
    made = _PARAMETERS(
        [_parameter(part, default, "") for part, default in pairs[border:]],
        _parameter(node.vararg, None, "*") if node.vararg else _STAR if node.kwonlyargs else _MISSING,
        [_parameter(part, default, "") for part, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)],
        _parameter(node.kwarg, None, "**") if node.kwarg else None,
        [_parameter(part, default, "") for part, default in pairs[:border]],
        _SLASH if border else _MISSING,
    )
    return noted(number, made)


def _parameter(node: ast.arg, default: ast.expr | None, star: str) -> Any:
    return noted(begun(), _PARAMETER(name(node.arg), annotation(node.annotation), maybe(default), star), node)


def annotation(node: ast.expr | None) -> Any:
    """Sketch an annotation that may not be there."""
    return noted(begun(), _ANNOTATION(expression(node)), node) if node else None


EXPRESSIONS.update(
    {
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.Subscript: _subscript,
        ast.BinOp: _binary,
        ast.BoolOp: _boolean,
        ast.UnaryOp: _unary,
        ast.Compare: _comparison,
        ast.Await: _await,
        ast.Yield: _yield,
        ast.YieldFrom: _yield_from,
        ast.NamedExpr: _named,
        ast.IfExp: _choice,
        ast.Lambda: _lambda,
        ast.Tuple: _tuple,
        ast.List: _list,
        ast.Set: _set,
        ast.Dict: _dict,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _dict_comprehension,
    }
)
