"""Mending of plans: steps that are a list of texts, counted from nought."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import call_around, check_builtin, method_of, node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

_LAZY = ("map", "filter", "reversed", "iter", "chain")
"""What gives the texts that it is given, or made of them, one by one."""

_BY_HAND = "give a list of texts"


def list_steps(source: Source, finding: Finding) -> list[Edit]:
    """``(step.name for step in steps)`` -> ``[step.name for step in steps]``; a joined text is its list again."""
    node = node_at(source, finding.span)
    start, end = source.start(node), source.end(node)
    if isinstance(node, ast.GeneratorExp):
        _check_kept(node, source)
        return [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]
    if isinstance(node, ast.Set):
        return [Edit(start, start + 1, "["), Edit(end - 1, end, "]")]
    if not isinstance(node, ast.Call):
        raise Refusal("nobody can tell what the steps are", _BY_HAND)
    check_builtin(source, "list")
    if method_of(node) in _LAZY:
        _check_kept(node, source)
        return [Edit(start, start, "list("), Edit(end, end, ")")]
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join"), args=[joined], keywords=[]):
            _check_kept(joined, source)
            listed = isinstance(joined, (ast.ListComp, ast.List))
            text = source.segment(joined)
            return [Edit(start, end, text if listed else f"list({text})")]
        case _:
            raise Refusal("nobody can tell what the steps are", _BY_HAND)


def _check_kept(node: ast.expr, source: Source) -> None:
    """Refuse to read what can be read only once, where the agent's work reads it as well."""
    scope = source.scope_of(node)
    inside = {id(part) for part in ast.walk(node)}
    bound = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    for name in {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - bound:
        others = [
            part
            for part in ast.walk(scope)
            if isinstance(part, ast.Name)
            and part.id == name
            and isinstance(part.ctx, ast.Load)
            and id(part) not in inside
        ]
        if _is_gone_through(name, node) and others and not _is_a_list(name, scope, source, others):
            raise Refusal(
                f"{name!r} may be something that can be read only once", f"make it a list first: list({name})"
            )


def _is_gone_through(name: str, node: ast.expr) -> bool:
    """Say whether `node` takes the items of what `name` itself holds."""
    sources = [part.iter for part in ast.walk(node) if isinstance(part, ast.comprehension)]
    if isinstance(node, ast.Call):
        sources += node.args
    return isinstance(node, ast.Name) or any(isinstance(part, ast.Name) and part.id == name for part in sources)


def _is_a_list(name: str, scope: ast.AST, source: Source, others: list[ast.Name]) -> bool:
    """Say whether a name holds what can be read again: it is made so, said to be so, or used so."""
    for part in ast.walk(scope):
        if isinstance(part, ast.arg) and part.arg == name and part.annotation is not None:
            return _says_list(part.annotation)
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.target.id == name:
            return _says_list(part.annotation)
    made = [
        part.value
        for part in ast.walk(scope)
        if isinstance(part, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in part.targets)
    ]
    if made and all(_makes_a_list(value) for value in made):
        return True
    return any(_uses_a_list(other, source.parents[other]) for other in others)


def _says_list(annotation: ast.expr) -> bool:
    base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    word = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    return word.lower() in ("list", "tuple", "sequence", "set", "dict", "collection")


def _makes_a_list(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return method_of(value) in ("list", "sorted", "tuple", "split", "splitlines")
    return isinstance(value, (ast.List, ast.ListComp, ast.Tuple))


def _uses_a_list(name: ast.Name, outer: ast.AST) -> bool:
    if isinstance(outer, ast.Subscript):
        return outer.value is name
    return isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id == "len"


def count_from_nought(source: Source, finding: Finding) -> list[Edit]:
    """``plan_step(number, ...)``, counted from one -> ``plan_step(number - 1, ...)``."""
    node = node_at(source, finding.span)
    if isinstance(node, ast.Name):
        return [Edit(source.end(node), source.end(node), " - 1")]
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name):
        return [Edit(source.end(node.left), source.end(node), "")]
    places = _places_of_the_text(call_around(source, finding), source)
    if not isinstance(node, ast.Constant) or len(places) != 1:
        raise Refusal("nobody can tell which step is meant", "write the index of the step in its plan")
    return [Edit(source.start(node), source.end(node), str(places.pop()))]


def _places_of_the_text(call: ast.Call, source: Source) -> set[int]:
    """Return where the text of a step stands in the plans that are written out in front of the call."""
    texts = {node.value for node in call.args[2:3] if isinstance(node, ast.Constant)}
    texts |= {
        word.value.value for word in call.keywords if word.arg == "summary" and isinstance(word.value, ast.Constant)
    }
    return {
        place
        for plan in ast.walk(source.scope_of(call))
        if isinstance(plan, ast.Call) and method_of(plan) == "plan" and plan.lineno < call.lineno
        for steps in (*plan.args[1:2], *(word.value for word in plan.keywords if word.arg == "steps"))
        if isinstance(steps, ast.List)
        for place, step in enumerate(steps.elts)
        if isinstance(step, ast.Constant) and step.value in texts
    }
