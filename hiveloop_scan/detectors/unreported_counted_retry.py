"""Find answers that ask for another try and count it: the repetition happens in a later call of the same function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.names import names_and_attributes
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.counting import counting_step
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name, reference, statements
from hiveloop_scan.visitor import detector

_LABEL_WORDS = 3
_MORE = (cst.GreaterThan, cst.GreaterThanEqual)
_ORDERED = (*_MORE, cst.LessThan, cst.LessThanEqual)


@detector(cst.FunctionDef)
def unreported_counted_retry(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    body = statements(function.body)
    for step in module.below(body, cst.AugAssign, cst.Assign):
        counter = _counter_of(step, options)
        if counter is None or module.enclosing(step, cst.For, cst.While) is not None:
            continue
        if module.enclosing(step, cst.ExceptHandler) is not None:
            if _does_it_again(step, counter, module):
                facts = ["counts-the-tries", "compares-the-count-with-a-limit", "work-is-done-again"]
                yield Match(step, _captures(counter, function, step, module), facts)
            continue
        test = next((node for node in module.below(body, cst.If) if _limits(node, counter, module)), None)
        if test is None:
            continue
        asking = _asking_statements(step, test, body, module)
        if not any(_is_a_request(node) for node in module.below(asking, cst.Return)):
            continue
        facts = ["counts-the-tries", "compares-the-count-with-a-limit", "answers-with-another-request"]
        if "." in counter or not isinstance(step, cst.AugAssign):
            facts.append("count-outlives-the-call")
        if not any(mentions(text, options["again_words"]) for text in (counter, *map(module.text, asking))):
            continue
        facts.append("branch-speaks-of-a-retry")
        if any(last_name(call.func) in options["human_words"] for call in work_calls(asking, module)):
            facts.append("asks-a-human")
        yield Match(step, _captures(counter, function, step, module), facts)


def _does_it_again(step: cst.CSTNode, counter: str, module: ParsedModule) -> bool:
    """Say whether a handler counts a try below a limit and goes on with work: ``tries += 1; self.start(task)``."""
    branch = module.enclosing(step, cst.If, cst.ExceptHandler)
    block = statements(branch.body) if isinstance(branch, cst.If) else ()
    if step not in block or not isinstance(branch, cst.If) or not _limits(branch, counter, module):
        return False
    later = [node for node in block if module.is_before(step, node)]
    return any(
        isinstance(node, (cst.Expr, cst.Assign, cst.Return)) and _calls_with_arguments(node, module) for node in later
    )


def _calls_with_arguments(node: cst.CSTNode, module: ParsedModule) -> bool:
    return any(call.args and not last_name(call.func)[:1].isupper() for call in work_calls(node, module))


def _counter_of(node: cst.CSTNode, options: Options) -> str | None:
    """Return the name that a statement counts tries in: ``self.retries += 1``, ``retries = self.increment(key)``."""
    step = counting_step(node)
    if step and not step[1] and mentions(step[0], options["retry_words"]):
        return step[0]
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        name = reference(node.targets[0].target)
        value = node.value.expression if isinstance(node.value, cst.Await) else node.value
        if (
            isinstance(value, cst.Call)
            and mentions(name, options["retry_words"])
            and options["count_words"].intersection(words(dotted(value.func)))
        ):
            return name
    return None


def _limits(node: cst.If, counter: str, module: ParsedModule) -> bool:
    """Say whether an if compares the counter with something."""
    return any(
        counter in names_and_attributes(comparison, module)
        and any(isinstance(part.operator, _ORDERED) for part in comparison.comparisons)
        for comparison in module.below(node.test, cst.Comparison)
    )


def _asking_statements(
    step: cst.CSTNode, test: cst.If, body: Sequence[cst.CSTNode], module: ParsedModule
) -> tuple[cst.CSTNode, ...]:
    """Return what runs below the limit: the branch under the test, or what follows when that branch gives up."""
    inside = statements(test.body)
    comparisons = module.below(test.test, cst.Comparison)
    gives_up = any(isinstance(part.operator, _MORE) for comparison in comparisons for part in comparison.comparisons)
    if not gives_up or module.is_below(step, inside):
        return tuple(inside)
    if module.is_before(test, step) and step not in body:
        block = module.enclosing(step, cst.IndentedBlock)
        return tuple(node for node in statements(block) if module.is_before(step, node)) if block is not None else ()
    if flow_of_suite(test.body) & Flow.NEXT:
        return tuple(statements(test.orelse.body)) if isinstance(test.orelse, cst.Else) else ()
    return tuple(node for node in body if module.is_before(test, node))


def _is_a_request(node: cst.Return) -> bool:
    """Say whether a return gives the caller something to go on with: a text or what a call made."""
    if isinstance(node.value, cst.SimpleString):
        return len(node.value.value.split()) > _LABEL_WORDS
    return isinstance(node.value, (cst.FormattedString, cst.ConcatenatedString, cst.Call, cst.Await))


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
