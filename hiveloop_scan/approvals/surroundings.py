"""The statements just before and just after a wait: who is asked, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import statements

_NEAR = 6


def before(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the source of the statements that run shortly before `node`, in its own block and those around it."""
    return "\n".join(module.text(statement) for statement in before_in(node, module))


def before_in(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the statements that run shortly before `node`, in its own block and those around it."""
    for block, index in _places(node, module):
        yield from block[max(0, index - _NEAR) : index]


def after(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the source of the statement that holds `node` and of those that run shortly after it."""
    texts: list[str] = []
    for level, (block, index) in enumerate(_places(node, module)):
        texts += [module.text(statement) for statement in block[index + (1 if level else 0) : index + 1 + _NEAR]]
    return "\n".join(texts)


def _places(node: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[list[cst.CSTNode], int]]:
    """Yield the blocks around `node`, innermost first, with its place in each; those around its branch are too far."""
    for outer in module.ancestors(node):
        if isinstance(outer, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            block = list(statements(outer))
            yield block, next((at for at, item in enumerate(block) if module.is_below(node, [item])), 0)
            if not isinstance(module.parent(outer), (cst.Try, cst.With)):
                return
