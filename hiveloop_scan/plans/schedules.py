"""Loops that run each step as soon as what it depends on is done, or in an order worked out from that."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from
from hiveloop_scan.plans.walks import Walk, collection, names_made_from, taken_from
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_STARTERS = {"submit", "create_task", "ensure_future", "run_in_executor", "gather", "start_soon", "to_thread", "map"}


def schedule_of(
    loop: cst.For | cst.While, module: ParsedModule, options: Options
) -> tuple[Walk, cst.Call, list[str]] | None:
    """Describe a loop that runs steps in the order of what they wait for: the steps, the call that runs one, facts."""
    ordering = _ordering(loop, module, options)
    if not ordering:
        return None
    for walk in _walks(loop, module):
        if mentions(code(walk.items), options["item_words"]):
            continue
        found = _run(walk, loop, module, options)
        if found is not None:
            facts = [ordering, "each-step-is-executed"]
            if any(mentions(part, options["unit_words"]) for part in (*walk.names, last_name(found.func))) or mentions(
                code(walk.items), options["unit_words"]
            ):
                facts.append("items-are-units-of-work")
            return walk, found, facts
    return None


def _ordering(loop: cst.For | cst.While, module: ParsedModule, options: Options) -> str:
    """Return the fact that says what decides the order; "" where nothing does."""
    if isinstance(loop, cst.For):
        return "order-is-worked-out" if _is_worked_out(loop.iter, module, options) else ""
    if not mentions(module.text(loop), options["waiting_for_words"], options["ready_words"]):
        return ""
    body = statements(loop.body)
    read = [node.attr.value for node in module.below(body, cst.Attribute)]
    read += [name.value for name in module.below(body, cst.Name)]
    read += [node.value for node in module.below(body, cst.SimpleString)]
    for lambda_or_comprehension in module.all_below(loop, cst.CompFor):
        read += [node.attr.value for node in module.all_below(lambda_or_comprehension, cst.Attribute)]
    if any(mentions(text, options["waiting_for_words"]) for text in read):
        return "runs-what-waits-for-nothing"
    asked = [call for call in module.below((loop.test, *body), cst.Call) if call.args or "." in dotted(call.func)]
    ready = any(
        mentions(last_name(call.func), options["ready_words"]) and mentions(last_name(call.func), options["unit_words"])
        for call in asked
    )
    return "runs-what-waits-for-nothing" if ready else ""


def _is_worked_out(items: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether the items come out of a call that sorts by dependencies."""
    return derives_from(
        items,
        module,
        lambda node: isinstance(node, (cst.Call, cst.Attribute)) and mentions(dotted(node), options["order_words"]),
        steps=2,
    ) or mentions(code(items), options["order_words"])


def _walks(loop: cst.For | cst.While, module: ParsedModule) -> Iterator[Walk]:
    """Yield what a round takes its steps from: the loop itself, the loops and comprehensions inside, what it pops."""
    body = statements(loop.body)
    if isinstance(loop, cst.For):
        names = frozenset(module.names_in(loop.target)) - {"_"}
        step = code(loop.target) if isinstance(loop.target, cst.Name) else None
        yield Walk(loop, collection(loop.iter), names, step, None, None)
    for assign in module.below(body, cst.Assign):
        target = assign.targets[0].target
        taken = taken_from(assign.value)
        if taken and isinstance(target, cst.Name):
            yield Walk(loop, taken[0], frozenset({target.value}), target.value, None, None)
    inside: list[cst.For | cst.CompFor] = [*module.all_below(loop, cst.For), *module.all_below(loop, cst.CompFor)]
    for inner in inside:
        if inner is not loop:
            names = frozenset(module.names_in(inner.target)) - {"_"}
            yield Walk(loop, collection(inner.iter), names, None, None, None)


def _run(walk: Walk, loop: cst.For | cst.While, module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the call that runs the step, itself or through what starts it: ``submit(run_task, task)``."""
    names = names_made_from(walk.names, statements(loop.body), module)
    for call in module.all_below(loop, cst.Call):
        given = module.names_in(*call.args) if call.args else set()
        owned = isinstance(call.func, cst.Attribute) and dotted(call.func).partition(".")[0] in names
        if not owned and not names & given:
            continue
        method = last_name(call.func)
        if method in _STARTERS:
            handed = call.args[0].value if call.args else None
            if isinstance(handed, (cst.Name, cst.Attribute)) and _runs(last_name(handed), options):
                return call
        elif _runs(method, options) and not method[:1].isupper():
            return call
    return None


def _runs(method: str, options: Options) -> bool:
    tokens = words(method)
    return bool(tokens) and tokens[0] not in options["idle_words"] and mentions(method, options["run_words"])
