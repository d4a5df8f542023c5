"""What names and plain values stand in an expression of the standard parser's tree, as one text."""

from __future__ import annotations

import ast

from hiveloop_scan.syntax.names import mentions

Words = tuple[str, ...]


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


def speaks(words: Words, text: str) -> bool:
    return bool(text) and mentions(text, words)
