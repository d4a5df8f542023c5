"""Read a member of something however it is spelled: ``x.name``, ``x["name"]``, ``x.get("name")``."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.syntax.tree import is_name

_GETTERS = ("get", "pop")
_SAME_TEXT = ("strip", "lower", "upper", "replace", "removeprefix", "removesuffix", "lstrip", "rstrip", "split")


def text_of(node: cst.BaseExpression | None) -> str | None:
    """Return the text of a plain string; None for anything else."""
    if not isinstance(node, cst.SimpleString):
        return None
    value = node.evaluated_value
    return value if isinstance(value, str) else None


def index_of(node: cst.Subscript) -> cst.BaseExpression | None:
    """Return what stands in the brackets, unless that is a slice or several things."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    return node.slice[0].slice.value


def member_of(node: cst.CSTNode) -> tuple[cst.BaseExpression, str] | None:
    """Return the owner and the name of the member that `node` reads; None when it reads none of a fixed name."""
    if isinstance(node, cst.Attribute):
        return node.value, node.attr.value
    if isinstance(node, cst.Subscript):
        key = text_of(index_of(node))
        return (node.value, key) if key is not None else None
    if isinstance(node, cst.Call) and node.args:
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _GETTERS:
            key = text_of(node.args[0].value)
            return (node.func.value, key) if key is not None else None
        if is_name(node.func, "getattr") and len(node.args) > 1:
            key = text_of(node.args[1].value)
            return (node.args[0].value, key) if key is not None else None
    return None


_PLAIN = (cst.Name, cst.Attribute, cst.Subscript, cst.SimpleString)
"""The most of all expressions: asking libcst's classes one by one takes long."""


def bare(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return what an expression comes down to: awaits, defaults, choices and changes of letters undone."""
    if type(node) in _PLAIN:
        return [node]
    if isinstance(node, cst.Await):
        return bare(node.expression)
    if isinstance(node, cst.BooleanOperation):
        return [*bare(node.left), *bare(node.right)]
    if isinstance(node, cst.IfExp):
        return [*bare(node.body), *bare(node.orelse)]
    if isinstance(node, cst.NamedExpr):
        return bare(node.value)
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _SAME_TEXT:
            return bare(node.func.value)
        if (is_name(node.func, "str") or is_name(node.func, "cast")) and node.args:
            return bare(node.args[-1].value)
    return [node]
