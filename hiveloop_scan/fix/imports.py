"""Imports that generated code needs: those that are there are used, a new one goes behind the last at the top."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.names import PREFIX, bound_around, bound_in
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source, first_line, last_line


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """``from module import name``, under the name that it shall have; `module` is as it will be written."""

    module: str
    name: str
    alias: str = ""

    @property
    def line(self) -> str:
        """The statement."""
        return f"from {self.module} import {self.name}" + (f" as {self.alias}" if self.alias else "")


def callable_name(module: str, name: str, place: ast.AST, source: Source) -> tuple[str, Import | None]:
    """Return how code at `place` calls ``module.name``, and the import that this needs; None where it is there."""
    for statement in source.tree.body:
        if isinstance(statement, ast.ImportFrom) and _written(statement) == module:
            for alias in statement.names:
                if alias.name == name and not _is_hidden(alias.asname or name, place, source):
                    return alias.asname or name, None
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == module and not _is_hidden((alias.asname or module).partition(".")[0], place, source):
                    return f"{alias.asname or module}.{name}", None
    taken = name in bound_around(place, source) or _has_star_import(source) or name in _bound_anywhere(source)
    other = f"{PREFIX}{name}" if taken else ""
    return other or name, Import(module, name, other)


def import_edits(wanted: set[Import], source: Source) -> list[Edit]:
    """Return the edits that add the imports in `wanted`."""
    if not wanted:
        return []
    text = "".join(f"{item.line}{source.newline}" for item in sorted(wanted))
    anchor = _last_import(source)
    if anchor is None:
        return [_at_the_top(text, source)]
    end = source.line_start(last_line(anchor) + 1)
    if not source.lines[last_line(anchor) - 1].endswith(("\n", "\r")):
        raise Refusal("the file ends with its imports")
    return [insertion(end, text)]


def first_use_allowed(source: Source) -> int:
    """Return the line behind which added imports are known."""
    anchor = _last_import(source)
    return last_line(anchor) if anchor is not None else 0


def _last_import(source: Source) -> ast.stmt | None:
    """Return the last plain import of the run at the top that has its lines for itself."""
    found: ast.stmt | None = None
    for index, statement in enumerate(source.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            if _has_its_lines(statement, source):
                found = statement
        elif not (index == 0 and _is_text(statement)) and not _imports_only(statement):
            break
    return found


def _has_its_lines(statement: ast.stmt, source: Source) -> bool:
    before = source.text[source.line_start(statement.lineno) : source.start(statement)].strip(" \t\f")
    rest = source.text[source.end(statement) : source.line_start(last_line(statement) + 1)].strip()
    return not before and (not rest or rest.startswith("#"))


def _imports_only(statement: ast.stmt) -> bool:
    """Say whether a statement is a guarded import: ``try: import x``, ``if TYPE_CHECKING:``."""
    if not isinstance(statement, (ast.Try, ast.If)):
        return False
    handlers = [item for handler in getattr(statement, "handlers", ()) for item in handler.body]
    inside = [*statement.body, *statement.orelse, *getattr(statement, "finalbody", ()), *handlers]
    return any(isinstance(item, (ast.Import, ast.ImportFrom)) for item in inside) and all(
        isinstance(item, (ast.Import, ast.ImportFrom, ast.Pass, ast.Assign, ast.AnnAssign)) or _imports_only(item)
        for item in inside
    )


def _at_the_top(text: str, source: Source) -> Edit:
    """Put imports where there are none: behind the docstring, else in front of the first statement."""
    body = source.tree.body
    if not body:
        raise Refusal("the file holds no code")
    newline = source.newline
    first = body[0]
    if _is_text(first):
        if not _has_its_lines(first, source) or not source.lines[last_line(first) - 1].endswith(("\n", "\r")):
            raise Refusal("the docstring shares its line with other code", "give it a line of its own")
        return insertion(source.line_start(last_line(first) + 1), newline + text)
    if source.text[source.line_start(first.lineno) : source.start(first)].strip(" \t\f"):
        raise Refusal("the first statement shares its line with other code")
    return insertion(source.line_start(first_line(first)), text + newline)


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _written(statement: ast.ImportFrom) -> str:
    return "." * statement.level + (statement.module or "")


def _is_hidden(name: str, place: ast.AST, source: Source) -> bool:
    """Say whether a function around `place` binds `name` itself."""
    scopes = [item for item in source.ancestors(place) if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return any(name in bound_in(scope) for scope in scopes)


def _has_star_import(source: Source) -> bool:
    return any(isinstance(item, ast.ImportFrom) and item.names[0].name == "*" for item in ast.walk(source.tree))


def _bound_anywhere(source: Source) -> set[str]:
    return set(bound_in(source.tree))
