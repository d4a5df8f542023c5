"""Sketch the patterns of match statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from hiveloop_scan.syntax.making import maker
from hiveloop_scan.syntax.sketching import begun, expression, name, noted

_VALUE = maker(cst.MatchValue, "value")
_SINGLETON = maker(cst.MatchSingleton, "value")
_LIST = maker(cst.MatchList, "patterns")
_ELEMENT = maker(cst.MatchSequenceElement, "value")
_STAR = maker(cst.MatchStar, "name")
_MAPPING = maker(cst.MatchMapping, "elements", "rest")
_MAPPING_ELEMENT = maker(cst.MatchMappingElement, "key", "pattern")
_CLASS = maker(cst.MatchClass, "cls", "patterns", "kwds")
_KEYWORD = maker(cst.MatchKeywordElement, "key", "pattern")
_AS = maker(cst.MatchAs, "pattern", "name")
_OR = maker(cst.MatchOr, "patterns")
_OR_ELEMENT = maker(cst.MatchOrElement, "pattern")


def pattern(node: ast.pattern) -> Any:
    """Sketch a pattern."""
    return noted(begun(), _PATTERNS[type(node)](node), node)


def _maybe_name(text: str | None) -> Any:
    return name(text) if text else None


def _value(node: ast.MatchValue) -> Any:
    return _VALUE(expression(node.value))


def _singleton(node: ast.MatchSingleton) -> Any:
    return _SINGLETON(name(str(node.value)))


def _items(patterns: Sequence[ast.pattern]) -> list[Any]:
    return [
        pattern(part) if isinstance(part, ast.MatchStar) else noted(begun(), _ELEMENT(pattern(part)))
        for part in patterns
    ]


def _sequence(node: ast.MatchSequence) -> Any:
    return _LIST(_items(node.patterns))


def _star(node: ast.MatchStar) -> Any:
    return _STAR(_maybe_name(node.name))


def _mapping(node: ast.MatchMapping) -> Any:
    pairs = zip(node.keys, node.patterns, strict=True)
    entries = [noted(begun(), _MAPPING_ELEMENT(expression(key), pattern(part))) for key, part in pairs]
    return _MAPPING(entries, _maybe_name(node.rest))


def _class(node: ast.MatchClass) -> Any:
    pairs = zip(node.kwd_attrs, node.kwd_patterns, strict=True)
    owner, plain = expression(node.cls), _items(node.patterns)
    return _CLASS(owner, plain, [noted(begun(), _KEYWORD(name(key), pattern(part))) for key, part in pairs])


def _as(node: ast.MatchAs) -> Any:
    return _AS(pattern(node.pattern) if node.pattern else None, _maybe_name(node.name))


def _or(node: ast.MatchOr) -> Any:
    return _OR([noted(begun(), _OR_ELEMENT(pattern(part))) for part in node.patterns])


_PATTERNS: dict[type[ast.pattern], Callable[[Any], Any]] = {
    ast.MatchValue: _value,
    ast.MatchSingleton: _singleton,
    ast.MatchSequence: _sequence,
    ast.MatchStar: _star,
    ast.MatchMapping: _mapping,
    ast.MatchClass: _class,
    ast.MatchAs: _as,
    ast.MatchOr: _or,
}
