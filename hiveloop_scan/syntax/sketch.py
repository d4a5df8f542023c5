"""Sketch a file: a tree of libcst nodes made of the standard parser's, many times faster than libcst parses.

A sketch has the nodes that hold code and no white space, comments or punctuation. Detectors look at it as they do at
a tree that libcst has parsed, and find the same; the text behind a node is told by `WRITING`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from typing import Any

import libcst as cst

import hiveloop_scan.syntax.sketch_texts  # noqa: F401  # enters itself in the table of expressions
from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.operators import AUGMENTED
from hiveloop_scan.syntax.sketch_expressions import ASYNCHRONOUS, annotation, arguments, elements, parameters
from hiveloop_scan.syntax.sketch_imports import as_name, import_, import_from
from hiveloop_scan.syntax.sketch_patterns import pattern
from hiveloop_scan.syntax.sketching import begun, expression, maybe, name, noted
from hiveloop_scan.syntax.writing import WRITING

_LINE = maker(cst.SimpleStatementLine, "body")
_SUITE = maker(cst.SimpleStatementSuite, "body")
_BLOCK = maker(cst.IndentedBlock, "body", "indent")
_MODULE = maker(cst.Module, "body")
_EXPR = maker(cst.Expr, "value")
_ASSIGN = maker(cst.Assign, "targets", "value")
_TARGET = maker(cst.AssignTarget, "target")
_ANNOTATED = maker(cst.AnnAssign, "target", "annotation", "value")
_AUGMENTED = maker(cst.AugAssign, "target", "operator", "value")
_PASS = maker(cst.Pass)
_BREAK = maker(cst.Break)
_CONTINUE = maker(cst.Continue)
_RETURN = maker(cst.Return, "value")
_RAISE = maker(cst.Raise, "exc", "cause")
_FROM = maker(cst.From, "item")
_DEL = maker(cst.Del, "target")
_TUPLE = maker(cst.Tuple, "elements")
_ASSERT = maker(cst.Assert, "test", "msg")
_GLOBAL = maker(cst.Global, "names")
_NONLOCAL = maker(cst.Nonlocal, "names")
_NAME_ITEM = maker(cst.NameItem, "name")
_AS_NAME = maker(cst.AsName, "name")
_IF = maker(cst.If, "test", "body", "orelse")
_ELSE = maker(cst.Else, "body")
_FINALLY = maker(cst.Finally, "body")
_FOR = maker(cst.For, "target", "iter", "body", "orelse", "asynchronous")
_WHILE = maker(cst.While, "test", "body", "orelse")
_WITH = maker(cst.With, "items", "body", "asynchronous")
_WITH_ITEM = maker(cst.WithItem, "item", "asname")
_TRY = maker(cst.Try, "body", "handlers", "orelse", "finalbody")
_TRY_STAR = maker(cst.TryStar, "body", "handlers", "orelse", "finalbody")
_HANDLER = maker(cst.ExceptHandler, "body", "type", "name")
_STAR_HANDLER = maker(cst.ExceptStarHandler, "body", "type", "name")
_FUNCTION = maker(cst.FunctionDef, "name", "params", "body", "decorators", "returns", "asynchronous", "type_parameters")
_CLASS = maker(cst.ClassDef, "name", "body", "bases", "keywords", "decorators", "type_parameters")
_DECORATOR = maker(cst.Decorator, "decorator")
_MATCH = maker(cst.Match, "subject", "cases")
_CASE = maker(cst.MatchCase, "pattern", "body", "guard")


def sketch(body: Sequence[ast.stmt], lines: Sequence[bytes], left_out: Collection[int] = ()) -> cst.Module:
    """Sketch a file of which `lines` are the lines, in UTF-8.

    The statements whose ``id`` is in `left_out` become ``pass``. Raises KeyError at syntax that is new to it.
    """
    WRITING.begin(lines)
    _LEFT_OUT.clear()
    _LEFT_OUT.update(left_out)
    made: cst.Module = noted(begun(), _MODULE(_statements(body)))
    return made


_LEFT_OUT: set[int] = set()


def _statements(body: Sequence[ast.stmt]) -> list[Any]:
    """Sketch a block: small statements stand in lines of their own, ``a; b`` in one."""
    made: list[Any] = []
    row: list[Any] = []
    first: Any = None
    number = end = 0
    for statement in body:
        if id(statement) in _LEFT_OUT:
            made.append(noted(begun(), _LINE([noted(begun(), _PASS())])))
            end = 0
            continue
        compound = _COMPOUND.get(type(statement))
        if compound:
            made.append(noted(begun(), compound(statement), statement))
            end = 0
            continue
        if statement.lineno != end:
            row, first, number = [], statement, begun()
            made.append(_LINE(row))
        row.append(_small(statement))
        noted(number, made[-1], statement if statement is first else (first, statement))
        end = statement.end_lineno or 0
    return made


def _small(statement: ast.stmt) -> Any:
    return noted(begun(), _SMALL[type(statement)](statement), statement)


def _block(body: Sequence[ast.stmt]) -> Any:
    """Sketch the body of a compound statement; one on the line of its head is no block for libcst."""
    first, last = body[0], body[-1]
    if WRITING.lines[first.lineno - 1][: first.col_offset].strip(b" \t\f"):
        return noted(begun(), _SUITE([_small(statement) for statement in body]), (first, last))
    return noted(begun(), _BLOCK(_statements(body), None), (first, last))


def _else(body: Sequence[ast.stmt]) -> Any:
    return noted(begun(), _ELSE(_block(body)), (body[0], body[-1])) if body else None


def _expr(node: ast.Expr) -> Any:
    return _EXPR(expression(node.value))


def _assign(node: ast.Assign) -> Any:
    return _ASSIGN([noted(begun(), _TARGET(expression(each)), each) for each in node.targets], expression(node.value))


def _annotated(node: ast.AnnAssign) -> Any:
    return _ANNOTATED(expression(node.target), annotation(node.annotation), maybe(node.value))


def _augmented(node: ast.AugAssign) -> Any:
    return _AUGMENTED(expression(node.target), AUGMENTED[type(node.op)], expression(node.value))


def _return(node: ast.Return) -> Any:
    return _RETURN(maybe(node.value))


def _raise(node: ast.Raise) -> Any:
    return _RAISE(maybe(node.exc), noted(begun(), _FROM(expression(node.cause)), node.cause) if node.cause else None)


def _delete(node: ast.Delete) -> Any:
    if len(node.targets) == 1:
        return _DEL(expression(node.targets[0]))
    return _DEL(noted(begun(), _TUPLE(elements(node.targets)), (node.targets[0], node.targets[-1])))


def _assert(node: ast.Assert) -> Any:
    return _ASSERT(expression(node.test), maybe(node.msg))


def _global(node: ast.Global | ast.Nonlocal) -> Any:
    make = _GLOBAL if isinstance(node, ast.Global) else _NONLOCAL
    return make([noted(begun(), _NAME_ITEM(name(each))) for each in node.names])


def _if(node: ast.If) -> Any:
    return _IF(expression(node.test), _block(node.body), _after_if(node.orelse))


def _after_if(body: Sequence[ast.stmt]) -> Any:
    first = body[0] if body else None
    if isinstance(first, ast.If) and WRITING.lines[first.lineno - 1].startswith(b"elif", first.col_offset):
        return noted(begun(), _if(first), first)
    return _else(body)


def _for(node: ast.For | ast.AsyncFor) -> Any:
    asynchronous = ASYNCHRONOUS if isinstance(node, ast.AsyncFor) else None
    target, iterable, body = expression(node.target), expression(node.iter), _block(node.body)
    return _FOR(target, iterable, body, _else(node.orelse), asynchronous)


def _while(node: ast.While) -> Any:
    return _WHILE(expression(node.test), _block(node.body), _else(node.orelse))


def _with(node: ast.With | ast.AsyncWith) -> Any:
    items = [
        noted(
            begun(),
            _WITH_ITEM(
                expression(item.context_expr),
                noted(begun(), _AS_NAME(expression(item.optional_vars))) if item.optional_vars else None,
            ),
            (item.context_expr, item.optional_vars or item.context_expr),
        )
        for item in node.items
    ]
    return _WITH(items, _block(node.body), ASYNCHRONOUS if isinstance(node, ast.AsyncWith) else None)


def _try(node: ast.Try | ast.TryStar) -> Any:
    make, make_handler = (_TRY, _HANDLER) if isinstance(node, ast.Try) else (_TRY_STAR, _STAR_HANDLER)
    return make(
        _block(node.body),
        [noted(begun(), _handler(each, make_handler), each) for each in node.handlers],
        _else(node.orelse),
        noted(begun(), _FINALLY(_block(last)), (last[0], last[-1])) if (last := node.finalbody) else None,
    )


def _handler(node: ast.ExceptHandler, make: Callable[..., Any]) -> Any:
    return make(_block(node.body), maybe(node.type), as_name(node.name))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Any:
    if getattr(node, "type_params", None):
        raise KeyError("type parameters")
    return _FUNCTION(
        name(node.name),
        parameters(node.args),
        _block(node.body),
        _decorators(node.decorator_list),
        annotation(node.returns),
        ASYNCHRONOUS if isinstance(node, ast.AsyncFunctionDef) else None,
        None,
    )


def _class(node: ast.ClassDef) -> Any:
    if getattr(node, "type_params", None):
        raise KeyError("type parameters")
    return _CLASS(
        name(node.name),
        _block(node.body),
        arguments(node.bases, []),
        arguments([], node.keywords),
        _decorators(node.decorator_list),
        None,
    )


def _decorators(nodes: Sequence[ast.expr]) -> list[Any]:
    return [noted(begun(), _DECORATOR(expression(node)), node) for node in nodes]


def _match(node: ast.Match) -> Any:
    return _MATCH(expression(node.subject), [noted(begun(), _case(each), each) for each in node.cases])


def _case(node: ast.match_case) -> Any:
    return _CASE(pattern(node.pattern), _block(node.body), maybe(node.guard))


_SMALL: dict[type[ast.stmt], Callable[[Any], Any]] = {
    ast.Expr: _expr,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _global,
    ast.Import: import_,
    ast.ImportFrom: import_from,
    ast.Pass: lambda node: _PASS(),
    ast.Break: lambda node: _BREAK(),
    ast.Continue: lambda node: _CONTINUE(),
}
_COMPOUND: dict[type[ast.stmt], Callable[[Any], Any]] = {
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Match: _match,
}
