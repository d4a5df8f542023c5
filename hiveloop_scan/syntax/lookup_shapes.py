"""Shapes of code that runs what it has looked up: by a key, by a name read off an object, or by a loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.call_parts import calls_in, given_to, names_in, root_of
from hiveloop_scan.syntax.run_names import HANDED, MEMBER, THINGS, has_verb, last, spelled_callee
from hiveloop_scan.syntax.signs import Shape, like
from hiveloop_scan.syntax.walking import nodes, once, texts, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_GETTERS = re.compile(r"_*(?:a?get|find|look|resolve|fetch|load|search|select)", re.IGNORECASE)
_PARTS = frozenset(
    {
        "func", "function", "fn", "callback", "handler", "coroutine", "entrypoint", "tool", "callable",
        "executor", "impl",
        "implementation", "action", "method", "original_func",
    }
)  # fmt: skip


def _has_lookup_run(unit: Unit) -> bool:
    """A call of something that was looked up by a key, read off an object by a name, or found by a loop."""
    run: set[str] = set()
    for call in calls_in(unit):
        for callee in _callees(call):
            if _is_look_up(callee):
                return True
            run.add(root_of(callee))
        if "tool" in last(call.func).lower() and has_verb(last(call.func)):
            run.update(arg.id for arg in given_to(call) if isinstance(arg, ast.Name))
    return not run.isdisjoint(once(_bound, unit)) and not run.isdisjoint(once(_looked_up, unit))


def _has_member_lookup_run(unit: Unit) -> bool:
    """The same of something looked up by the name that another thing has: ``handlers[call.name]``."""
    found = nodes(unit, ast.Subscript, ast.Call, ast.Attribute)
    return any(_is_look_up(node) and _reads_a_name(node) for node in found) and _has_lookup_run(unit)


def _callees(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call may run: its callee, the owner of a method that runs something, what it hands to a thread."""
    handed = call.args[:2] if last(call.func) in HANDED else []
    for callee in (call.func, *handed):
        if not isinstance(callee, ast.Attribute):
            yield callee
        elif callee.attr in _PARTS or has_verb(callee.attr):
            yield callee.value


def _bound(unit: ast.AST) -> set[str]:
    """Return the names that the function takes, and those in all that it gives a value."""
    targets = [node for node in nodes(unit, ast.Name, ast.Attribute, ast.Subscript) if isinstance(node.ctx, ast.Store)]
    return {node.arg for node in nodes(unit, ast.arg)}.union(*map(names_in, targets))


def _looked_up(unit: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in nodes(unit, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.arg):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            parts = list(_alternatives(node.value))
            if any(_is_look_up(part) or _is_made_of(part, found) for part in parts) or root_of(node.value) in found:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {name for target in targets for name in names_in(target)}
        elif isinstance(node, (ast.For, ast.AsyncFor)) and _speaks_of_tools(node.iter):
            found |= names_in(node.target)
        elif isinstance(node, ast.arg) and "tool" in node.arg:
            found.add(node.arg)
    return found


def _speaks_of_tools(node: ast.expr) -> bool:
    return any("tool" in text.lower() for text in texts(node)) or any(
        "tool" in (word.arg or "").lower() for word in nodes(node, ast.keyword)
    )


def _is_made_of(node: ast.expr, found: set[str]) -> bool:
    """Say whether a call is given parts of something that was looked up: ``make_node(kind=found.kind)``."""
    given = [*node.args, *(word.value for word in node.keywords)] if found and isinstance(node, ast.Call) else []
    return any(isinstance(arg, ast.Attribute) and root_of(arg) in found for arg in given)


def _alternatives(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _alternatives(part)
    elif isinstance(value, ast.IfExp):
        yield from _alternatives(value.body)
        yield from _alternatives(value.orelse)
    elif isinstance(value, ast.Await):
        yield from _alternatives(value.value)
    else:
        yield value


def _is_look_up(node: ast.AST) -> bool:
    """Say whether an expression looks something up: ``d[key]``, ``d.get(key)``, ``getattr(x, name)``, ``next(...)``."""
    if isinstance(node, ast.Attribute) and node.attr in _PARTS:
        return _is_look_up(node.value)
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant):
            return isinstance(node.slice.value, str) and node.slice.value in _PARTS and _is_look_up(node.value)
        return not isinstance(node.slice, (ast.Slice, ast.BinOp, ast.UnaryOp))
    given = [*node.args, *(word.value for word in node.keywords)] if isinstance(node, ast.Call) else []
    if not given or not isinstance(node, ast.Call):
        return False
    name = last(node.func)
    if name == "getattr":
        return len(given) > 1 and not isinstance(given[1], ast.Constant)
    if name == "next":
        return isinstance(given[0], ast.GeneratorExp)
    if isinstance(given[0], ast.Constant):
        return False
    return name == "get" or bool(_GETTERS.match(name) and THINGS.search(spelled_callee(node.func)))


def _reads_a_name(node: ast.AST) -> bool:
    keys = [node.slice] if isinstance(node, ast.Subscript) else node.args[:2] if isinstance(node, ast.Call) else []
    return any(
        (isinstance(part, ast.Attribute) and bool(MEMBER.match(part.attr)))
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and bool(MEMBER.match(part.value)))
        for key in keys
        for part in walk(key)
    )


LOOKUP_SHAPES = {
    "lookup-run": Shape(_has_lookup_run),
    "lookup-run-by-member": Shape(_has_member_lookup_run, [[like(MEMBER)]]),
}
