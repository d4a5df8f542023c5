"""Values that are made in front of the call: where a name was given its one value, and who else reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.mending.place import reads_as
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

Binding = ast.Assign | ast.AnnAssign
Value = tuple[ast.expr, ast.expr]
"""Where a value is to be changed, and the value: a name of it where others read it as well."""


def binding_of(name: ast.Name, source: Source) -> Binding | None:
    """Return the one statement in front of `name` that gives it a value; None where there may be another value."""
    scope = source.scope_of(name)
    if isinstance(scope, (ast.ClassDef, ast.Lambda)):
        return None
    bound = [
        node
        for node in ast.walk(scope)
        if (isinstance(node, ast.Name) and node.id == name.id and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.arg) and node.arg == name.id)
        or (isinstance(node, (ast.Global, ast.Nonlocal)) and name.id in node.names)
        or (isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name == name.id)
    ]
    statement = source.parents[bound[0]] if len(bound) == 1 else None
    match statement:
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(value=ast.expr(), target=ast.Name()):
            is_before = (statement.lineno, statement.col_offset) < (name.lineno, name.col_offset)
            return statement if is_before and source.scope_of(statement) is scope else None
        case _:
            return None


def is_read_once(name: ast.Name, source: Source) -> bool:
    """Say whether nobody but this place reads what the name holds."""
    scope = source.scope_of(name)
    reads = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == name.id]
    return isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)) and len(reads) == 2  # where it is bound, and here


def values_given(call: ast.Call, text: str, source: Source) -> list[Value]:
    """Return the values of a call that read as `text`, which may be cut; refuse where none can be changed."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    leaves = [pair for value in given for pair in _leaves(value, source)]
    found = [pair for pair in leaves if reads_as(pair[1], text, source)]
    if not found or (text.endswith("...") and len(found) > 1):
        raise Refusal("the value is made elsewhere, where others may read it", "mend it where it is made")
    return found


def _leaves(node: ast.expr | None, source: Source) -> Iterator[Value]:
    """Yield the single values that a value is made of, those made in front of the call and read by it alone as well."""
    parts = _parts(node)
    if isinstance(node, ast.Name) and (binding := binding_of(node, source)) is not None and binding.value is not None:
        if not _parts(binding.value):
            yield node, node
            yield from ((node, leaf) for _, leaf in _leaves(binding.value, source))
        elif is_read_once(node, source):
            yield from _leaves(binding.value, source)
    elif node is not None and not parts:
        yield node, node
    for part in parts:
        yield from _leaves(part, source)


def _parts(node: ast.expr | None) -> list[ast.expr]:
    """Return what a value is put together of; nothing for a single one."""
    match node:
        case ast.Dict(values=parts) | ast.BoolOp(values=parts):
            return parts
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return parts
        case ast.DictComp(value=part) | ast.ListComp(elt=part):
            return [part]
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case _:
            return []
