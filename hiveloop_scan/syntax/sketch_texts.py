"""Sketch texts, numbers and f-strings, in as many pieces as they are written in."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.literals import FIELD, QUOTED, literals_in
from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.sketching import EXPRESSIONS, expression, name, noted
from hiveloop_scan.syntax.writing import WRITING

_STRING = maker(cst.SimpleString, "value", "lpar")
_INTEGER = maker(cst.Integer, "value", "lpar")
_FLOAT = maker(cst.Float, "value", "lpar")
_IMAGINARY = maker(cst.Imaginary, "value", "lpar")
_FORMATTED = maker(cst.FormattedString, "parts", "start", "end", "lpar")
_FORMATTED_TEXT = maker(cst.FormattedStringText, "value")
_FORMATTED_VALUE = maker(cst.FormattedStringExpression, "expression", "conversion", "format_spec")
_JOINED = maker(cst.ConcatenatedString, "left", "right", "lpar")
_ELLIPSIS = maker(cst.Ellipsis, "lpar")


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if isinstance(value, (str, bytes)):
        if id(node) in WRITING.loose:
            return _STRING(repr(value), ())
        return _literal(WRITING.between(node, node))
    if value is None or value is True or value is False:
        return name(str(value))
    if value is ...:
        return _ELLIPSIS(())
    text = str(value) if id(node) in WRITING.loose else WRITING.between(node, node)
    if isinstance(value, int):
        return _INTEGER(text, ())
    return (_FLOAT if isinstance(value, float) else _IMAGINARY)(text, ())


def _literal(text: str) -> Any:
    """Sketch a text, in as many pieces as it is written in."""
    return _concatenated([_STRING(piece, ()) for piece in literals_in(text)])


def _concatenated(made: Sequence[Any]) -> Any:
    whole = made[-1]
    for left in reversed(made[:-1]):
        whole = _JOINED(left, whole, ())
    return whole


def _formatted(node: ast.JoinedStr) -> Any:
    loose = WRITING.loose
    is_inner = id(node) in loose
    loose.update(map(id, ast.walk(node)))
    text = ast.unparse(node) if is_inner else WRITING.between(node, node)
    if not is_inner:
        loose.discard(id(node))
    fields = iter([value for value in node.values if isinstance(value, ast.FormattedValue)])
    return _concatenated([_one_formatted(piece, fields) for piece in literals_in(text)])


def _one_formatted(piece: str, fields: Iterator[ast.FormattedValue]) -> Any:
    opening = QUOTED.match(piece)
    start = opening[0] if opening else ""
    if "f" not in start.lower():
        return _STRING(piece, ())
    quotes = start.lstrip("fFrRbBtT")
    parts: list[Any] = []
    for text in FIELD.split(piece[len(start) : len(piece) - len(quotes)]):
        if not text.startswith("{") or text.startswith("{{"):
            parts += [_FORMATTED_TEXT(text)] if text else []
        elif field := next(fields, None):
            parts.append(_field(field))
    return _FORMATTED(parts, start, quotes, ())


def _field(value: ast.FormattedValue) -> Any:
    specification = value.format_spec
    parts = None
    if isinstance(specification, ast.JoinedStr):
        parts = [
            _field(part) if isinstance(part, ast.FormattedValue) else _FORMATTED_TEXT(str(getattr(part, "value", "")))
            for part in specification.values
        ]
    conversion = chr(value.conversion) if value.conversion > 0 else None
    return noted(_FORMATTED_VALUE(expression(value.value), conversion, parts), value)


EXPRESSIONS.update({ast.Constant: _constant, ast.JoinedStr: _formatted})
