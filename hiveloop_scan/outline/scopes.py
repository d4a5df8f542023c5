"""What a name or an attribute stands for, as a reference (see `references`) that holds across files."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_STEPS = 6
"""Names followed back to what was bound to them; people rename a handle once or twice."""

RETURNED = "()"
"""The name under which a scope keeps what its function returns."""

Binding = ast.expr | str
"""What a name is bound to: an expression, or a reference."""


@dataclass(eq=False, slots=True)
class Scope:
    """A module, a class, a function or a lambda, and what its names are bound to.

    `symbol` is "" for the module; a stub is a function whose body says only what another one will do.
    """

    symbol: str
    parent: Scope | None = None
    is_class: bool = False
    is_stub: bool = False
    bound: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))

    def below(self, name: str) -> str:
        """Return the symbol of something called `name` that is defined here."""
        return f"{self.symbol}.{name}" if self.symbol else name

    def chain(self) -> Iterator[Scope]:
        """Yield this scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def owner(self) -> Scope | None:
        """Return the innermost class around this scope."""
        return next((scope for scope in self.chain() if scope.is_class), None)


def reference_of(node: ast.expr | None, scope: Scope, steps: int = _MOST_STEPS) -> str:
    """Return the reference of what `node` stands for in `scope`; "" where that cannot be told.

    An object is named by its class (``:Narrator.retry`` is a method of it), the answer of a function by ``function()``.
    """
    if isinstance(node, ast.Name):
        return _named(node.id, scope, steps)
    if isinstance(node, ast.Attribute):
        owner = reference_of(node.value, scope, steps)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "super" and (around := scope.owner()):
            return f":{around.symbol}.{SUPER}"
        made = reference_of(node.func, scope, steps)
        return made if not made or is_class_name(made) else f"{made}{RETURNED}"
    if isinstance(node, ast.Await):
        return reference_of(node.value, scope, steps)
    if isinstance(node, ast.BoolOp):
        return next((found for part in node.values if (found := reference_of(part, scope, steps))), "")
    if isinstance(node, ast.IfExp):
        return reference_of(node.body, scope, steps) or reference_of(node.orelse, scope, steps)
    return reference_of(node.value, scope, steps) if isinstance(node, ast.NamedExpr) else ""


SUPER = "super()"


def annotated(node: ast.expr | None, scope: Scope) -> str:
    """Return the reference of the class that an annotation names: ``Narrator | None``, ``Optional["Narrator"]``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return ""
    if isinstance(node, ast.BinOp):
        return annotated(node.left, scope) or annotated(node.right, scope)
    if isinstance(node, ast.Subscript):
        kind = dotted(node.value).rpartition(".")[2]
        return annotated(node.slice, scope) if kind in ("Optional", "Annotated", "Final", "ClassVar") else ""
    if isinstance(node, ast.Tuple):
        return annotated(node.elts[0], scope) if node.elts else ""
    found = reference_of(node, scope)
    return found if is_class_name(found) else ""


def is_class_name(reference: str) -> bool:
    """Say whether a reference ends in what is spelled like a class."""
    return reference.rpartition(".")[2].lstrip(":_")[:1].isupper()


def bindings(name: str, scope: Scope) -> list[tuple[Binding, Scope]]:
    """Return what `name` is bound to in the innermost scope that knows it; classes do not lend names to functions."""
    for place in scope.chain():
        if place.is_class and place is not scope:
            continue
        if name in place.bound:
            return [(value, place) for value in place.bound[name]]
    return []


def dotted(node: ast.AST | None) -> str:
    """Return the plain name of an expression, its call or its await: ``self.client.post``; "" when it has none."""
    parts: list[str] = []
    while node is not None:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            break
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, (ast.Await, ast.Subscript)):
            node = node.value
        else:
            break
    return ".".join(reversed(parts))


def _named(name: str, scope: Scope, steps: int) -> str:
    found = bindings(name, scope)
    for value, place in found:
        if isinstance(value, str):
            return value
        if steps and (origin := reference_of(value, place, steps - 1)):
            return origin
    if found and found[0][1].parent is None:
        return f":{name}"
    return "" if found or STAR not in next(top for top in scope.chain() if top.parent is None).bound else f":{name}"


STAR = "*"
"""The name under which a module keeps what it imports whole."""
