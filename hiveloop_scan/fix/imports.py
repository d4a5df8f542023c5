"""Imports that generated code needs: those that are there are used, a new one goes where its kind stands at the top."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.names import PREFIX, bound_around, bound_in
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source, first_line, last_line

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""Statements that have two empty lines in front of them."""


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


def first_use_allowed(source: Source) -> int:
    """Return the line behind which added imports are known."""
    anchor = _last_import(source)
    return last_line(anchor) if anchor is not None else 0


def _bound_by_imports(module: str, source: Source) -> Iterator[tuple[str, str]]:
    """Yield the names that imports from `module` bind at the top of the file whatever happens, and what they name."""
    for statement in source.tree.body:
        if isinstance(statement, ast.ImportFrom) and _written(statement) == module:
            yield from ((alias.asname or alias.name, alias.name) for alias in statement.names)
        elif isinstance(statement, ast.Try) and statement.handlers:
            inside = [item for item in statement.body if isinstance(item, ast.ImportFrom) and _written(item) == module]
            for alias in (alias for item in inside for alias in item.names):
                bound = alias.asname or alias.name
                if all(bound in set(_bound_in_block(handler.body)) for handler in statement.handlers):
                    yield bound, alias.name


def _is_used(name: str, source: Source) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in source.nodes)


def _bound_in_block(block: Sequence[ast.stmt]) -> Iterator[str]:
    return bound_in(ast.Module(body=list(block), type_ignores=[]))


def _statement_from(module: str, source: Source) -> ast.ImportFrom | None:
    """Return the import from `module` at the top to which a name can be added."""
    for statement in _run_at_the_top(source):
        if not isinstance(statement, ast.ImportFrom) or _written(statement) != module:
            continue
        if _has_its_lines(statement, source) and not any(
            alias.asname or alias.name == "*" for alias in statement.names
        ):
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
    anchor = _last_import(source)
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
    run = [item for item in _run_at_the_top(source) if _has_its_lines(item, source)]
    group = [item for item in run if isinstance(item, ast.ImportFrom) and _is_akin(item, new)]
    if not group:
        return _first_of_its_kind(text, run, source) if _is_standard(new) else _above_relative(text, new, run, source)
    block = _block_around(group[-1], source)
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
    block = _block_around(last, source)
    first = next(item for item in block if isinstance(item, ast.ImportFrom) and item.level)
    if any(getattr(item, "level", 0) == 0 for item in block[block.index(first) :]):
        return None
    return insertion(source.line_start(first_line(first)), text + source.newline)


def _block_around(statement: ast.stmt, source: Source) -> list[ast.stmt]:
    """Return the imports that stand around one with nothing else between them."""
    body = source.tree.body
    start = end = next(index for index, item in enumerate(body) if item is statement)
    while start and isinstance(body[start - 1], (ast.Import, ast.ImportFrom)):
        start -= 1
    while end + 1 < len(body) and isinstance(body[end + 1], (ast.Import, ast.ImportFrom)):
        end += 1
    return body[start : end + 1]


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


def _run_at_the_top(source: Source) -> list[ast.Import | ast.ImportFrom]:
    """Return the plain imports of the run at the top."""
    found: list[ast.Import | ast.ImportFrom] = []
    for index, statement in enumerate(source.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.append(statement)
        elif not (index == 0 and _is_text(statement)) and not _imports_only(statement):
            break
    return found


def _last_import(source: Source) -> ast.stmt | None:
    """Return the last plain import of the run at the top that has its lines for itself."""
    return next((item for item in reversed(_run_at_the_top(source)) if _has_its_lines(item, source)), None)


def _has_its_lines(statement: ast.stmt, source: Source) -> bool:
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
    blanks = newline * (2 if isinstance(first, DEFINITIONS) else 1)
    return insertion(source.line_start(_line_of_comments(first_line(first), source)), text + blanks)


def _line_of_comments(line: int, source: Source) -> int:
    """Return where the comments above `line` begin; those at the top of the file are its own."""
    start = line
    while start > 1 and source.lines[start - 2].startswith("#"):
        start -= 1
    return start if start > 1 else line


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
    return any(isinstance(item, ast.ImportFrom) and item.names[0].name == "*" for item in source.imports)
