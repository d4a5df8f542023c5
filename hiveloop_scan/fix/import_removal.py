"""Imports that only generated code has used: what goes with the calls, and the empty lines that came with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.generated import is_ours, wrapped
from hiveloop_scan.fix.import_edits import DEFINITIONS
from hiveloop_scan.fix.source import Source, last_line

_IMPORTS = (ast.Import, ast.ImportFrom)


def unused_imports(
    source: Source, gone: Sequence[ast.stmt], unwrapped: Sequence[ast.With | ast.Try], kept: Sequence[ast.expr]
) -> list[tuple[ast.ImportFrom, list[ast.alias]]]:
    """Return the imports at the top with those of their names that only generated code has used."""
    inside = {id(node) for item in gone for node in ast.walk(item)}
    for wrapper in unwrapped:
        users = {id(node) for item in wrapped(wrapper) for node in ast.walk(item)}
        inside |= {id(node) for node in ast.walk(wrapper)} - users
    inside -= {id(node) for value in kept for node in ast.walk(value)}
    ours: set[str] = set()
    users_names: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Name):
            (ours if id(node) in inside or is_ours(node) else users_names).add(node.id)
    found = []
    for statement in source.tree.body:
        if isinstance(statement, ast.ImportFrom):
            names = [alias for alias in statement.names if (alias.asname or alias.name) in ours - users_names]
            if names:
                found.append((statement, names))
    return found


def without_names(statement: ast.ImportFrom, names: Sequence[ast.alias], source: Source) -> Iterator[Edit]:
    """Take names out of an import: with the comma behind each, the last with the comma in front; or their lines."""
    left = [alias for alias in statement.names if alias not in names]
    for alias in names:
        line = source.lines[alias.lineno - 1]
        if statement.lineno < alias.lineno and line.strip() == f"{alias.name},":
            yield Edit(source.line_start(alias.lineno), source.line_start(alias.lineno + 1), "")
            continue
        following = next((item for item in statement.names if source.start(item) > source.start(alias)), None)
        if following is not None and source.start(alias) < source.start(left[-1]):
            yield Edit(source.start(alias), source.start(following), "")
        else:
            before = max(source.end(item) for item in statement.names if source.start(item) < source.start(alias))
            yield Edit(before, source.end(alias), "")


def blank_beside_first_imports(source: Source, gone: Sequence[ast.stmt]) -> set[int]:
    """Return the empty line that came with imports into a file that had none at its top."""
    body = source.tree.body
    index = 1 if ast.get_docstring(source.tree, clean=False) is not None else 0
    ours = [item for item in gone if isinstance(item, ast.ImportFrom) and item in body[index : index + len(gone)]]
    first = body[index] if index < len(body) else None
    if first is None or first not in ours:
        return set()
    following = body[index : index + len(ours)]
    if any(item not in ours for item in following) or isinstance(_at(body, index + len(ours)), _IMPORTS):
        return set()
    if index:
        lines = [following[0].lineno - 1]
    else:
        end, then = last_line(following[-1]), _at(body, len(ours))
        lines = [end + 1, end + 2] if isinstance(then, DEFINITIONS) else [end + 1]
    return {line for line in lines if 0 < line <= len(source.lines) and not source.lines[line - 1].strip()}


def blanks_beside_groups(source: Source, gone: Sequence[ast.stmt]) -> set[int]:
    """Return the empty lines that set our imports apart from those above them, else from those below."""
    imports = [item for item in source.tree.body if isinstance(item, _IMPORTS)]
    ours = {item.lineno for item in gone if item in imports}
    ends, left = {last_line(item) for item in imports}, {item.lineno for item in imports} - ours
    blank = {number for number, line in enumerate(source.lines, 1) if not line.strip()} if ours else set()
    found = set()
    for first, last in runs_of(ours):
        if last + 1 in left or first - 1 in ends:
            continue
        if first - 1 in blank and first - 2 in ends:
            found.add(first - 1)
        elif last + 1 in blank and last + 2 in left:
            found.add(last + 1)
    return found


def _at(body: Sequence[ast.stmt], index: int) -> ast.stmt | None:
    return body[index] if index < len(body) else None


def runs_of(lines: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that follow each other."""
    first = last = 0
    for line in sorted(lines):
        if first and line == last + 1:
            last = line
            continue
        if first:
            yield first, last
        first = last = line
    if first:
        yield first, last
