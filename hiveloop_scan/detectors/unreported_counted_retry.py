"""Find answers that ask for another try and count it: the repetition happens in a later call of the same function."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.headers import counting_step, names_and_attributes
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, source, statements, walk_scope
from hiveloop_scan.visitor import detector

_COUNTS = {"increment", "increase", "incr", "bump", "count"}


@detector(cst.FunctionDef)
def unreported_counted_retry(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    for step in walk_scope(*statements(function.body)):
        counter = _counter_of(step, options)
        if counter is None or module.enclosing(step, cst.For, cst.While, cst.ExceptHandler) is not None:
            continue
        test = next((node for node in walk_scope(*statements(function.body)) if _limits(node, counter)), None)
        if not isinstance(test, cst.If):
            continue
        asking = _asking_statements(step, test, function)
        if not any(isinstance(node, cst.Return) and _is_a_request(node) for node in walk_scope(*asking)):
            continue
        facts = ["counts-the-tries", "compares-the-count-with-a-limit", "answers-with-another-request"]
        if "." in counter or not isinstance(step, cst.AugAssign):
            facts.append("count-outlives-the-call")
        if any(mentions(source(node), options["again_words"]) for node in asking):
            facts.append("branch-speaks-of-a-retry")
        yield Match(step, _captures(counter, function, step, module), facts)


def _counter_of(node: cst.CSTNode, options: Options) -> str | None:
    """Return the name that a statement counts tries in: ``self.retries += 1``, ``retries = await self.increment(key)``."""
    step = counting_step(node)
    if step and not step[1] and mentions(step[0], options["retry_words"]):
        return step[0]
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        name = dotted(node.targets[0].target)
        value = node.value.expression if isinstance(node.value, cst.Await) else node.value
        if isinstance(value, cst.Call) and mentions(name, options["retry_words"]) and _COUNTS.intersection(words(dotted(value.func))):
            return name
    return None


def _limits(node: cst.CSTNode, counter: str) -> bool:
    """Say whether `node` is an if that compares the counter with something."""
    if not isinstance(node, cst.If):
        return False
    comparisons = (inner for inner in walk_scope(node.test) if isinstance(inner, cst.Comparison))
    ordered = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
    return any(
        counter in names_and_attributes(comparison) and any(isinstance(part.operator, ordered) for part in comparison.comparisons)
        for comparison in comparisons
    )


def _asking_statements(step: cst.CSTNode, test: cst.If, function: cst.FunctionDef) -> tuple[cst.CSTNode, ...]:
    """Return what runs while the limit is not reached: the branch under the test, or what follows when the branch gives up."""
    inside = statements(test.body)
    gives_up = any(isinstance(part.operator, (cst.GreaterThan, cst.GreaterThanEqual)) for node in walk_scope(test.test) if isinstance(node, cst.Comparison) for part in node.comparisons)
    if not gives_up or any(node is step for node in walk_scope(*inside)):
        return tuple(inside)
    if flow_of_suite(test.body) & Flow.NEXT:
        return statements(test.orelse.body) if isinstance(test.orelse, cst.Else) else ()
    body = list(statements(function.body))
    place = next((index for index, node in enumerate(body) if any(inner is test for inner in walk_scope(node))), len(body))
    return tuple(body[place + 1 :])


def _is_a_request(node: cst.Return) -> bool:
    """Say whether a return gives the caller something to go on with: a text or what a call made."""
    return isinstance(node.value, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.Call, cst.Await))


def _captures(counter: str, function: cst.FunctionDef, step: cst.CSTNode, module: ParsedModule) -> dict[str, Capture]:
    return {
        "operation": function.name.value,
        "counter": counter,
        "attempt": counter,
        "attempt_base": 1,
        "backoff_seconds": None,
        "exception": None,
        "another_attempt": "conditional",
        "insert_line": module.span(step).end_line + 1,
    }

