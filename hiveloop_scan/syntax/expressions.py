"""Names and texts in expressions of the standard parser's tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.walking import walk


def last(node: ast.expr) -> str:
    """Return the last name of an expression: ``post`` for ``self.client.post``."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def root_of(node: ast.AST) -> str:
    """Return the first name of a chain of attributes, entries and calls; "" when it begins with none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def spelled(node: ast.expr) -> str:
    """Return the names of a chain of attributes, the last one first."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*parts, node.id if isinstance(node, ast.Name) else ""])


def text_of(node: ast.AST) -> str:
    """Return the name or text of one node."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def names_in(node: ast.AST) -> set[str]:
    """Collect the plain names in an expression."""
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls in and below a node."""
    return (part for part in walk(node) if isinstance(part, ast.Call))
