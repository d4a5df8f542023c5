"""How deeply libcst nests a piece of code, told from the standard parser's tree.

Past some hundreds of levels libcst's Python side runs out of stack, past some thousands its native parser
kills the process.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Sequence

from hiveloop_scan.syntax.walking import fields_of

_MANY_PIECES = 100
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_START", tokenize.STRING)}


def depth_of(node: ast.AST, lines: Sequence[bytes]) -> int:
    """Return how many levels of nodes libcst makes of `node`; `lines` are those of its file."""
    deepest = 0
    pending: list[tuple[ast.AST, int]] = [(node, 1)]
    while pending:
        current, depth = pending.pop()
        chain = _CHAINS.get(type(current))
        if chain is not None:
            depth += chain(current, lines)
        if depth > deepest:
            deepest = depth
        depth += 1
        for name in fields_of(type(current)):
            value = getattr(current, name, None)
            if isinstance(value, list):
                pending.extend([(child, depth) for child in value if child is not None])
            elif value is not None:
                pending.append((value, depth))
    return deepest


def _of_operators(node: ast.AST, lines: Sequence[bytes]) -> int:
    """``a or b or c`` is flat for the standard parser."""
    assert isinstance(node, ast.BoolOp)
    return len(node.values)


def _of_generators(node: ast.AST, lines: Sequence[bytes]) -> int:
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
    return len(node.generators)


def _of_import(node: ast.AST, lines: Sequence[bytes]) -> int:
    assert isinstance(node, ast.Import)
    return max(alias.name.count(".") for alias in node.names)


def _of_import_from(node: ast.AST, lines: Sequence[bytes]) -> int:
    assert isinstance(node, ast.ImportFrom)
    return (node.module or "").count(".")


def _of_text(node: ast.AST, lines: Sequence[bytes]) -> int:
    """Return how many pieces ``"a" "b"`` has, where they are many; the standard parser sees one text."""
    assert isinstance(node, (ast.Constant, ast.JoinedStr))
    first, last = node.lineno, node.end_lineno or node.lineno
    if first == last and (node.end_col_offset or 0) - node.col_offset < 2 * _MANY_PIECES:
        return 0
    text = lines[first - 1 : last]
    if sum(line.count(b"'") + line.count(b'"') for line in text) < 2 * _MANY_PIECES:
        return 0
    return _count_strings(text)


def _count_strings(text: Sequence[bytes]) -> int:
    """Count the string tokens of some lines, which need not be whole statements."""
    count = 0
    try:
        for token in tokenize.generate_tokens(iter([line.decode("latin-1") for line in text]).__next__):
            count += token.type in _STRINGS
    except (tokenize.TokenError, SyntaxError):
        return count
    return count


_CHAINS: dict[type[ast.AST], Callable[[ast.AST, Sequence[bytes]], int]] = {
    ast.BoolOp: _of_operators,
    ast.ListComp: _of_generators,
    ast.SetComp: _of_generators,
    ast.DictComp: _of_generators,
    ast.GeneratorExp: _of_generators,
    ast.Import: _of_import,
    ast.ImportFrom: _of_import_from,
    ast.Constant: _of_text,
    ast.JoinedStr: _of_text,
}
"""What is flat for the standard parser and nested for libcst: how many levels it adds."""
