"""Statements that count a place by one: ``n += 1``, ``n = n - 1``."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.syntax.tree import reference


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
