"""Make nodes of libcst without asking it to check them: the fields that hold code are filled, white space is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

_NEW: Callable[[type[Any]], Any] = object.__new__


def maker(kind: type[cst.CSTNode], *names: str) -> Callable[..., Any]:
    """Return a function that makes a node of `kind` from the values of the fields called `names`.

    Slots are set one by one: a call of the class costs six times as much.
    """
    setters = [getattr(kind, name).__set__ for name in names]
    if len(setters) == 1:
        return _of_one(kind, *setters)
    if len(setters) == 2:
        return _of_two(kind, *setters)
    if len(setters) == 3:
        return _of_three(kind, *setters)

    def make(*values: object) -> Any:
        node = _NEW(kind)
        for setter, value in zip(setters, values, strict=True):
            setter(node, value)
        return node

    return make


_Setter = Callable[[Any, Any], None]


def _of_one(kind: type[cst.CSTNode], first: _Setter) -> Callable[..., Any]:
    def make(value: object) -> Any:
        node = _NEW(kind)
        first(node, value)
        return node

    return make


def _of_two(kind: type[cst.CSTNode], first: _Setter, second: _Setter) -> Callable[..., Any]:
    def make(value: object, other: object) -> Any:
        node = _NEW(kind)
        first(node, value)
        second(node, other)
        return node

    return make


def _of_three(kind: type[cst.CSTNode], first: _Setter, second: _Setter, third: _Setter) -> Callable[..., Any]:
    def make(value: object, other: object, last: object) -> Any:
        node = _NEW(kind)
        first(node, value)
        second(node, other)
        third(node, last)
        return node

    return make
