"""Find calls that have a callback or a client ask a person, and go by the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.approvals.answers import answer_of, refusal_leaves, whole_wait
from hiveloop_scan.approvals.approval_captures import approval_captures
from hiveloop_scan.approvals.askers import Asks, asks, what_runs
from hiveloop_scan.approvals.questions import question_in
from hiveloop_scan.approvals.speech import classes_around, names_around
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import reference
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import dotted, statements
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_approval_callback(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    if question_in(call, module) is not None:
        return
    around = f"{names_around(call, module)} {classes_around(call, module)}"
    how = asks(call, around, module, options)
    if how is None:
        return
    whole = whole_wait(call, module)
    answer = answer_of(whole, module)
    if (not answer.is_used and how is not Asks.BY_USER_WORD) or _is_waited_for_later(answer.names, options):
        return
    facts = [how.value]
    if answer.tests or answer.returned:
        facts.append("answer-decides")
    if how is Asks.FOR_A_YES:
        if not refusal_leaves(answer, module, any_test=True):
            return
        facts.append("a-no-ends-the-work")
    if any(mentions(name, options["decision_words"]) for name in answer.names):
        facts.append("answer-is-kept-as-a-decision")
    if isinstance(whole, cst.Await) or isinstance(module.parent(call), cst.Await):
        facts.append("answer-is-awaited")
    if mentions(around, options["approval_words"]):
        facts.append("code-speaks-of-approval")
    if mentions(around, options["policy_words"]):
        facts.append("evaluates-a-policy")
    if _is_another_form(call, module, options):
        facts.append("other-form-of-the-same-call")
    target = reference(call.func, module)
    clues = [Clue(target, "waits-for-a-person", "the-wait-is-inside-what-is-called")] if target else []
    captures = approval_captures(whole, dotted(what_runs(call)), module, options, answer=answer)
    yield Match(whole, captures, facts, clues)


def _is_waited_for_later(names: Sequence[str], options: Options) -> bool:
    """Say whether a call only makes what is waited for further down: ``coro = ask(...)``."""
    return bool(names) and mentions(names[0], options["later_words"])


def _is_another_form(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether the function asks further up already, on another way through it: async there, plain here."""
    function = module.function_of(call)
    for other in module.below(statements(function.body), cst.Call) if function else ():
        if not module.is_before(other, call) or not asks(other, "", module, options):
            continue
        branch = _branch_of(other, module)
        same = dotted(what_runs(other)) == dotted(what_runs(call))
        if (
            branch is not None
            and not module.is_below(call, statements(branch.body))
            and (same or module.is_below(call, [branch]))
        ):
            return True
    return False


def _branch_of(node: cst.CSTNode, module: ParsedModule) -> cst.If | None:
    branch = module.enclosing(node, cst.If, cst.FunctionDef)
    return branch if isinstance(branch, cst.If) and module.is_below(node, statements(branch.body)) else None
