"""Cut a file down to the parts that can match before libcst, which is slow, parses it.

Bytes first, then the standard parser's tree: functions in which no rule can find anything lose their lines.
The standard parser is the crash guard too: what it refuses never gets to libcst, nor
does what is nested too deeply.
"""

from __future__ import annotations

import ast
import codecs
import copy
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from hiveloop_scan.needs import Lookout
from hiveloop_scan.syntax.depth import depth_of

MAX_DEPTH = 250
"""Deepest nesting handed to libcst: people write up to about 100 levels, its parser stands some thousands."""

_LONG_LITERAL = 10
_LITERALS = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)
_WHITE = b" \t\x0c"
_FORM_FEED = re.compile(rb"^[ \t\x0c]*\x0c", re.MULTILINE)
_LONE_BREAK = re.compile(rb"(?<!\\\n)(?<!\\\r\n)^[ \t]*\\(?=\r?\n)", re.MULTILINE)


@dataclass(frozen=True)
class Skeleton:
    """A source cut down for libcst; where a statement stands is told by its anchor line."""

    source: bytes
    anchor_lines: list[int]
    problems: list[str]
    line_numbers: list[int] = field(default_factory=list)
    """The number in the file of each line of `source`."""


Holds = Callable[[bytes], bool]
"""Says whether a text holds something."""


def sdk_calls(methods: Iterable[str]) -> Holds:
    """Return what tells of a function's text whether it can call one of the SDK's `methods`."""
    texts = [b"." + method.encode() for method in sorted(set(methods))]
    search = re.compile(b"|".join(re.escape(text) + rb"\b" for text in texts)).search
    return lambda source: any(text in source for text in texts) and search(source) is not None


@dataclass(frozen=True)
class Chosen:
    """The functions and other statements of a file that are kept, and which rules look where.

    What is left is told apart by ``id``: the tree has to live as long.
    """

    wanted: Mapping[int, Set[str]] | None
    """The names of the rules that can match in the outermost function at a line, 0 being the rest of the file.

    None where every rule looks everywhere.
    """

    kept: Sequence[ast.stmt]
    functions: frozenset[int]
    """The outermost functions, kept or not."""

    left_out: frozenset[int]

    def barred(self, rule: str) -> frozenset[int] | None:
        """Return the lines of the outermost functions in which `rule` finds nothing; None where it has no place."""
        if self.wanted is None:
            return frozenset()
        without = frozenset(line for line, rules in self.wanted.items() if rule not in rules)
        return None if len(without) == len(self.wanted) else without


def choose(source: bytes, tree: ast.Module, lookout: Lookout | None, companions: Holds | None = None) -> Chosen | None:
    """Choose what of `source` (parsed as `tree`) can meet one of the needs; None when nothing can.

    Functions that hold `companions` are kept as well. Without a lookout, everything is kept.
    """
    lines = source.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    outermost, rest = _units(tree)
    texts = [_text(lines, unit) for unit in outermost]
    rules: list[Set[str]] = [frozenset()] * (len(outermost) + 1)
    if lookout:
        outside = b"".join(_lines_outside(lines, outermost))
        rules = lookout.rules_in(source.removeprefix(codecs.BOM_UTF8), [*outermost, rest], [*texts, outside])
        if not any(rules):
            return None
    kept: list[ast.stmt] = []
    functions: set[int] = set()
    left_out: set[int] = set()
    wanted: dict[int, Set[str]] = {}
    for unit, text, found in zip(outermost, texts, rules, strict=False):
        functions.add(id(unit))
        tells = companions is not None and companions(text)
        if found or lookout is None or tells:
            kept.append(unit)
            wanted[unit.lineno] = wanted.get(unit.lineno, frozenset()) | found
        else:
            left_out.add(id(unit))
    data = [] if lookout is None else [statement for statement in rest.body if _is_plain_data(statement)]
    left_out.update(map(id, data))
    kept += [statement for statement in rest.body if id(statement) not in left_out]
    wanted[0] = rules[-1]
    return Chosen(wanted if lookout else None, kept, frozenset(functions), frozenset(left_out))


def skeleton(source: bytes, tree: ast.Module, chosen: Chosen) -> Skeleton:
    """Cut `source` (parsed as `tree`) down to what was chosen, as far as libcst can stand it."""
    lines = source.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    left = list(chosen.kept)
    for statement in _statements_outside_functions(tree):
        if id(statement) not in chosen.left_out or _blank(lines, [statement]):
            continue
        if id(statement) in chosen.functions:
            assert isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
            left.append(_header(statement) if _blank(lines, statement.body) else statement)
        else:
            left.append(statement)
    problems: list[str] = []
    gone: set[int] = set()
    for statement in left:
        if not _is_short(statement, lines) and depth_of(statement, lines) > MAX_DEPTH:
            where = f"lines {_first_line(lines, statement)}-{statement.end_lineno}"
            problem = f"{where}: nested more than {MAX_DEPTH} levels deep, left out"
            if not _blank(lines, [statement]):
                return Skeleton(b"", [], [*problems, f"{problem} with the rest of the file"])
            problems.append(f"{problem}; the rest of the file was scanned")
            gone.add(statement.lineno)
    numbers = [number for number, line in enumerate(lines, 1) if line]
    rest = _FORM_FEED.sub(b"", b"".join(lines))  # libcst takes a form feed for one more level of indentation
    rest = _LONE_BREAK.sub(b"", rest)  # and what follows such a line for part of the block above
    return Skeleton(rest, anchor_lines(tree, gone), problems, numbers)


def _blank(lines: list[bytes], block: Sequence[ast.stmt]) -> bool:
    """Replace `block` by one ``pass``, and no lines after it; say no where it shares a line with other code."""
    first, last = _first_line(lines, block[0]), block[-1].end_lineno or block[-1].lineno
    start, rest = lines[first - 1], lines[last - 1][block[-1].end_col_offset :].strip()
    indentation = start[: len(start) - len(start.lstrip(_WHITE))]
    if first == block[0].lineno and start[: block[0].col_offset].strip(_WHITE):
        return False  # `def f(): ...` or `a; b`
    if rest and not rest.startswith(b"#"):
        return False  # `X = [...]; y = 1`
    lines[first - 1] = indentation + b"pass" + (start[len(start.rstrip(b"\r\n")) :] or b"\n")
    for number in range(first, last):
        lines[number] = b""
    return True


def _is_short(statement: ast.stmt, lines: Sequence[bytes]) -> bool:
    """Say whether a statement has too few characters to be nested too deeply: every level takes one."""
    first, last = _first_line(lines, statement), statement.end_lineno or statement.lineno
    return last - first < MAX_DEPTH and sum(map(len, lines[first - 1 : last])) < MAX_DEPTH


def _text(lines: Sequence[bytes], function: ast.stmt) -> bytes:
    return b"".join(lines[_first_line(lines, function) - 1 : function.end_lineno])


def _lines_outside(lines: Sequence[bytes], functions: Sequence[ast.stmt]) -> Iterator[bytes]:
    """Yield the lines of a file that belong to none of its outermost functions, which are in order."""
    end = 0
    for function in functions:
        yield from lines[end : _first_line(lines, function) - 1]
        end = function.end_lineno or end
    yield from lines[end:]


def _first_line(lines: Sequence[bytes], node: ast.stmt) -> int:
    """Return the line of the first decorator's ``@``, which can stand above its expression, or of `node`."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    if not decorators:
        return node.lineno
    line = decorators[0].lineno
    while not lines[line - 1].lstrip(_WHITE).startswith(b"@"):
        line -= 1
    return line


def _units(tree: ast.Module) -> tuple[list[ast.FunctionDef | ast.AsyncFunctionDef], ast.Module]:
    """Return the outermost functions and methods, and the rest of the module with the heads of its classes."""
    outermost: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
    rest: list[ast.stmt] = []
    for statement in _statements_outside_functions(tree):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            outermost.append(statement)
        else:
            rest.append(_header(statement) if isinstance(statement, ast.ClassDef) else statement)
    return outermost, ast.Module(body=rest, type_ignores=[])


def _statements_outside_functions(tree: ast.Module, gone: Collection[int] = ()) -> Iterator[ast.stmt]:
    pending: list[ast.stmt] = list(reversed(tree.body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.ClassDef) and statement.lineno not in gone:
            pending.extend(reversed(statement.body))


def anchor_lines(tree: ast.Module, gone: Collection[int] = ()) -> list[int]:
    """Return the lines of all statements outside functions, decorators apart; those at `gone` hold no others."""
    return [statement.lineno for statement in _statements_outside_functions(tree, gone)]


def _header(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.stmt:
    """Return a copy of a definition without its body."""
    header = copy.copy(statement)
    header.body = []
    return header


def _is_plain_data(statement: ast.stmt) -> bool:
    """Say whether a statement is a long literal in which nothing is called."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
        return False
    length = (statement.end_lineno or statement.lineno) - statement.lineno
    if length < _LONG_LITERAL or not isinstance(statement.value, _LITERALS):
        return False
    return not any(isinstance(node, ast.Call) for node in ast.walk(statement.value))
