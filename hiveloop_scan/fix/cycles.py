"""Imports that go in circles: a module that runs a file first can offer nothing to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hiveloop_scan.fix.modules import resolved

_MOST_FILES = 2000


def imports_in_circles(target: Path, user: Path) -> bool:
    """Say whether importing the file `target` runs the file `user`, which could then not import it itself.

    A package around a module has begun before the module does, and is no news to it.
    """
    begun = {target, *_packages_around(target)}
    news = set(_packages_around(target)) - set(_packages_around(user))
    pending, seen = [target, *news], {target}
    while pending and len(seen) < _MOST_FILES:
        for found in _imports_at_once(pending.pop()):
            for each in (found, *(item for item in _packages_around(found) if item not in begun)):
                if each not in seen:
                    seen.add(each)
                    pending.append(each)
    return user in seen


def _packages_around(file: Path) -> list[Path]:
    found = []
    folder = file.parent
    while (init := folder / "__init__.py").is_file():
        found.append(init)
        folder = folder.parent
    return found


@cache
def _imports_at_once(file: Path) -> tuple[Path, ...]:
    """Return the files that a module imports while it is made: not in functions, not for type checkers alone."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(_run_by(tree, file))


def _run_by(tree: ast.Module, file: Path) -> Iterator[Path]:
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or _is_for_type_checkers(node):
            continue
        for level, module in _modules(node):
            if found := resolved(level, module, file):
                yield found
        pending += ast.iter_child_nodes(node)


def _modules(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the modules that a statement may import: of ``from a import b`` both ``a`` and ``a.b``."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield 0, alias.name
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module or node.level:
            yield node.level, module
        for alias in node.names:
            yield node.level, f"{module}.{alias.name}".lstrip(".")


def _is_for_type_checkers(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"
