"""Sketch texts, numbers and f-strings, in as many pieces as they are written in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.literals import FIELD, QUOTED, literals_in
from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.sketching import EXPRESSIONS, bare_name, begun, expression, noted
from hiveloop_scan.syntax.writing import WRITING

_STRING = maker(cst.SimpleString, "value")
_INTEGER = maker(cst.Integer, "value")
_FLOAT = maker(cst.Float, "value")
_IMAGINARY = maker(cst.Imaginary, "value")
_FORMATTED = maker(cst.FormattedString, "parts", "start", "end")
_FORMATTED_TEXT = maker(cst.FormattedStringText, "value")
_FORMATTED_VALUE = maker(cst.FormattedStringExpression, "expression", "conversion", "format_spec")
_JOINED = maker(cst.ConcatenatedString, "left", "right")
_ELLIPSIS = maker(cst.Ellipsis)


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if isinstance(value, (str, bytes)):
        if WRITING.is_within_text:
            return _STRING(repr(value))
        return _literal(WRITING.between(node, node))
    if value is None or value is True or value is False:
        return bare_name(str(value))
    if value is ...:
        return _ELLIPSIS()
    text = str(value) if WRITING.is_within_text else WRITING.between(node, node)
    if isinstance(value, int):
        return _INTEGER(text)
    return (_FLOAT if isinstance(value, float) else _IMAGINARY)(text)


def _literal(text: str) -> Any:
    """Sketch a text, in as many pieces as it is written in."""
    return _concatenated(literals_in(text), _plain)


def _plain(piece: str) -> Any:
    return _STRING(piece)


def _concatenated(pieces: Sequence[str], make: Callable[[str], Any]) -> Any:
    first, *rest = pieces
    if not rest:
        return make(first)
    return _JOINED(noted(begun(), make(first)), noted(begun(), _concatenated(rest, make)))


def _formatted(node: ast.JoinedStr) -> Any:
    is_inner, first = WRITING.is_within_text, len(WRITING.order)
    text = ast.unparse(node) if is_inner else WRITING.between(node, node)
    fields = iter([value for value in node.values if isinstance(value, ast.FormattedValue)])
    WRITING.is_within_text = True
    made = _concatenated(literals_in(text), lambda piece: _one_formatted(piece, fields))
    WRITING.is_within_text = is_inner
    if not is_inner:
        WRITING.loose.update(map(id, WRITING.order[first:]))
    return made


def _one_formatted(piece: str, fields: Iterator[ast.FormattedValue]) -> Any:
    opening = QUOTED.match(piece)
    start = opening[0] if opening else ""
    if "f" not in start.lower():
        return _STRING(piece)
    quotes = start.lstrip("fFrRbBtT")
    parts: list[Any] = []
    for text in FIELD.split(piece[len(start) : len(piece) - len(quotes)]):
        if not text.startswith("{") or text.startswith("{{"):
            parts += [_text(text)] if text else []
        elif field := next(fields, None):
            parts.append(_field(field))
    return _FORMATTED(parts, start, quotes)


def _text(text: str) -> Any:
    return noted(begun(), _FORMATTED_TEXT(text))


def _field(value: ast.FormattedValue) -> Any:
    conversion = chr(value.conversion) if value.conversion > 0 else None
    return noted(begun(), _FORMATTED_VALUE(expression(value.value), conversion, _specification(value)), value)


def _specification(value: ast.FormattedValue) -> Any:
    if not isinstance(value.format_spec, ast.JoinedStr):
        return None
    return [
        _field(part) if isinstance(part, ast.FormattedValue) else _text(str(getattr(part, "value", "")))
        for part in value.format_spec.values
    ]


EXPRESSIONS.update({ast.Constant: _constant, ast.JoinedStr: _formatted})
