"""Sketch any expression: the table in which each kind of expression has its place, and where a node comes from."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.writing import WRITING, Origin

_NAME = maker(cst.Name, "value", "lpar")
EXPRESSIONS: dict[type[ast.expr], Callable[[Any], Any]] = {}
"""Kind of node -> what sketches it; filled by the modules that know how."""


def name(text: str) -> Any:
    """Make a plain name."""
    return _NAME(text, ())


def expression(node: ast.expr) -> Any:
    """Sketch any expression."""
    made = EXPRESSIONS[type(node)](node)
    WRITING.origins[id(made)] = node
    return made


def maybe(node: ast.expr | None) -> Any:
    """Sketch an expression that may not be there."""
    return None if node is None else expression(node)


def noted(made: Any, origin: Origin) -> Any:
    """Keep where `made` comes from."""
    WRITING.origins[id(made)] = origin
    return made
