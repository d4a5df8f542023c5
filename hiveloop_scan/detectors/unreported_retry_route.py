"""Find routers of a graph that send the work back for another attempt, as long as the attempts last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, statements
from hiveloop_scan.visitor import detector

_FEWEST_LABELS = 2
_BELOW = (cst.LessThan, cst.LessThanEqual)


@detector(cst.FunctionDef)
def unreported_retry_route(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    body = statements(function.body)
    labels = [answer for answer in module.below(body, cst.Return) if _is_label(answer)]
    if len({code(answer) for answer in labels}) < _FEWEST_LABELS:
        return
    for branch in module.below(body, cst.If):
        counter = _counter_below_its_limit(branch.test, module, options)
        back = next((node for node in statements(branch.body) if isinstance(node, cst.Return) and node in labels), None)
        if counter is None or back is None:
            continue
        facts = ["another-attempt-is-allowed"]
        if mentions(counter, options["attempt_words"]):
            facts.append("attempts-are-counted")
        if _speaks_of_failure(branch, back, module, options):
            facts.append("result-was-not-good-enough")
        if mentions(code(branch.test), options["turn_words"]):
            facts.append("asks-for-tools")
        yield Match(branch, _captures(counter, back, module), facts)
        return


def _is_label(answer: cst.Return) -> bool:
    """Say whether a function answers with a text or a member: the next node of a graph."""
    if isinstance(answer.value, cst.SimpleString):
        return bool(str(answer.value.raw_value)) and " " not in str(answer.value.raw_value)
    return isinstance(answer.value, cst.Name) and answer.value.value == "END"


def _counter_below_its_limit(test: cst.BaseExpression, module: ParsedModule, options: Options) -> str | None:
    """Return what is counted, by the name or key that it has, where a test asks whether it is below a limit."""
    for compared in module.below(test, cst.Comparison):
        if not isinstance(compared.comparisons[0].operator, _BELOW):
            continue
        for text in _texts_of(compared.left, module):
            if mentions(text, options["attempt_words"], options["round_words"]):
                return code(compared.left)
    return None


def _texts_of(counted: cst.BaseExpression, module: ParsedModule) -> Sequence[str]:
    bound = values_of(counted.value, counted, module) if isinstance(counted, cst.Name) else []
    return [code(counted), *(code(value) for value in bound)]


def _speaks_of_failure(branch: cst.If, back: cst.Return, module: ParsedModule, options: Options) -> bool:
    """Say whether the test, or one around it, asks about a result that will not do, or the label says so."""
    tests = [code(branch.test)]
    for outer in module.ancestors(branch):
        if isinstance(outer, cst.FunctionDef):
            break
        if isinstance(outer, cst.If):
            tests.append(code(outer.test))
    return any(mentions(test, options["failure_words"]) for test in tests) or mentions(
        code(back), options["back_words"]
    )


def _captures(counter: str, back: cst.Return, module: ParsedModule) -> dict[str, str | int | None]:
    """Describe the way back: the next node as the operation, the counter, and the line before which to report."""
    return {
        "operation": code(back.value).strip("\"'") if back.value is not None else None,
        "attempt": counter,
        "attempt_base": None,
        "backoff_seconds": None,
        "exception": None,
        "exception_type": None,
        "another_attempt": "certain",
        "insert_line": module.span(back).line,
    }
