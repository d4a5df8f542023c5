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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from hiveloop_scan.syntax.condition_shapes import SPOKEN, WORDED_SHAPES
from hiveloop_scan.syntax.depth import depth_of
from hiveloop_scan.syntax.holding import Pattern
from hiveloop_scan.syntax.shapes import SHAPES, Unit
from hiveloop_scan.syntax.vocabulary import Vocabulary, word_set
from hiveloop_scan.syntax.walking import walk

MAX_DEPTH = 250
"""Deepest nesting handed to libcst: people write up to about 100 levels, its parser stands some thousands."""

_LONG_LITERAL = 10
_LITERALS = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)
_WHITE = b" \t\x0c"
_FORM_FEED = re.compile(rb"^[ \t\x0c]*\x0c", re.MULTILINE)
_LONE_BREAK = re.compile(rb"(?<!\\\n)(?<!\\\r\n)^[ \t]*\\(?=\r?\n)", re.MULTILINE)


@dataclass(frozen=True)
class Need:
    """One way a rule can match: the shape of a function, words in its text, an import in its file.

    A word out of `words` and one out of `also` are needed.
    """

    shape: str
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()

    @cached_property
    def shape_bytes(self) -> Pattern:
        """What a file must hold for this need's shape to be in it."""
        return Pattern(SHAPES[self.shape][0])

    @cached_property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """What the text of a function must speak of."""
        return tuple(Vocabulary(spelled) for spelled in (self.words, self.also) if spelled)

    @cached_property
    def spoken(self) -> tuple[Vocabulary, ...]:
        """The vocabularies out of which a word stands in the text of every function that has the shape."""
        anyhow = SPOKEN.get(self.shape, ("words", "also"))
        return tuple(Vocabulary(spelled) for name in anyhow if (spelled := getattr(self, name)))

    @cached_property
    def imported(self) -> Vocabulary | None:
        """The words of the names that the file has to import one of; None when it need not."""
        return Vocabulary(self.imports) if self.imports else None

    @cached_property
    def import_bytes(self) -> re.Pattern[bytes] | None:
        """What a file must hold to import one of the names; None when it need not."""
        if not self.imports:
            return None
        names = b"|".join(re.escape(name.lower()).encode() for name in self.imports)
        return re.compile(
            rb"(?:^|[;:\r])[ \t\f]*(?:from\s+|import\b(?:[^\n\\]|\\\s+)*?(?<![.\w]))(?:" + names + rb")\b",
            re.MULTILINE,
        )

    def may_be_in(self, lowered: bytes, words: Set[bytes], shapes: dict[str, bool]) -> bool:
        """Say whether a file can hold this need, by its bytes and words alone; `shapes` as below."""
        for vocabulary in self.vocabularies:
            if not vocabulary.may_be_in(words):
                return False
        if self.shape not in shapes:
            shapes[self.shape] = self.shape_bytes.may_be_in(lowered, words)
        if not shapes[self.shape]:
            return False
        if not self.imported or not self.import_bytes:
            return True
        return self.imported.may_be_in(words) and bool(self.import_bytes.search(lowered))

    def may_be_in_unit(self, unit: Unit, words: Set[bytes], shapes: dict[str, bool]) -> bool:
        """Say whether a function can hold this need; `shapes` keeps what is known of it from one need to the next."""
        for vocabulary in self.spoken:
            if not vocabulary.may_be_in(words):
                return False
        if self.shape in WORDED_SHAPES and self.words:  # these ask for the words themselves, in one place
            return WORDED_SHAPES[self.shape][1](unit, self.words, self.also)
        if self.shape not in shapes:
            shapes[self.shape] = SHAPES[self.shape][1](unit)
        return shapes[self.shape]


Needs = Mapping[str, Sequence[Need]]
"""The needs of each rule, by its name; one of them has to be met."""


@dataclass(frozen=True)
class Skeleton:
    """A source cut down for libcst; where a statement stands is told by its anchor line."""

    source: bytes
    anchor_lines: list[int]
    problems: list[str]
    line_numbers: list[int] = field(default_factory=list)
    """The number in the file of each line of `source`."""

    wanted: dict[int, Set[str]] | None = field(default_factory=dict)
    """The names of the rules that can match in the outermost function at a line, 0 being the rest of the file.

    None where every rule looks everywhere.
    """

    def barred(self, rule: str) -> frozenset[int] | None:
        """Return the lines of the outermost functions in which `rule` finds nothing; None where it has no place."""
        if self.wanted is None:
            return frozenset()
        without = frozenset(line for line, rules in self.wanted.items() if rule not in rules)
        return None if len(without) == len(self.wanted) else without


def needs_in(source: bytes, needs: Needs) -> dict[str, list[Need]]:
    """Return the needs that `source` can meet, by its bytes alone; none means that the file can be left."""
    text = source.removeprefix(codecs.BOM_UTF8)
    lowered, words = text.lower(), word_set(text)
    shapes: dict[str, bool] = {}
    known: dict[int, bool] = {}
    for need in (need for own in needs.values() for need in own):
        if id(need) not in known:
            known[id(need)] = need.may_be_in(lowered, words, shapes)
    met = {rule: [need for need in own if known[id(need)]] for rule, own in needs.items()}
    return {rule: own for rule, own in met.items() if own}


def sdk_calls(methods: Iterable[str]) -> re.Pattern[bytes]:
    """Return what a function must hold to call one of the SDK's `methods`."""
    return re.compile(b"|".join(rb"\." + re.escape(method).encode() + rb"\b" for method in sorted(set(methods))))


def skeleton(
    source: bytes, tree: ast.Module, needs: Needs | None, companions: re.Pattern[bytes] | None = None
) -> Skeleton | None:
    """Cut `source` (parsed as `tree`) down to what can meet one of `needs`; None when nothing can.

    Functions that hold `companions` are kept as well. Without needs, everything is kept that libcst can stand.
    """
    lines = source.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    left: list[ast.stmt] = []
    wanted: dict[int, Set[str]] = {}
    for unit in _units(tree):
        if isinstance(unit, ast.Module):
            left += unit.body
            wanted[0] = _can_match(unit, source, needs or {})
            continue
        text = _text(lines, unit)
        found = _can_match(unit, text, needs or {})
        if found or needs is None or (companions and companions.search(text)):
            left.append(unit)
            wanted[unit.lineno] = wanted.get(unit.lineno, frozenset()) | found
        elif not _blank(lines, [unit]):
            left.append(_header(unit) if _blank(lines, unit.body) else unit)
    if needs is not None and not any(wanted.values()):
        return None
    problems: list[str] = []
    gone: set[int] = set()
    for statement in left:
        if needs is not None and _is_plain_data(statement) and _blank(lines, [statement]):
            continue
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
    return Skeleton(rest, anchor_lines(tree, gone), problems, numbers, None if needs is None else wanted)


def _can_match(unit: Unit, text: bytes, needs: Needs) -> Set[str]:
    """Return the names of the rules that can match in `unit`."""
    if not needs:
        return frozenset()
    walk(unit)  # numbers its nodes: what shapes ask for later is a slice
    words = word_set(text)
    shapes: dict[str, bool] = {}
    known: dict[int, bool] = {}  # rules share needs
    found: set[str] = set()
    for rule, own in needs.items():
        for need in own:
            met = known.get(id(need))
            if met is None:
                met = known[id(need)] = need.may_be_in_unit(unit, words, shapes)
            if met:
                found.add(rule)
                break
    return found


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


def _first_line(lines: Sequence[bytes], node: ast.stmt) -> int:
    """Return the line of the first decorator's ``@``, which can stand above its expression, or of `node`."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    if not decorators:
        return node.lineno
    line = decorators[0].lineno
    while not lines[line - 1].lstrip(_WHITE).startswith(b"@"):
        line -= 1
    return line


def _units(tree: ast.Module) -> Iterator[Unit]:
    """Yield the outermost functions and methods, then the rest of the module and the heads of its classes."""
    rest: list[ast.stmt] = []
    for statement in _statements_outside_functions(tree):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield statement
        else:
            rest.append(_header(statement) if isinstance(statement, ast.ClassDef) else statement)
    yield ast.Module(body=rest, type_ignores=[])


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
