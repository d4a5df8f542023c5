"""Where lines can be put in: before or behind a statement, at the end of a block, around a statement."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source, first_line, last_line

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def indent_of(statement: ast.stmt, source: Source) -> str:
    """Return the white space in front of a statement; refuse where code stands there."""
    line = first_line(statement)
    text = source.lines[line - 1]
    before = _white_space(text)
    start = source.offset(line, _first_column(statement)) - source.line_start(line)
    if source.text.startswith("elif", source.line_start(line) + start) and isinstance(statement, ast.If):
        raise Refusal("an elif has no place in front of it", "make it an if inside of an else")
    if text[:start].strip(" \t\f").strip("@"):
        raise Refusal("the statement shares its line with other code", "give it a line of its own")
    if line > 1 and source.lines[line - 2].rstrip("\r\n").endswith("\\"):
        raise Refusal("the line above the statement ends in a backslash", "give the statement a line of its own")
    return before.rpartition("\f")[2]


def before(statement: ast.stmt, lines: Sequence[str], source: Source) -> list[Edit]:
    """Put `lines` in front of a statement, above the comments that belong to it."""
    indent = indent_of(statement, source)
    line = first_line(statement)
    while line > 1 and is_comment(source.lines[line - 2], indent):
        line -= 1
    return [insertion(source.line_start(line), _written(lines, indent, source))]


def behind(statement: ast.stmt, lines: Sequence[str], source: Source) -> list[Edit]:
    """Put `lines` behind a statement; refuse where it leaves its block, or where other code shares its last line."""
    if isinstance(statement, _LEAVES):
        raise Refusal("nothing runs behind the statement")
    indent = indent_of(statement, source)
    check_alone(statement, source)
    return _behind(statement, lines, indent, source)


def check_alone(statement: ast.stmt, source: Source) -> None:
    """Refuse a statement that shares its last line with other code."""
    rest = source.text[source.end(statement) : source.line_start(last_line(statement) + 1)].strip()
    if rest and not rest.startswith("#"):
        raise Refusal("the statement shares its last line with other code", "give it a line of its own")


def _behind(statement: ast.stmt, lines: Sequence[str], indent: str, source: Source) -> list[Edit]:
    last = last_line(statement)
    text = _written(lines, indent, source)
    if not source.lines[last - 1].endswith(("\n", "\r")):  # the file ends without a line end, and shall go on so
        text = source.newline + text.removesuffix(source.newline)
    return [insertion(source.line_start(last + 1), text)]


def around(
    statement: ast.stmt,
    header: Sequence[str],
    source: Source,
    footer: Sequence[str] = (),
    until: ast.stmt | None = None,
) -> list[Edit]:
    """Put a statement into a block of its own under `header`; the inside of its strings stays where it is.

    The block goes on to `until`, a later statement beside it, where one is given.
    """
    indent = indent_of(statement, source)
    end = until or statement
    first, last = first_line(statement), last_line(end)
    check_alone(end, source)
    opening = [insertion(source.line_start(first), _written(header, indent, source))]
    held = lines_in_strings(source, first, last)
    moved = [line for line in range(first, last + 1) if line not in held and source.lines[line - 1].strip()]
    if any("\f" in _white_space(source.lines[line - 1]) for line in moved):
        raise Refusal("a form feed stands in front of the code that would be indented", "take the form feed out")
    deeper = [insertion(source.line_start(line), source.indentation) for line in moved]
    closing = _behind(end, footer, indent, source) if footer else []
    return [*opening, *deeper, *closing]


def _white_space(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _first_column(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    places = [(statement.lineno, statement.col_offset), *((item.lineno, item.col_offset) for item in decorators)]
    return min(places)[1]


def is_comment(line: str, indent: str) -> bool:
    return line.startswith(indent + "#")


def _written(lines: Sequence[str], indent: str, source: Source) -> str:
    """Return `lines`, in which four spaces stand for a level, indented as the file does it."""
    written = []
    for line in lines:
        bare = line.lstrip(" ")
        levels = (len(line) - len(bare)) // 4
        written.append(f"{indent}{source.indentation * levels}{bare}{source.newline}" if bare else source.newline)
    return "".join(written)


def lines_in_strings(source: Source, first: int, last: int) -> set[int]:
    """Return the lines from `first` to `last` that begin inside of a string."""
    held: set[int] = set()
    opened: list[int] = []
    starts = {getattr(tokenize, name, -1) for name in ("FSTRING_START", "TSTRING_START")}
    ends = {getattr(tokenize, name, -1) for name in ("FSTRING_END", "TSTRING_END")}
    for token in tokenize.generate_tokens(io.StringIO(source.text, newline="").readline):
        if token.start[0] > last:
            break
        if token.type == tokenize.STRING:
            held.update(range(token.start[0] + 1, token.end[0] + 1))
        elif token.type in starts:
            opened.append(token.start[0])
        elif token.type in ends and opened:
            held.update(range(opened.pop() + 1, token.end[0] + 1))
    return {line for line in held if first <= line <= last}
