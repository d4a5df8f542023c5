"""Sketch imports, and the names that things get by ``as``."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.sketching import bare_name, begun, name, noted

_IMPORT = maker(cst.Import, "names")
_IMPORT_FROM = maker(cst.ImportFrom, "module", "names", "relative")
_ALIAS = maker(cst.ImportAlias, "name", "asname")
_ATTRIBUTE = maker(cst.Attribute, "value", "attr")
_AS_NAME = maker(cst.AsName, "name")
_DOT = cst.Dot()
_STAR = cst.ImportStar()


def import_(node: ast.Import) -> Any:
    """Sketch ``import a.b as c``."""
    return _IMPORT([_alias(each) for each in node.names])


def import_from(node: ast.ImportFrom) -> Any:
    """Sketch ``from .a import b``."""
    module = _dotted(node.module) if node.module else None
    names = _STAR if node.names[0].name == "*" else [_alias(each) for each in node.names]
    return _IMPORT_FROM(module, names, [_DOT] * node.level)


def _alias(node: ast.alias) -> Any:
    return noted(begun(), _ALIAS(_dotted(node.name), as_name(node.asname)), node)


def _dotted(text: str) -> Any:
    owner, _, last = text.rpartition(".")
    return noted(begun(), _ATTRIBUTE(_dotted(owner), bare_name(last))) if owner else name(last)


def as_name(text: str | None) -> Any:
    """Sketch the name that something gets, if it does."""
    return noted(begun(), _AS_NAME(name(text))) if text else None
