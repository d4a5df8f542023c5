"""Names that a piece of code gives a value to, and names it counts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, dotted


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


def counting_step(node: cst.CSTNode) -> tuple[str, bool] | None:
    """Return the name that a statement counts by one, and whether it counts down: ``n += 1``, ``n = n + 1``."""
    if isinstance(node, cst.AugAssign):
        if (
            isinstance(node.value, cst.Integer)
            and node.value.value == "1"
            and isinstance(node.operator, (cst.AddAssign, cst.SubtractAssign))
        ):
            return reference(node.target), isinstance(node.operator, cst.SubtractAssign)
        return None
    if isinstance(node, cst.Assign) and len(node.targets) == 1 and isinstance(node.value, cst.BinaryOperation):
        name, value = reference(node.targets[0].target), node.value
        one = isinstance(value.right, cst.Integer) and value.right.value == "1"
        if name and one and reference(value.left) == name and isinstance(value.operator, (cst.Add, cst.Subtract)):
            return name, isinstance(value.operator, cst.Subtract)
    return None


def names_and_attributes(node: cst.CSTNode, module: ParsedModule) -> set[str]:
    """Collect the names in an expression: ``n``, ``self.retries`` and ``state["retries"]``."""
    return {reference(inner) for inner in module.below(node, cst.Name, cst.Attribute, cst.Subscript)}


def reference(node: cst.CSTNode) -> str:
    """Return how code refers to a place that holds a value: its dotted name, with the key of a subscript."""
    return code(node) if isinstance(node, cst.Subscript) else dotted(node)
