"""Counters of failures: where they are counted, set back, and compared with a limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.conditions.blocks import rest_after
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.counting import counting_step
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_UP = (cst.GreaterThanEqual, cst.GreaterThan)
_DOWN = (cst.LessThanEqual, cst.LessThan)
_INCREMENTS = {"increment", "incr", "incrby", "bump", "inc"}
_GENERIC = {"count", "counter", "n", "num", "number", "total", "current", "consecutive"}
_ADDS = {"append", "add", "appendleft"}
_LIMITS = ("max", "maximum", "limit", "threshold", "cap", "allowed", "tolerance", "min", "budget")

Test = cst.If | cst.Return
Step = cst.Assign | cst.AugAssign | cst.Expr
Reset = cst.Assign | cst.Expr | cst.Del


@dataclass(frozen=True)
class Limit:
    """A counter compared with a limit: the expressions, and what runs when the limit is reached.

    `node` is the place that a report points at; `reached` is empty where only the answer is returned.
    """

    node: cst.CSTNode
    counter: cst.BaseExpression
    limit: cst.BaseExpression
    reached: Sequence[cst.CSTNode]
    test: cst.BaseExpression


def limits_in(node: Test, module: ParsedModule) -> Iterator[Limit]:
    """Yield the comparisons of `node` that can be a counter and its limit."""
    test = node.test if isinstance(node, cst.If) else node.value
    if test is None:
        return
    for comparison in module.below(test, cst.Comparison):
        last = comparison.comparisons[-1]
        if len(comparison.comparisons) == 1:
            left = comparison.left
        elif isinstance(comparison.left, cst.Integer):  # `0 < limit <= failures`: the limit is in force
            left = comparison.comparisons[-2].comparator
        else:
            continue
        operator, right = last.operator, last.comparator
        if isinstance(operator, (*_UP, cst.Equal)) and _is_a_limit(right):
            yield from _reached(node, left, right, module, test)
        elif isinstance(operator, _DOWN) and _is_a_limit(left):
            yield from _reached(node, right, left, module, test)
        elif isinstance(operator, _DOWN) and _is_a_limit(right) and isinstance(node, cst.If):
            yield from _not_reached(node, left, right, module, test)


def _reached(
    node: Test, counter: cst.BaseExpression, limit: cst.BaseExpression, module: ParsedModule, test: cst.BaseExpression
) -> Iterator[Limit]:
    reached = statements(node.body) if isinstance(node, cst.If) else ()
    if any(
        isinstance(rest.operator, cst.Subtract) and code(rest.left) == f"len({code(_counted_in(counter))})"
        for rest in module.below(reached, cst.BinaryOperation)
    ):
        return  # "... and 4 more": a list that is cut for display
    yield Limit(node, _counted_in(counter), limit, reached, test)


def _not_reached(
    node: cst.If, counter: cst.BaseExpression, limit: cst.BaseExpression, module: ParsedModule, test: cst.BaseExpression
) -> Iterator[Limit]:
    """``if failures < limit: return``: the limit is reached in what follows."""
    if isinstance(node.orelse, cst.Else):
        yield Limit(node.orelse, _counted_in(counter), limit, statements(node.orelse.body), test)
    elif node.orelse is None and not flow_of_suite(node.body) & Flow.NEXT:
        rest = rest_after(node, module)
        if rest:
            yield Limit(rest[0], _counted_in(counter), limit, rest, test)


def _is_a_limit(node: cst.BaseExpression) -> bool:
    """Say whether an expression can be a limit: a number above one, or something named."""
    if isinstance(node, cst.Integer):
        return int(node.value.replace("_", ""), 0) >= 2
    if isinstance(node, (cst.Name, cst.Attribute, cst.Subscript)):
        return mentions(code(node), _LIMITS) or last_name(node).lstrip("_").isupper()
    return isinstance(node, cst.Call) and mentions(code(node), _LIMITS)


def _counted_in(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what is counted: ``x`` for ``len(x)``, the thing itself otherwise."""
    if isinstance(node, cst.Call) and last_name(node.func) == "len" and len(node.args) == 1:
        return node.args[0].value
    return node


def kept_place(counter: cst.BaseExpression, module: ParsedModule) -> cst.BaseExpression | None:
    """Return the lasting place that a counter is kept in; None when it dies with the call.

    ``failures = self.failures.get(host, 0) + 1`` counts in ``self.failures``, whatever the local name.
    """
    if isinstance(counter, cst.Call):
        owner = counter.func.value if isinstance(counter.func, cst.Attribute) else None
        looked_up = last_name(counter.func) == "get" and owner is not None
        return owner if looked_up and owner is not None and outlives_the_call(owner, module) else None
    if outlives_the_call(counter, module):
        return counter
    if not isinstance(counter, cst.Name):
        return None
    for value in values_of(counter.value, counter, module):
        if place := _kept_behind(value, module):
            return place
    return counter if _is_kept_by_a_worker(counter, module) else None


def _kept_behind(value: cst.BaseExpression, module: ParsedModule) -> cst.BaseExpression | None:
    """Return the lasting place whose number, one more, is `value`."""
    if isinstance(value, cst.Await):
        value = value.expression
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add) and code(value.right) == "1":
        inner = value.left.expression if isinstance(value.left, cst.Await) else value.left
        if isinstance(inner, cst.Call) and isinstance(inner.func, cst.Attribute) and last_name(inner.func) == "get":
            return inner.func.value if outlives_the_call(inner.func.value, module) else None
        return inner if not isinstance(inner, cst.Name) and outlives_the_call(inner, module) else None
    callee = value.func if isinstance(value, cst.Call) else None
    counts = isinstance(callee, cst.Attribute) and bool(_INCREMENTS.intersection(words(callee.attr.value)))
    return callee if counts else None


def _is_kept_by_a_worker(counter: cst.Name, module: ParsedModule) -> bool:
    """Say whether a local counter lives as long as a worker: outside of its endless loop, and set back inside it."""
    function = module.function_of(counter)
    if function is None:
        return False
    for loop in module.below(function.body, cst.While):
        if not module.is_below(counter, [loop]):
            continue
        resets = [node for node in module.below(loop.body, cst.Assign) if code(node.value) == "0"]
        if any(dotted(node.targets[0].target) == counter.value for node in resets):
            return not any(isinstance(leaf, cst.Return) and leaf.value for leaf in module.below(loop.body, cst.Return))
    return False


def name_of_counter(place: cst.BaseExpression, module: ParsedModule) -> str:
    """Return what a counter is called: its own name, with that of its class when it says nothing but "count"."""
    name = code(place)
    owner = module.enclosing(place, cst.ClassDef)
    if set(words(leaf_of(place))) <= _GENERIC and isinstance(owner, cst.ClassDef):
        return f"{name} {owner.name.value}"
    return name


def leaf_of(place: cst.BaseExpression) -> str:
    """Return the last name of a place: ``failures`` for ``self.stats.failures[host]``."""
    return last_name(place)


def counts_exceptions(place: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a counter, whatever it is called, is counted up in handlers only and set back elsewhere."""
    steps, resets = steps_of(place, module), resets_of(place, module)
    in_handlers = all(module.enclosing(step, cst.ExceptHandler) for step in steps)
    return bool(steps) and in_handlers and any(not module.enclosing(reset, cst.ExceptHandler) for reset in resets)


def steps_of(place: cst.BaseExpression, module: ParsedModule) -> list[Step]:
    """Return the statements of this file that count in a place of that name."""
    leaf = leaf_of(place)
    return module.once(_steps_by_leaf, module.tree).get(leaf, [])


def _steps_by_leaf(tree: cst.CSTNode, module: ParsedModule) -> dict[str, list[Step]]:
    """Return the statements of a file that count, by the last names of the places in which they do."""
    found: dict[str, list[Step]] = defaultdict(list)
    assigns: list[cst.AugAssign | cst.Assign] = [*module.nodes(cst.AugAssign), *module.nodes(cst.Assign)]
    for assign in assigns:
        for leaf in _counted_leaves(assign):
            found[leaf].append(assign)
    for expression in module.nodes(cst.Expr):
        found[leaf_of_owner(expression, _ADDS)].append(expression)
    return found


def leaf_of_owner(node: cst.Expr, methods: Collection[str]) -> str:
    """Return the last name of what one of `methods` is called on in a statement; "" when it is another statement."""
    callee = node.value.func if isinstance(node.value, cst.Call) else None
    return leaf_of(callee.value) if isinstance(callee, cst.Attribute) and callee.attr.value in methods else ""


def _counted_leaves(node: cst.Assign | cst.AugAssign) -> set[str]:
    if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.AddAssign):
        return {leaf_of(node.target)}
    step = counting_step(node)
    if step and not step[1]:
        return {step[0].partition("[")[0].rpartition(".")[2]}
    if isinstance(node, cst.Assign) and isinstance(node.value, cst.BinaryOperation):
        added = node.value
        if isinstance(added.operator, cst.Add) and code(added.right) == "1":
            left = added.left.expression if isinstance(added.left, cst.Await) else added.left
            owner = left.func.value if isinstance(left, cst.Call) and isinstance(left.func, cst.Attribute) else left
            return {leaf_of(node.targets[0].target), leaf_of(owner)}
    return set()


def resets_of(place: cst.BaseExpression, module: ParsedModule) -> list[Reset]:
    """Return the statements outside of constructors that set a place of that name back: to nought, or empty."""
    return [node for node in all_resets(module) if leaf_of(reset_place(node)) == leaf_of(place)]


def all_resets(module: ParsedModule) -> Sequence[Reset]:
    """Return the statements in functions that set something back to nought or empty it, constructors left out."""
    return module.once(_all_resets, module.tree)


def _all_resets(tree: cst.CSTNode, module: ParsedModule) -> Sequence[Reset]:
    return tuple(_resets(module))


def _resets(module: ParsedModule) -> Iterator[Reset]:
    for assign in module.nodes(cst.Assign):
        if is_nought(assign.value) and _is_in_a_running_function(assign, module):
            yield assign
    for expression in module.nodes(cst.Expr):
        if leaf_of_owner(expression, ("clear", "pop")) and _is_in_a_running_function(expression, module):
            yield expression
    for deletion in module.nodes(cst.Del):
        if isinstance(deletion.target, cst.Subscript) and _is_in_a_running_function(deletion, module):
            yield deletion


def reset_place(node: Reset) -> cst.BaseExpression:
    """Return the place that a statement sets back."""
    if isinstance(node, cst.Assign):
        return node.targets[0].target
    if isinstance(node, cst.Del):
        return node.target
    call = node.value
    assert isinstance(call, cst.Call)
    assert isinstance(call.func, cst.Attribute)
    return call.func.value


def is_nought(value: cst.BaseExpression) -> bool:
    """Say whether a value is what a counter starts from."""
    kind = type(value)
    if kind is cst.List or kind is cst.Dict:
        return not value.elements  # type: ignore[attr-defined]
    return kind in (cst.Integer, cst.Float) and value.value in ("0", "0.0")  # type: ignore[attr-defined]


def _is_in_a_running_function(node: cst.CSTNode, module: ParsedModule) -> bool:
    function = module.function_of(node)
    return function is not None and function.name.value not in (
        "__init__",
        "__post_init__",
        "__new__",
        "__enter__",
        "setup",
    )
