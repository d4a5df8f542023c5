"""Read libcst trees: children without white space and punctuation, statements of a suite, names, text."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Iterator, Sequence
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.writing import WRITING

_NOT_CODE = frozenset(
    {
        "leading_lines", "lines_after_decorators", "lines_before_colon", "header", "footer", "trailing_whitespace",
        "lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "semicolon", "comma", "dot", "equal", "colon",
        "asynchronous", "operator", "indent", "star", "lines_after", "first_colon", "second_colon", "encoding",
        "default_indent", "default_newline", "has_trailing_newline", "pipe", "separator", "await_", "attr",
        "keyword", "leading_whitespace", "trailing_comma",
    }
)  # fmt: skip
"""Fields that hold no code of their own; attribute and keyword names are read through the node that has them."""

SCOPES: tuple[type[cst.CSTNode], ...] = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


def _concrete(kind: type[cst.CSTNode]) -> Iterator[type[cst.CSTNode]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _concrete(below)


_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {
    kind: tuple(
        field.name
        for field in (dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ())
        if field.name not in _NOT_CODE and not field.name.startswith("whitespace")
    )
    for kind in _concrete(cst.CSTNode)  # type: ignore[type-abstract]
}
"""Node type -> the fields that can hold code. A look-up here is ten times as fast as isinstance, which asks an ABC."""

KINDS = frozenset(_FIELDS)

LEAVES = frozenset(
    {
        cst.Name, cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString, cst.Ellipsis, cst.FormattedStringText,
        cst.Pass, cst.Break, cst.Continue,
    }
)  # fmt: skip
"""Nodes that have no children which are code; half of all nodes are such."""

_GETTERS = {kind: operator.attrgetter(*names) for kind, names in _FIELDS.items() if len(names) > 1}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the children of `node` that are code, in the order of their fields."""
    found: list[cst.CSTNode] = []
    own = type(node)
    getter = _GETTERS.get(own)
    for value in getter(node) if getter else [getattr(node, name) for name in _FIELDS[own]]:
        if value is None:
            continue
        kind = type(value)
        if kind in _FIELDS:
            found.append(value)
        elif kind is list or kind is tuple:
            found.extend([item for item in value if type(item) in _FIELDS])
    return found


def statements(suite: cst.BaseSuite | None) -> Sequence[cst.CSTNode]:
    """Return the statements of a suite in order, the parts of ``a; b`` apart."""
    if suite is None:
        return ()
    flat: list[cst.CSTNode] = []
    if type(suite) is cst.SimpleStatementSuite:
        return suite.body
    for statement in suite.body:
        if type(statement) is cst.SimpleStatementLine:
            flat.extend(statement.body)
        else:
            flat.append(statement)
    return flat


def dotted(node: Any) -> str:
    """Return the plain name of an expression, its call or its await: ``self.client.post``; "" when it has none."""
    kind = type(node)
    if kind is cst.Name:
        return node.value  # type: ignore[no-any-return]
    if kind not in _NAMED:
        return ""
    known = _DOTTED.get(id(node))
    if known is None:
        if len(_DOTTED) > _MOST_NAMES:
            _DOTTED.clear()
        known = _DOTTED[id(node)] = (node, _dotted(node))
    return known[1]


_NAMED = (cst.Attribute, cst.Call, cst.Await, cst.Subscript)
_MOST_NAMES = 20_000
_DOTTED: dict[int, tuple[cst.CSTNode, str]] = {}
"""What `dotted` has found; the node is kept, so that no other gets its ``id``."""


def _dotted(node: Any) -> str:
    parts: list[str] = []
    while node is not None:
        kind = type(node)
        if kind is cst.Attribute:
            parts.append(node.attr.value)
            node = node.value
        elif kind is cst.Name:
            parts.append(node.value)
            break
        elif kind is cst.Call:
            node = node.func
        elif kind is cst.Await:
            node = node.expression
        elif kind is cst.Subscript:
            node = node.value
        else:
            break
    return ".".join(reversed(parts))


def last_name(node: cst.CSTNode | None) -> str:
    """Return the last part of the dotted name of `node`: ``post`` for ``self.client.post(...)``."""
    return dotted(node).rpartition(".")[2]


_WORDS = (cst.Name, cst.Integer, cst.Float, cst.SimpleString)
_SNIPPET = cst.Module(body=[])


_KEEPS_PARENTHESES = (cst.Tuple, cst.GeneratorExp)
"""What the standard parser takes the parentheses for a part of; they are none of any other expression."""


def source(node: cst.CSTNode) -> str:
    """Return the source text of `node` as it stands, comments included, and parentheses around it left out."""
    if type(node) in _WORDS:
        return node.value  # type: ignore[attr-defined,no-any-return]
    written = WRITING.text(node)
    if written is not None:
        return written
    if isinstance(node, cst.BaseExpression) and node.lpar and not isinstance(node, _KEEPS_PARENTHESES):
        node = node.with_changes(lpar=(), rpar=())
    return _SNIPPET.code_for_node(node)


def code(node: cst.CSTNode) -> str:
    """Return the source text of `node` on one line."""
    return " ".join(source(node).split())


def reference(node: cst.CSTNode) -> str:
    """Return how code refers to a place that holds a value: its dotted name, with the key of a subscript."""
    return code(node) if isinstance(node, cst.Subscript) else dotted(node)


def is_name(node: cst.CSTNode | None, value: str) -> bool:
    """Say whether `node` is the plain name `value`."""
    return isinstance(node, cst.Name) and node.value == value
