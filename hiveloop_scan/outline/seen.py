"""What a walk over a file sees: calls, and the branches, scopes and contexts they stand in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from hiveloop_scan.outline.scopes import Scope
from hiveloop_scan.syntax.names import mentions

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False, slots=True)
class Branch:
    """What runs together: the body of a function, a branch of an if, a handler; `test` is None for a function."""

    parent: Branch | None = None
    test: ast.expr | None = None
    is_handler: bool = False


@dataclass(eq=False, slots=True)
class Seen:
    """A call, or a decorator (which is called without an ``ast.Call``), and where it stands."""

    node: ast.expr
    scope: Scope
    branch: Branch
    contexts: tuple[ast.expr, ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        """Line (1-based) and column (0-based, in bytes)."""
        return self.node.lineno, self.node.col_offset


@dataclass(eq=False, slots=True)
class Walked:
    """What one walk has found; `scopes` come in source order, the module first.

    `attributes` are names with what they are bound to, or annotated with; `values` what a module keeps for all.
    """

    calls: list[Seen] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    attributes: list[tuple[str, ast.expr, Scope, bool]] = field(default_factory=list)
    bases: dict[str, list[ast.expr]] = field(default_factory=dict)
    values: list[tuple[str, ast.expr, Scope]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Here:
    """Where the walk is; shared by all that stands in one place."""

    scope: Scope
    branch: Branch
    contexts: tuple[ast.expr, ...] = ()


def owners_of(branch: Branch) -> Iterator[Branch]:
    """Yield the branch and those around it, innermost first."""
    around: Branch | None = branch
    while around is not None:
        yield around
        around = around.parent


def is_stub(node: Function, around: Scope) -> bool:
    """Say whether a function only stands for another: abstract, of a protocol, or used when nobody listens."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    if not body:
        return _ends_in_dots(node.body[-1]) or mentions(around.symbol, _NOBODY)
    if all(isinstance(item, ast.Raise) for item in body):
        return True
    return all(isinstance(item, ast.Pass) for item in body) and mentions(around.symbol, _NOBODY)


_NOBODY = ("null", "noop", "no_op", "nop", "dummy", "fake", "stub", "silent", "protocol")


def _ends_in_dots(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
