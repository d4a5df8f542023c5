"""Find questions at the console whose answer decides whether the agent may go on."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import (
    Answer,
    answer_of,
    refusal_leaves,
    tested_words,
    whole_wait,
)
from hiveloop_scan.approvals.approval_captures import approval_captures
from hiveloop_scan.approvals.questions import Question, question_in, words_around
from hiveloop_scan.approvals.speech import classes_around, names_around, offers_yes_and_no
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_console_approval(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    question = question_in(call, module)
    if question is None:
        return
    answer = answer_of(whole_wait(call, module), module)
    facts = ["person-is-asked", *_gate(question, answer, module, options)]
    if len(facts) == 1:
        return
    facts += _lookalikes(question, answer, module, options)
    captures = approval_captures(
        answer.whole,
        question.asked_by,
        module,
        options,
        summary=question.text,
        answer=answer,
        is_yes_or_no=question.is_yes_or_no,
    )
    yield Match(call, captures, facts)


def _gate(question: Question, answer: Answer, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what speaks for a permission; nothing when the answer decides nothing."""
    aborts = _ends_on_no(question.call, module)
    agrees = bool(tested_words(answer, module) & options["yes_words"])
    said = words_around(question, module)
    offers = offers_yes_and_no(said)
    around = names_around(question.call, module)
    speaks = mentions(around, options["approval_words"])
    asks = mentions(f"{around} {classes_around(question.call, module)}", options["person_words"])
    leaves = aborts or refusal_leaves(answer, module, any_test=question.is_yes_or_no or agrees)
    permission = mentions(said, options["permission_words"])
    decides = agrees or (leaves and permission) or (question.is_yes_or_no and (answer.is_used or aborts))
    if not decides and not (answer.is_used and (offers or asks or speaks)):
        return
    if question.is_yes_or_no:
        yield "only-yes-or-no-can-be-said"
    if agrees:
        yield "answer-is-tested-for-a-yes"
    if offers:
        yield "question-offers-yes-and-no"
    if permission:
        yield "question-asks-for-permission"
    if leaves:
        yield "a-no-ends-the-work"
    if answer.returned:
        yield "answer-goes-to-the-caller"
    if speaks:
        yield "function-speaks-of-approval"
    if asks:
        yield "tool-that-asks-a-person"


def _ends_on_no(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the library itself ends the program on a no: ``abort=True``, an option that has to be confirmed."""
    if module.resolve(call.func) == "click.confirmation_option":
        return True
    return any(arg.keyword and arg.keyword.value == "abort" and code(arg.value) == "True" for arg in call.args)


def _lookalikes(question: Question, answer: Answer, module: ParsedModule, options: Options) -> Iterator[str]:
    said = words_around(question, module)
    kept_in = answer.names[0].partition(".")[0] if answer.names and not isinstance(answer.whole, cst.NamedExpr) else ""
    around = f"{names_around(question.call, module)} {kept_in if kept_in in options['kept_words'] else ''}"
    if mentions(said, options["setting_words"]) or mentions(around, options["setup_words"] | options["kept_words"]):
        yield "settles-a-setting"
    if tested_words(answer, module) & options["quit_words"] and not tested_words(answer, module) & options["yes_words"]:
        yield "ends-a-conversation"
