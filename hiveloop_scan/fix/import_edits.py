"""Where a new import goes: into one of its module, among its kind, or behind the others at the top."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from itertools import pairwise

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.import_runs import block_around, has_its_lines, is_text, last_import, run_at_the_top
from hiveloop_scan.fix.imports import Import, module_of
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source, first_line, last_line

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""Statements that have two empty lines in front of them."""


def import_edits(wanted: set[Import], source: Source) -> list[Edit]:
    """Return the edits that add the imports in `wanted`."""
    edits: list[Edit] = []
    fresh: dict[tuple[str, str], list[Import]] = {}
    for item in sorted(wanted):
        host = None if item.alias else _statement_from(item.module, source)
        edit = _added_name(item, host, source) if host is not None else None
        if edit is not None:
            edits.append(edit)
        else:
            fresh.setdefault((item.module, item.alias), []).append(item)
    lines = [
        f"from {module} import {', '.join(item.spelled for item in items)}" for (module, _), items in fresh.items()
    ]
    return [*edits, *_new_lines(lines, source)]


def _statement_from(module: str, source: Source) -> ast.ImportFrom | None:
    """Return the import from `module` at the top to which a name can be added."""
    for statement in run_at_the_top(source):
        if not isinstance(statement, ast.ImportFrom) or module_of(statement) != module:
            continue
        if has_its_lines(statement, source) and not any(alias.asname or alias.name == "*" for alias in statement.names):
            return statement
    return None


def _added_name(item: Import, host: ast.ImportFrom, source: Source) -> Edit | None:
    """Return the edit that puts a name into an import, where it sorts; None where its lines are filled otherwise."""
    following = next((alias for alias in host.names if alias.name > item.name), None)
    if host.lineno == last_line(host):
        if following is not None:
            return insertion(source.start(following), f"{item.name}, ")
        return insertion(source.end(host.names[-1]), f", {item.name}")
    lines = [source.lines[alias.lineno - 1] for alias in host.names]
    if any(line.strip() != f"{alias.name}," for line, alias in zip(lines, host.names, strict=True)):
        return None
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t"))]
    line = following.lineno if following is not None else host.names[-1].lineno + 1
    return insertion(source.line_start(line), f"{indent}{item.name},{source.newline}")


def _new_lines(lines: Sequence[str], source: Source) -> list[Edit]:
    if not lines:
        return []
    anchor = last_import(source)
    if anchor is None:
        return [_at_the_top("".join(f"{line}{source.newline}" for line in lines), source)]
    if not source.lines[last_line(anchor) - 1].endswith(("\n", "\r")):
        raise Refusal("the file ends with its imports")
    placed = [_among_its_kind(line, source) for line in lines]
    apart = [line for line, edit in zip(lines, placed, strict=True) if edit is None]
    edits = [edit for edit in placed if edit is not None]
    if apart:
        text = source.newline + "".join(f"{line}{source.newline}" for line in apart)
        edits.append(insertion(source.line_start(last_line(anchor) + 1), text))
    return edits


def _among_its_kind(line: str, source: Source) -> Edit | None:
    """Put an import among those of its package, in their order; None where there are none."""
    (new,) = ast.parse(line).body
    assert isinstance(new, ast.ImportFrom)
    text = f"{line}{source.newline}"
    run = [item for item in run_at_the_top(source) if has_its_lines(item, source)]
    group = [item for item in run if isinstance(item, ast.ImportFrom) and _is_akin(item, new)]
    if not group:
        return _first_of_its_kind(text, run, source) if _is_standard(new) else _above_relative(text, new, run, source)
    block = block_around(group[-1], source)
    group = [item for item in group if item in block]
    in_order = all(_order(one) <= _order(other) for one, other in pairwise(group))
    following = next((item for item in group if in_order and _order(item) > _order(new)), None)
    if following is not None:
        return insertion(source.line_start(first_line(following)), text)
    return insertion(source.line_start(last_line(group[-1]) + 1), text)


def _first_of_its_kind(text: str, run: Sequence[ast.Import | ast.ImportFrom], source: Source) -> Edit | None:
    """Put an import of Python's library behind the plain ones of it, else in front of all others."""
    plain = [item for item in run if isinstance(item, ast.Import) and _is_standard(item)]
    if plain:
        return insertion(source.line_start(last_line(plain[-1]) + 1), text)
    first = next((item for item in run if getattr(item, "module", "") != "__future__"), None)
    return insertion(source.line_start(first_line(first)), text + source.newline) if first is not None else None


def _above_relative(
    text: str, new: ast.ImportFrom, run: Sequence[ast.Import | ast.ImportFrom], source: Source
) -> Edit | None:
    """Put an import by a full name above those by dots, where such come last; None where none do."""
    last = run[-1] if run else None
    if new.level or not isinstance(last, ast.ImportFrom) or not last.level:
        return None
    block = block_around(last, source)
    first = next(item for item in block if isinstance(item, ast.ImportFrom) and item.level)
    if any(getattr(item, "level", 0) == 0 for item in block[block.index(first) :]):
        return None
    return insertion(source.line_start(first_line(first)), text + source.newline)


def _is_akin(statement: ast.ImportFrom, new: ast.ImportFrom) -> bool:
    """Say whether two imports are sorted into one group: both relative, or both of one package."""
    if statement.level or new.level:
        return bool(statement.level and new.level)
    if _is_standard(new):
        return _is_standard(statement)
    return _first(statement.module or "") == _first(new.module or "")


def _is_standard(statement: ast.Import | ast.ImportFrom) -> bool:
    """Say whether a module of Python's own library is imported; those of ``__future__`` stand apart."""
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and _first(statement.module or "") in sys.stdlib_module_names - {"__future__"}
    return all(_first(alias.name) in sys.stdlib_module_names for alias in statement.names)


def _first(module: str) -> str:
    return module.partition(".")[0]


def _order(statement: ast.ImportFrom) -> tuple[int, str, bool]:
    """Return the key by which isort and ruff sort imports: more dots first, then the name, renamed ones last."""
    return -statement.level, (statement.module or "").lower(), any(alias.asname for alias in statement.names)


def _at_the_top(text: str, source: Source) -> Edit:
    """Put imports where there are none: behind the docstring, else in front of the first statement."""
    body = source.tree.body
    if not body:
        raise Refusal("the file holds no code")
    newline = source.newline
    first = body[0]
    if is_text(first):
        if not has_its_lines(first, source) or not source.lines[last_line(first) - 1].endswith(("\n", "\r")):
            raise Refusal("the docstring shares its line with other code", "give it a line of its own")
        return insertion(source.line_start(last_line(first) + 1), newline + text)
    if source.text[source.line_start(first.lineno) : source.start(first)].strip(" \t\f"):
        raise Refusal("the first statement shares its line with other code")
    blanks = newline * (2 if isinstance(first, DEFINITIONS) else 1)
    return insertion(source.line_start(_line_of_comments(first_line(first), source)), text + blanks)


def _line_of_comments(line: int, source: Source) -> int:
    """Return where the comments above `line` begin; those at the top of the file are its own."""
    start = line
    while start > 1 and source.lines[start - 2].startswith("#"):
        start -= 1
    return start if start > 1 else line
