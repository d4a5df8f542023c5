"""Branches that are chosen by the name of a tool: ``if name == "search": ... elif name == "mail": ...``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.tools.access import bare, member_of, text_of
from hiveloop_scan.tools.scopes import Scope

_OUTPUT = ("log", "logger", "logging", "print", "console", "st")
_VALUES = ("decision", "verdict", "result", "response", "reply", "outcome", "event", "message", "error", "status")
"""Last words of classes whose methods only make a value: ``HookDecision.block(reason)``."""


@dataclass(frozen=True)
class Branch:
    """One branch: the if or case that holds it, its statements, and the text it was chosen by."""

    node: cst.CSTNode
    body: Sequence[cst.CSTNode]


@dataclass(frozen=True)
class Chain:
    """The branches of one function that ask for the same name, and the expression of that name."""

    name: cst.BaseExpression
    branches: tuple[Branch, ...]


def chains_in(scope: Scope) -> list[Chain]:
    """Return the chains of branches in a function that compare one expression with fixed values."""
    found: dict[str, list[tuple[cst.BaseExpression, Branch]]] = defaultdict(list)
    module, body = scope.module, scope.bodies[0]
    for branch in module.below(body, cst.If):
        name = _compared(branch.test)
        if name is not None:
            found[code(name)].append((name, Branch(branch, statements(branch.body))))
    for match in module.below(body, cst.Match):
        for case in match.cases:
            if not (isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None):
                found[code(match.subject)].append((match.subject, Branch(case, statements(case.body))))
    return [Chain(parts[0][0], tuple(branch for _, branch in parts)) for parts in found.values() if len(parts) > 1]


def _compared(test: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return what a test compares with fixed values for equality."""
    if isinstance(test, cst.BooleanOperation):
        return _compared(test.left) or _compared(test.right)
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    target = test.comparisons[0]
    if isinstance(target.operator, cst.Equal) and _is_fixed(target.comparator):
        return test.left
    if isinstance(target.operator, cst.In) and isinstance(target.comparator, (cst.Tuple, cst.List, cst.Set)):
        values = [element.value for element in target.comparator.elements]
        return test.left if values and all(_is_fixed(value) for value in values) else None
    return None


def _is_fixed(node: cst.BaseExpression) -> bool:
    """Say whether a value is a text, a constant or a member of an enum."""
    return text_of(node) is not None or (
        isinstance(node, (cst.Name, cst.Attribute)) and (last_name(node).isupper() or dotted(node)[:1].isupper())
    )


def work_of(branch: Branch, chain: Chain, module: ParsedModule) -> cst.Call | None:
    """Return the call of a branch that does its work: the first whose result outlives the branch, or is awaited."""
    return next(
        (
            call
            for statement in _flat(branch.body)
            if (value := _result(statement, chain, module)) is not None
            for call in module.below(value, cst.Call)
            if _is_work(call)
        ),
        None,
    )


def _flat(body: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """Yield the statements of a branch; those of try and with among them count as its own."""
    for statement in body:
        if isinstance(statement, (cst.Try, cst.With)):
            yield from _flat(statements(statement.body))
        else:
            yield statement


def _result(statement: cst.CSTNode, chain: Chain, module: ParsedModule) -> cst.BaseExpression | None:
    """Return what a statement makes the result of its branch: returned, yielded, or bound to a name read elsewhere."""
    if isinstance(statement, cst.Return):
        return statement.value
    if isinstance(statement, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
        target = statement.targets[0].target if isinstance(statement, cst.Assign) else statement.target
        lives = not isinstance(target, (cst.Name, cst.Tuple)) or _is_read_outside(target, chain, module)
        return statement.value if lives else None
    if isinstance(statement, cst.For):
        return statement.iter
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Yield):
        return _yielded(statement.value)
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Await):
        return statement.value
    return None


def _is_read_outside(target: cst.BaseExpression, chain: Chain, module: ParsedModule) -> bool:
    """Say whether a name that a branch binds is read behind the chain, where the results of all branches meet."""
    function = module.function_of(target)
    root: cst.CSTNode = function.body if function is not None else module.tree
    bodies = [part for branch in chain.branches for part in branch.body]
    names = module.names_in(target)
    return any(name.value in names and module.is_before(bodies[-1], name) for name in module.all_below(root, cst.Name))


def _yielded(node: cst.Yield) -> cst.BaseExpression | None:
    return node.value.item if isinstance(node.value, cst.From) else node.value


def _is_work(call: cst.Call) -> bool:
    name = last_name(call.func)
    if not name or name in EVERYDAY_CALLS or name[:1].isupper() or member_of(call) is not None:
        return False
    owner = dotted(call.func).rpartition(".")[0]
    if owner[:1].isupper() and words(owner)[-1] in _VALUES:
        return False
    return owner.partition(".")[0].lower() not in _OUTPUT and name not in _OUTPUT


def names_the_work(name: cst.BaseExpression) -> str:
    """Return the root of the expression by which the branches are chosen."""
    return dotted(next(iter(bare(name)))).partition(".")[0]


def is_chosen(name: cst.BaseExpression, scope: Scope, choose_words: frozenset[str]) -> bool:
    """Say whether a name was given by a call that chooses: ``tool = self.select_tool(prompt)``."""
    values = [binding.value for binding in scope.bindings.get(dotted(name), ()) if not binding.each]
    return any(
        isinstance(part, cst.Call) and any(word in choose_words for word in words(last_name(part)))
        for value in values
        for part in bare(value)
    )
