"""Imports that generated code needs: those that are there are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hiveloop_scan.fix.names import PREFIX, bound_around, bound_in
from hiveloop_scan.fix.source import Source


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """``from module import name``, under the name that it shall have; `module` is as it will be written."""

    module: str
    name: str
    alias: str = ""

    @property
    def line(self) -> str:
        """The statement."""
        return f"from {self.module} import {self.spelled}"

    @property
    def spelled(self) -> str:
        """What stands behind ``import``."""
        return self.name + (f" as {self.alias}" if self.alias else "")


def callable_name(module: str, name: str, place: ast.AST, source: Source, alias: str = "") -> tuple[str, Import | None]:
    """Return how code at `place` calls ``module.name``, and the import that this needs; None where it is there.

    With an `alias` only that name counts, and no other that the user's code may have for it. An import that nothing
    uses is left alone: it could not be told from one of ours, which goes with the calls.
    """
    for bound, original in _bound_by_imports(module, source):
        if (
            original == name
            and not _is_hidden(bound, place, source)
            and alias in ("", bound)
            and _is_used(bound, source)
        ):
            return bound, None
    for statement in source.tree.body if not alias else ():
        if isinstance(statement, ast.Import):
            for item in statement.names:
                if item.name == module and not _is_hidden((item.asname or module).partition(".")[0], place, source):
                    return f"{item.asname or module}.{name}", None
    taken = name in bound_around(place, source) or _has_star_import(source) or name in set(bound_in(source.tree))
    other = alias or (f"{PREFIX}{name}" if taken else "")
    return other or name, Import(module, name, other)


def imports_of(source: Source) -> list[tuple[int, str]]:
    """Return the modules from which a file imports names: the dots in front, and the rest."""
    return [(item.level, item.module or "") for item in source.imports if isinstance(item, ast.ImportFrom)]


def module_of(statement: ast.ImportFrom) -> str:
    return "." * statement.level + (statement.module or "")


def _bound_by_imports(module: str, source: Source) -> Iterator[tuple[str, str]]:
    """Yield the names that imports from `module` bind at the top of the file whatever happens, and what they name."""
    for statement in source.tree.body:
        if isinstance(statement, ast.ImportFrom) and module_of(statement) == module:
            yield from ((alias.asname or alias.name, alias.name) for alias in statement.names)
        elif isinstance(statement, ast.Try) and statement.handlers:
            inside = [item for item in statement.body if isinstance(item, ast.ImportFrom) and module_of(item) == module]
            for alias in (alias for item in inside for alias in item.names):
                bound = alias.asname or alias.name
                if all(bound in set(_bound_in_block(handler.body)) for handler in statement.handlers):
                    yield bound, alias.name


def _is_used(name: str, source: Source) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in source.nodes)


def _bound_in_block(block: Sequence[ast.stmt]) -> Iterator[str]:
    return bound_in(ast.Module(body=list(block), type_ignores=[]))


def _is_hidden(name: str, place: ast.AST, source: Source) -> bool:
    """Say whether a function around `place` binds `name` itself."""
    scopes = [item for item in source.ancestors(place) if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return any(name in bound_in(scope) for scope in scopes)


def _has_star_import(source: Source) -> bool:
    return any(isinstance(item, ast.ImportFrom) and item.names[0].name == "*" for item in source.imports)
