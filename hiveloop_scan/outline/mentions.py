"""What an expression speaks of: the names in it, and the functions of the project that they lead to."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator

from hiveloop_scan.outline.scopes import Scope, reference_of
from hiveloop_scan.outline.seen import Seen

FOREIGN = frozenset(sys.stdlib_module_names) | frozenset(dir(builtins))
"""Names at the beginning of a reference that lead out of every project."""


def names_given(call: ast.Call) -> set[str]:
    """Return the plain names that a call is given."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {value.id for value in given if isinstance(value, ast.Name)}


def handed(seen: Seen) -> Iterator[str]:
    """Yield the references of all that the arguments of a call name."""
    if isinstance(seen.node, ast.Call):
        for value in (*seen.node.args, *(keyword.value for keyword in seen.node.keywords)):
            yield from mentioned(value, seen.scope)


def mentioned(value: ast.expr, scope: Scope) -> Iterator[str]:
    """Yield the references of all names in an expression that can lead into the project."""
    for node in ast.walk(value):
        if isinstance(node, (ast.Name, ast.Attribute)):
            found = reference_of(node, scope)
            if found and is_ours(found):
                yield found


def names_in(node: ast.expr) -> set[str]:
    """Return the names and attribute names in an expression."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return found | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def is_ours(reference: str) -> bool:
    """Say whether a reference can lead into the project."""
    return reference.startswith((":", ".")) or reference.partition(".")[0] not in FOREIGN
