"""Find waits for a person's decision that arrives from elsewhere: events, futures, signals, and polls of a store."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import Answer, answer_of, reads, whole_wait
from hiveloop_scan.approvals.approval_captures import approval_captures
from hiveloop_scan.approvals.polls import asked_in, poll_fact, read_in
from hiveloop_scan.approvals.questions import helped_question_in, question_in
from hiveloop_scan.approvals.speech import classes_around, names_around
from hiveloop_scan.approvals.surroundings import after, before
from hiveloop_scan.approvals.waits import Wait, said_by, wait_in
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run, reference
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, statements
from hiveloop_scan.visitor import detector

_SHORT = 30
"""Seconds that nobody has to decide in."""

Waiting = cst.Call | cst.Await | cst.For | cst.While


@detector(cst.Call, cst.Await, cst.For, cst.While)
def unreported_approval_wait(node: Waiting, module: ParsedModule, options: Options) -> Iterator[Match]:
    if isinstance(node, (cst.For, cst.While)):
        yield from _polls(node, module, options)
        return
    wait = wait_in(node, module)
    if wait is None or (wait.by_name and isinstance(node, cst.Call) and functions_run(node.func, module)):
        return
    said = said_by(wait.subject, module)
    facts = ["stands-still-until-others-answer"]
    if mentions(said, options["approval_words"]):
        facts.append("what-is-awaited-is-an-approval")
    elif mentions(said, options["answer_words"]) or (
        not wait.by_name and mentions(said, options["person_answer_words"])
    ):
        facts.append("what-is-awaited-is-a-decision")
    if mentions(said, options["press_words"]):
        facts.append("a-person-presses-something")
    around = [*_around(node, module, options)]
    if wait.by_name and len(facts) == 1:
        named = mentions(wait.operation, options["reply_words"])
        if "answer-is-read-as-a-decision" not in around or not (named or "a-person-is-asked-before" in around):
            return
        facts.append("is-asked-and-answered")
    facts += around
    if len(facts) == 1:
        return
    if _then_asks_itself(node, wait.timeout, module) or (
        _is_a_glance(wait) and "what-is-awaited-is-an-approval" not in facts
    ):
        return
    # hiveloop: ignore[unreported-approval-wait] -- it looks at code, and waits for nobody
    whole = whole_wait(node, module)
    answer = answer_of(whole, module)
    if _is_passed_on(answer, module):
        return
    decides = "answer-is-read-as-a-decision" in facts
    facts += _lookalikes(wait.operation if decides else said, decides, node, module, options)
    clues = []
    if wait.by_name and isinstance(node, cst.Call) and (target := reference(node.func, module)):
        clues.append(Clue(target, "waits-for-a-person", "the-wait-is-inside-what-is-called"))
    captures = approval_captures(whole, wait.operation, module, options, answer=answer, timeout=wait.timeout)
    yield Match(whole, captures, facts, clues)


def _is_a_glance(wait: Wait) -> bool:
    """Say whether a wait is too short for a person: a loop looks whether anything has come."""
    return isinstance(wait.timeout, (cst.Integer, cst.Float)) and wait.timeout.evaluated_value < 1


def _then_asks_itself(node: Waiting, timeout: cst.BaseExpression | None, module: ParsedModule) -> bool:
    """Say whether a short wait only lets the other side get ready, and the function asks the person after it."""
    function = module.function_of(node)
    if function is None or not isinstance(timeout, (cst.Integer, cst.Float)) or timeout.evaluated_value > _SHORT:
        return False
    return any(
        module.is_before(node, call) and (question_in(call, module) or helped_question_in(call, module))
        for call in module.below(statements(function.body), cst.Call)
    )


def _polls(loop: cst.For | cst.While, module: ParsedModule, options: Options) -> Iterator[Match]:
    fact = poll_fact(loop, module, options)
    if fact is None:
        return
    facts = [fact, *_around(loop, module, options)]
    said = read_in(loop, module)
    if mentions(said, options["approval_words"]):
        facts.append("what-is-awaited-is-an-approval")
    facts += _lookalikes(read_in(loop, module, sentences=False), False, loop, module, options)
    yield Match(loop, approval_captures(loop, asked_in(loop, module), module, options), facts)


def _around(node: Waiting, module: ParsedModule, options: Options) -> Iterator[str]:
    if mentions(names_around(node, module), options["approval_words"]):
        yield "function-speaks-of-approval"
    if mentions(classes_around(node, module), options["approval_words"]):
        yield "class-speaks-of-approval"
    if mentions(before(node, module, around=True), options["approval_words"], options["asked_words"]):
        yield "a-person-is-asked-before"
    function = module.function_of(node)
    # hiveloop: ignore[unreported-approval-wait] -- it looks at code, and waits for nobody
    used = isinstance(node, (cst.For, cst.While)) or answer_of(whole_wait(node, module), module).is_used
    if (
        used
        and function is not None
        and function.returns
        and mentions(code(function.returns.annotation), options["approval_words"])
    ):
        yield "function-answers-with-a-decision"
    if mentions(before(node, module), options["button_words"]):
        yield "a-person-presses-something"
    if mentions(after(node, module), options["decision_words"]):
        yield "answer-is-read-as-a-decision"


def _is_passed_on(answer: Answer, module: ParsedModule) -> bool:
    """Say whether what was awaited is handed out again, one after the other: a stream, and nobody's answer."""
    loop = module.enclosing(answer.whole, cst.While, cst.For, cst.FunctionDef)
    return isinstance(loop, (cst.While, cst.For)) and any(
        reads(given, answer.names, module) for given in module.below(statements(loop.body), cst.Yield)
    )


def _lookalikes(said: str, is_a_decision: bool, node: Waiting, module: ParsedModule, options: Options) -> Iterator[str]:
    named = f"{names_around(node, module)} {classes_around(node, module)}"
    if mentions(f"{said} {named}", options["sign_in_words"]):
        yield "signs-somebody-in"
    around = "" if is_a_decision else names_around(node, module)
    if mentions(f"{said} {around}", options["machine_words"]):
        yield "waits-for-a-machine"
