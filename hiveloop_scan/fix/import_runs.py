"""The imports at the top of a file: which they are, and where they end."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from hiveloop_scan.fix.source import Source, last_line


def first_use_allowed(source: Source) -> int:
    """Return the line behind which added imports are known."""
    anchor = last_import(source)
    return last_line(anchor) if anchor is not None else 0


def run_at_the_top(source: Source) -> list[ast.Import | ast.ImportFrom]:
    """Return the plain imports of the run at the top."""
    found: list[ast.Import | ast.ImportFrom] = []
    for index, statement in enumerate(source.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.append(statement)
        elif not (index == 0 and is_text(statement)) and not _imports_only(statement):
            break
    return found


def last_import(source: Source) -> ast.stmt | None:
    """Return the last plain import of the run at the top that has its lines for itself."""
    return next((item for item in reversed(run_at_the_top(source)) if has_its_lines(item, source)), None)


def block_around(statement: ast.stmt, source: Source) -> list[ast.stmt]:
    """Return the imports that stand around one with nothing else between them."""
    body = source.tree.body
    start = end = next(index for index, item in enumerate(body) if item is statement)
    while start and isinstance(body[start - 1], (ast.Import, ast.ImportFrom)):
        start -= 1
    while end + 1 < len(body) and isinstance(body[end + 1], (ast.Import, ast.ImportFrom)):
        end += 1
    return body[start : end + 1]


def has_its_lines(statement: ast.stmt, source: Source) -> bool:
    before = source.text[source.line_start(statement.lineno) : source.start(statement)].strip(" \t\f")
    rest = source.text[source.end(statement) : source.line_start(last_line(statement) + 1)].strip()
    return not before and (not rest or rest.startswith("#"))


def _imports_only(statement: ast.stmt) -> bool:
    """Say whether a statement is a guarded import: ``try: import x``, ``if TYPE_CHECKING:``."""
    if not isinstance(statement, (ast.Try, ast.If)):
        return False
    handlers = [item for handler in getattr(statement, "handlers", ()) for item in handler.body]
    inside: Iterable[ast.stmt] = [*statement.body, *statement.orelse, *getattr(statement, "finalbody", ()), *handlers]
    return any(isinstance(item, (ast.Import, ast.ImportFrom)) for item in inside) and all(
        isinstance(item, (ast.Import, ast.ImportFrom, ast.Pass, ast.Assign, ast.AnnAssign)) or _imports_only(item)
        for item in inside
    )


def is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
