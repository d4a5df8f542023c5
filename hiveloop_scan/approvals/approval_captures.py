"""The pieces of a wait that ``task.request_approval(...)`` and ``task.approval_received(...)`` are made of."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.approvals.answers import Answer, meanings_of
from hiveloop_scan.model import Capture, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, last_name

_APPROVERS = ("approver", "approvers", "reviewer", "assignee", "approved_by", "assigned_to")
_TIMEOUTS = ("timeout", "timeout_seconds", "timeout_s")
_LONGEST_NAME = 60


def approval_captures(
    wait: cst.CSTNode,
    operation: str | None,
    module: ParsedModule,
    options: Options,
    *,
    summary: cst.BaseExpression | None = None,
    answer: Answer | None = None,
    timeout: cst.BaseExpression | None = None,
    is_yes_or_no: bool = False,
) -> dict[str, Capture]:
    """Describe one wait: what is asked, who is asked, where the answer is, when it means yes.

    ``operation`` is the plain name of what waits, ``wait`` its source. ``summary`` is the expression of the question,
    ``summary_is_literal`` tells that it is plain text. ``decision`` is the name that holds the answer, ``approved_if``
    an expression of it that is true for a yes (None: cannot be read off the code). ``insert_line`` is the line before
    which the request belongs, ``after_line`` that before which the answer can be reported (None: the statement of the
    wait decides at once, nothing comes in between); a decorator has neither. ``approved_if_true`` says of a wait that
    stands in the test which decides whether that is true for a yes.
    """
    statement = _statement_of(wait, module)
    span = module.span(statement)
    decision = answer.names[0] if answer and answer.names else None
    bound = decision is not None and isinstance(statement, cst.BaseSmallStatement)
    length = timeout if timeout is not None else _timeout_of(wait, module)
    return {
        "operation": operation[:_LONGEST_NAME] if operation else None,
        "wait": _expression(wait, module) if isinstance(wait, cst.BaseExpression) else None,
        "summary": _expression(summary, module) if summary is not None else None,
        "summary_is_literal": isinstance(summary, (cst.SimpleString, cst.ConcatenatedString)),
        "approver": _named(wait, _APPROVERS, module),
        "decision": decision,
        "approved_if": _approved_if(answer, options, is_yes_or_no, module) if answer and bound else None,
        "approved_if_true": _true_means_yes(answer, options, is_yes_or_no, module) if answer else None,
        "timeout": code(length) if length is not None else None,
        "insert_line": None if module.enclosing(wait, cst.Decorator) else span.line,
        "after_line": span.end_line + 1 if bound else None,
    }


def _expression(node: cst.CSTNode, module: ParsedModule) -> str | None:
    """Return the source of an expression on one line; None when a comment in it would swallow what follows."""
    text = module.text(node)
    return None if "#" in text and "\n" in text else code(node)


def _approved_if(answer: Answer, options: Options, is_yes_or_no: bool, module: ParsedModule) -> str | None:
    """Return the one test that tells a yes; several that differ, or one that would wait once more, tell nothing."""
    tests = [test for test in answer.tests if not module.is_below(answer.whole, [test]) and not _is_part(test, module)]
    for meant in meanings_of(tests, options["yes_words"], options["no_words"], is_yes_or_no):
        said = dict.fromkeys(code(meaning) for meaning in meant)
        if said:
            return next(iter(said)) if len(said) == 1 else None
    return None


def _true_means_yes(answer: Answer, options: Options, is_yes_or_no: bool, module: ParsedModule) -> bool | None:
    """Say what it means that the wait itself is true, or the test that compares it; None where that is not certain."""
    test = module.parent(answer.whole)
    if isinstance(test, cst.Comparison) and test.left is answer.whole:
        by_yes, by_no = meanings_of([test], options["yes_words"], options["no_words"], is_yes_or_no)
        said = [code(meaning) for meaning in (*by_yes, *by_no)]
        return said[0] == code(test) if said else None
    return True if is_yes_or_no else None


def _is_part(test: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a test decides only together with others: ``a == "yes" and b``."""
    outer = module.parent(test)
    while isinstance(outer, cst.UnaryOperation):
        outer = module.parent(outer)
    return isinstance(outer, cst.BooleanOperation)


def _timeout_of(wait: cst.CSTNode, module: ParsedModule) -> cst.BaseExpression | None:
    """Return how long the wait lasts at most, where one of its calls says so."""
    for call in [] if isinstance(wait, (cst.For, cst.While)) else module.below(wait, cst.Call):
        for arg in call.args:
            if arg.keyword and arg.keyword.value in _TIMEOUTS and code(arg.value) != "None":
                return arg.value
        if last_name(call.func) == "wait_for" and len(call.args) == 2 and call.args[1].keyword is None:
            return call.args[1].value
    return None


def _named(wait: cst.CSTNode, keywords: Sequence[str], module: ParsedModule) -> str | None:
    """Return the value of a keyword argument in the wait's own calls."""
    for call in [] if isinstance(wait, (cst.For, cst.While)) else module.below(wait, cst.Call):
        for arg in call.args:
            if arg.keyword and arg.keyword.value in keywords and code(arg.value) != "None":
                return code(arg.value)
    return None


def _statement_of(node: cst.CSTNode, module: ParsedModule) -> cst.CSTNode:
    """Return the statement that holds `node`: a small one, the branch that tests it, or what it decorates."""
    chain = (node, *module.ancestors(node))
    kinds = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    return next((outer for outer in chain if isinstance(outer, kinds)), node)
