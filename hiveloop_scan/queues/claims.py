"""Stores in memory whose waiting items are marked as taken, where others would take them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.containers import Container
from hiveloop_scan.queues.takes import is_named, looked_up_in
from hiveloop_scan.queues.waiting_queries import is_one_of, is_state
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name, statements


@dataclass(frozen=True)
class Claim:
    """A function that marks one of the waiting items of a store as taken, and what speaks for that being work."""

    function: cst.FunctionDef
    facts: tuple[str, ...]


def claims_on(container: Container, module: ParsedModule, options: Options) -> list[Claim]:
    """Return the functions that claim an item of `container`, a dict or list of a class."""
    if container.kind not in ("dict", "list") or container.owner is None:
        return []
    return [
        Claim(function, tuple(_facts(function, container, module, options)))
        for function in module.nodes(cst.FunctionDef)
        if mentions(function.name.value, options["claim_words"])
        and _goes_through(function, container, module)
        and _picks_a_waiting_one(function, module, options)
        and _marks_it(function, module, options)
    ]


def _goes_through(function: cst.FunctionDef, container: Container, module: ParsedModule) -> bool:
    return any(
        is_named(looked_up_in(loop.iter), loop, container, module)
        for loop in module.below(statements(function.body), cst.For, cst.CompFor)
    )


def _picks_a_waiting_one(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    return any(
        is_state(_field(comparison.left)) and is_one_of(comparison.comparisons[0].comparator, options["waiting_words"])
        for comparison in module.below(statements(function.body), cst.Comparison)
    )


def _marks_it(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    return any(
        is_state(_field(assign.targets[0].target)) and is_one_of(assign.value, options["taken_words"])
        for assign in module.below(statements(function.body), cst.Assign)
    )


def _field(node: cst.BaseExpression) -> str:
    """Return the attribute or key that an expression reads: ``status`` for ``job.status`` and ``job["status"]``."""
    if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
        key = node.slice[0].slice.value
        return key.raw_value if isinstance(key, cst.SimpleString) else ""
    return last_name(node)


def _facts(function: cst.FunctionDef, container: Container, module: ParsedModule, options: Options) -> Iterator[str]:
    yield "marks-a-waiting-one-as-taken"
    body = statements(function.body)
    if any("lock" in code(item.item).lower() for item in module.below(body, cst.WithItem)):
        yield "keeps-others-from-taking-it"
    if any(leaf.value is not None and code(leaf.value) != "None" for leaf in module.below(body, cst.Return)):
        yield "a-method-hands-items-out"
    owner = container.owner.name.value if container.owner else ""
    if mentions(f"{container.leaf} {owner} {function.name.value}", options["plan_words"]):
        yield "is-a-plan"
