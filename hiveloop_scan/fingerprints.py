"""What identifies a finding though its file is renamed, reformatted or edited elsewhere: its rule, symbol and code."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterator

_LENGTH = 20
"""Hexadecimal digits: 80 bits, so that no two places of a code base meet by chance."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_Block = ast.stmt | ast.ExceptHandler | ast.match_case


def fingerprint(rule: str, symbol: str, text: str) -> str:
    """Return the fingerprint of a place: neither its path nor its line is in it."""
    return hashlib.sha256("\0".join((rule, symbol, text)).encode("utf-8", "backslashreplace")).hexdigest()[:_LENGTH]


def text_of(tree: ast.Module, line: int) -> str:
    """Return the statement at `line` in the standard parser's own spelling; of one that holds others, its head."""
    found: _Block | None = None
    blocks: list[_Block] = list(tree.body)
    while blocks:
        around = next((item for item in blocks if _first_line(item) <= line <= _last_line(item)), None)
        if around is None:
            break
        found, blocks = around, list(_inside(around))
    if found is None:
        return ""
    head = copy.copy(found)
    for name in _BLOCKS:
        if isinstance(getattr(head, name, None), list):
            setattr(head, name, [])
    return ast.unparse(head).replace('"', "'")  # versions of Python do not quote alike


def _inside(node: _Block) -> Iterator[_Block]:
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield from block


def _first_line(node: _Block) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _last_line(node: _Block) -> int:
    last = node.body[-1] if isinstance(node, ast.match_case) else node
    return last.end_lineno or 0
