"""What runs before a call of the SDK on the same way: statements in front of it, checks and tries for it undone."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.conditions import asks_for_handles_only


def earlier_statements(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the statements in front of a call in its branch, the closest first.

    The branch is left behind only where it is a check for the call's own object, or the try around the call.
    """
    yield from _beside(node, module, before=True)


def later_statements(node: cst.CSTNode, module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the statements behind a call in its branch, the closest first, as `earlier_statements` does."""
    yield from _beside(node, module, before=False)


def _beside(node: cst.CSTNode, module: ParsedModule, before: bool) -> Iterator[cst.CSTNode]:
    inner: cst.CSTNode = module.enclosing(node, cst.SimpleStatementLine) or node
    for outer in module.ancestors(inner):
        if isinstance(outer, (cst.IndentedBlock, cst.Module)):
            place = next((index for index, statement in enumerate(outer.body) if statement is inner), None)
            if place is not None:
                yield from reversed(outer.body[:place]) if before else outer.body[place + 1 :]
        elif isinstance(outer, cst.If):
            if not asks_for_handles_only(outer.test, module):
                return
        elif not isinstance(outer, cst.Try) or not module.is_below(node, [outer.body]):
            return
        inner = outer
