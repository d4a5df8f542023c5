"""Sketch any expression: the table in which each kind of expression has its place.

Nodes are numbered while they are made, each before what is below it: nobody has to walk the sketch for that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.writing import WRITING, Origin

_NAME = maker(cst.Name, "value")
EXPRESSIONS: dict[type[ast.expr], Callable[[Any], Any]] = {}
"""Kind of node -> what sketches it; filled by the modules that know how."""


def begun() -> int:
    """Take the number of a node, before the nodes below it take theirs."""
    order = WRITING.order
    order.append(None)
    WRITING.ends.append(0)
    return len(order) - 1


def noted(number: int, made: Any, origin: Origin | None = None) -> Any:
    """Give a node its number, and keep where it comes from: ``noted(begun(), _ELEMENT(expression(value)), value)``."""
    WRITING.order[number] = made
    WRITING.ends[number] = len(WRITING.order)
    if origin is not None:
        WRITING.origins[id(made)] = origin
    return made


def expression(node: ast.expr) -> Any:
    """Sketch any expression."""
    order, ends = WRITING.order, WRITING.ends
    number = len(order)
    order.append(None)
    ends.append(0)
    made = order[number] = EXPRESSIONS[type(node)](node)
    ends[number] = len(order)
    WRITING.origins[id(made)] = node
    return made


def maybe(node: ast.expr | None) -> Any:
    """Sketch an expression that may not be there."""
    return None if node is None else expression(node)


def name(text: str) -> Any:
    """Make a plain name."""
    return noted(begun(), _NAME(text))


def bare_name(text: str) -> Any:
    """Make a name that is part of the node that has it, or whose number is taken."""
    return _NAME(text)
