"""Names that a piece of code gives a value to, and names it counts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.counting import counting_step
from hiveloop_scan.syntax.tree import dotted, reference


def assigned_names(roots: Sequence[cst.CSTNode], module: ParsedModule) -> set[str]:
    """Collect the dotted names that are given a value in and below `roots`."""
    targets: list[cst.CSTNode] = []
    for root in roots:
        targets.extend(node.target for node in module.all_below(root, cst.AssignTarget))
        targets.extend(node.target for node in module.all_below(root, cst.AnnAssign))
        targets.extend(node.target for node in module.all_below(root, cst.AugAssign))
        targets.extend(node.target for node in module.all_below(root, cst.NamedExpr))
    found: set[str] = set()
    for target in targets:
        parts = target.elements if isinstance(target, (cst.Tuple, cst.List)) else (target,)
        found.update(
            dotted(part.value if isinstance(part, (cst.Element, cst.StarredElement)) else part) for part in parts
        )
    return found


def counting_steps(roots: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[tuple[cst.CSTNode, str, bool]]:
    """Yield the statements that count a name by one, with the name, and whether they count down."""
    for node in module.below(roots, cst.AugAssign, cst.Assign):
        if step := counting_step(node):
            yield node, *step


def names_and_attributes(node: cst.CSTNode, module: ParsedModule) -> set[str]:
    """Collect the names in an expression: ``n``, ``self.retries`` and ``state["retries"]``."""
    return {reference(inner) for inner in module.below(node, cst.Name, cst.Attribute, cst.Subscript)}
