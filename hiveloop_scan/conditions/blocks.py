"""The block a statement stands in, and what comes after it there."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import statements


def rest_after(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the statements that run after `node`: those of its own block, else those after the branch it ends."""
    while True:
        suite = module.enclosing(node, cst.IndentedBlock, cst.Module)
        suite_body = suite if isinstance(suite, cst.BaseSuite) else None
        block = suite.body if isinstance(suite, cst.Module) else statements(suite_body)
        place = next((index for index, statement in enumerate(block) if statement is node), len(block))
        owner = module.parent(suite) if suite is not None else None
        if block[place + 1 :] or not isinstance(owner, (cst.If, cst.Else, cst.With)):
            return block[place + 1 :]
        while isinstance(owner, cst.Else) or isinstance(module.parent(owner), cst.If):
            owner = module.parent(owner)
            assert owner is not None
        node = owner


def branch_around(node: cst.CSTNode, module: ParsedModule) -> cst.If | cst.Else | cst.ExceptHandler | None:
    """Return the innermost branch around `node` in its function and outside of inner loops; None without one."""
    for outer in module.ancestors(node):
        if isinstance(outer, (cst.If, cst.Else, cst.ExceptHandler)):
            return outer
        if isinstance(outer, (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.For, cst.While)):
            return None
    return None


def first_statement(block: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    """Return the first statement of a block that is not a text standing alone."""
    for statement in block:
        if not (
            isinstance(statement, cst.Expr) and isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString))
        ):
            return statement
    return None
