"""Cut a file down to the parts that can match before libcst, which is slow, parses it.

Bytes first, then the standard parser's tree: functions in which no rule can find anything lose their body (line numbers stay true).
The standard parser is the crash guard too: what it refuses, or nests too deeply for libcst, never gets there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hiveloop_scan.syntax.shapes import SHAPES, Unit, depth_of

MAX_DEPTH = 250
"""Deepest nesting handed to libcst; its native parser dies at some thousands, its Python side at about 300."""

_LONG_LITERAL = 10
_LITERALS = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)


@dataclass(frozen=True)
class Need:
    """One way a rule can match: a shape, words of which one must stand in the function, others for the whole file."""

    shape: str
    words: tuple[str, ...] = ()
    file_words: tuple[str, ...] = ()

    @cached_property
    def shape_bytes(self) -> re.Pattern[bytes]:
        """What a file must hold for this need's shape to be in it."""
        return re.compile(SHAPES[self.shape][0])

    @cached_property
    def unit_bytes(self) -> re.Pattern[bytes]:
        """What the text of a function must hold."""
        return _any_of(self.words)

    @cached_property
    def file_bytes(self) -> re.Pattern[bytes]:
        """What a file must hold."""
        return _any_of(self.file_words)

    def may_be_in(self, source: bytes) -> bool:
        """Say whether a file can hold this need, by its bytes alone."""
        patterns = (self.file_bytes, self.unit_bytes, self.shape_bytes)
        return all(pattern.search(source) for pattern in patterns)

    def may_be_in_unit(self, unit: Unit, text: bytes) -> bool:
        """Say whether a function can hold this need."""
        return bool(self.unit_bytes.search(text)) and SHAPES[self.shape][1](unit)


@dataclass
class Skeleton:
    """A source cut down for libcst; lines that were dropped are blank, so that numbers stay true."""

    source: bytes
    statement_lines: list[int]
    problems: list[str] = field(default_factory=list)


def _any_of(vocabulary: Iterable[str]) -> re.Pattern[bytes]:
    parts = [re.escape(word).replace("_", r"[\W_]{0,3}") for word in vocabulary]
    return re.compile("|".join(parts).encode(), re.IGNORECASE)


def needs_in(source: bytes, needs: Iterable[Need]) -> list[Need]:
    """Return the needs that `source` can meet, by its bytes alone; none means that the file can be left."""
    return [need for need in needs if need.may_be_in(source)]


def skeleton(source: bytes, tree: ast.Module, needs: Sequence[Need] | None) -> Skeleton | None:
    """Cut `source` (parsed as `tree`) down to what can meet one of `needs`; None when nothing can.

    Without needs, everything is kept that libcst can stand.
    """
    lines = source.splitlines(keepends=True)
    result = Skeleton(source, [statement.lineno for statement in tree.body])
    kept = False
    for unit in _units(tree):
        text = source if isinstance(unit, ast.Module) else b"".join(lines[_first_line(unit) - 1 : unit.end_lineno])
        wanted = needs is None or any(need.may_be_in_unit(unit, text) for need in needs)
        if wanted and (deep := _too_deep(unit)):
            result.problems.append(
                f"{_where(deep)}: nested more than {MAX_DEPTH} levels deep, left out; the rest of the file was scanned"
            )
            _blank(lines, [deep] if isinstance(unit, ast.Module) else unit.body)
        elif not wanted and not isinstance(unit, ast.Module):
            _blank(lines, unit.body)
        kept = kept or wanted
    if not kept:
        return None
    if needs is not None:
        for statement in _statements_outside_functions(tree):
            if _is_long_literal(statement):
                _blank(lines, [statement])
    result.source = b"".join(lines)
    return result


def _units(tree: ast.Module) -> Iterator[Unit]:
    """Yield the outermost functions and methods, then the rest of the module as one unit of its own."""
    rest: list[ast.stmt] = []
    for statement in _statements_outside_functions(tree):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement
        elif not isinstance(statement, ast.ClassDef):
            rest.append(statement)
    yield ast.Module(body=rest, type_ignores=[])


def _statements_outside_functions(tree: ast.Module) -> Iterator[ast.stmt]:
    pending: list[ast.stmt] = list(reversed(tree.body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.ClassDef):
            pending.extend(reversed(statement.body))


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", ())
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _too_deep(unit: Unit) -> ast.stmt | None:
    deep = (statement for statement in unit.body if depth_of(statement) > MAX_DEPTH)
    return next(deep, None)


def _where(statement: ast.stmt) -> str:
    return f"lines {_first_line(statement)}-{statement.end_lineno}"


def _is_long_literal(statement: ast.stmt) -> bool:
    if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
        return False
    end = statement.end_lineno or statement.lineno
    return end - statement.lineno >= _LONG_LITERAL and isinstance(statement.value, _LITERALS)


def _blank(lines: list[bytes], block: Sequence[ast.stmt]) -> None:
    """Replace the lines of `block` by one ``pass`` and blank lines, where it has whole lines of its own."""
    first, last = _first_line(block[0]), block[-1].end_lineno or block[-1].lineno
    start = lines[first - 1]
    indentation = start[: len(start) - len(start.lstrip(b" \t\x0c"))]
    if len(start[: block[0].col_offset].strip(b" \t\x0c")) and first == block[0].lineno:
        return  # a one-line suite: `def f(): ...`
    for number in range(first - 1, last):
        ending = lines[number][len(lines[number].rstrip(b"\r\n")) :]
        lines[number] = (indentation + b"pass" if number == first - 1 else b"") + ending
