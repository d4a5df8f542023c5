"""Whether a statement says that something is so, or has yet to find out."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.refusal import Refusal

_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def check_decided(statement: ast.stmt) -> None:
    """Refuse a statement that has yet to decide what a call in front of it would tell."""
    if isinstance(statement, _COMPOUND):
        raise Refusal("the statement has yet to decide", "write the call by hand into the branch that knows")
    for node in ast.walk(statement):
        turned = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        if turned or isinstance(node, (ast.IfExp, ast.Compare)):
            raise Refusal("the statement has yet to decide", "make a branch of it, and the call goes into that")
