"""The statements just before and just after a wait: who is asked, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import statements

_NEAR = 6


def before(node: cst.CSTNode, module: ParsedModule, around: bool = False) -> str:
    """Return the source of what runs shortly before `node`: statements of the blocks around it, contexts it is in.

    With `around`, what runs before a branch that holds `node` counts too: ``if asked: await answers[key].get()``.
    """
    entered = [
        module.text(item)
        for outer in module.ancestors(node)
        if isinstance(outer, cst.With) and module.function_of(outer) is module.function_of(node)
        for item in outer.items
    ]
    return "\n".join([*(module.text(statement) for statement in before_in(node, module, around)), *entered])


def before_in(node: cst.CSTNode, module: ParsedModule, around: bool = False) -> Iterator[cst.CSTNode]:
    """Yield the statements that run shortly before `node`, in its own block and those around it."""
    for block, index in _places(node, module, around):
        yield from block[max(0, index - _NEAR) : index]


def after(node: cst.CSTNode, module: ParsedModule) -> str:
    """Return the source of the statement that holds `node` and of those that run shortly after it."""
    texts: list[str] = []
    for level, (block, index) in enumerate(_places(node, module)):
        texts += [module.text(statement) for statement in block[index + (1 if level else 0) : index + 1 + _NEAR]]
    return "\n".join(texts)


def _places(node: cst.CSTNode, module: ParsedModule, around: bool = False) -> Iterator[tuple[list[cst.CSTNode], int]]:
    """Yield the blocks around `node`, innermost first, with its place in each; those around its branch are too far."""
    for outer in module.ancestors(node):
        if isinstance(outer, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            block = list(statements(outer))
            yield block, next((at for at, item in enumerate(block) if module.is_below(node, [item])), 0)
            through = (cst.Try, cst.With, cst.If) if around else (cst.Try, cst.With)
            if not isinstance(module.parent(outer), through):
                return
