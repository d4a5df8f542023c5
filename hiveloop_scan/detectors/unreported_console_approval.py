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
from hiveloop_scan.approvals.questions import Question, helped_question_in, menu_in, question_in, words_around
from hiveloop_scan.approvals.speech import (
    answers_around,
    asks_for_a_key,
    classes_around,
    names_around,
    offers_yes_and_no,
    says_that_a_person_answers,
)
from hiveloop_scan.conditions.blocks import rest_after
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run, reference
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name, statements
from hiveloop_scan.visitor import detector

_NO_MENUS = (
    "any",
    "all",
    "len",
    "set",
    "list",
    "tuple",
    "frozenset",
    "append",
    "extend",
    "index",
    "join",
    "startswith",
)


@detector(cst.Call)
def unreported_console_approval(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    question = question_in(call, module)
    helped = helped_question_in(call, module) if question is None else None
    menu = _menu_for_a_person(call, module, options) if question is None and helped is None else None
    question = question or helped or menu
    if question is None or (helped and not _asks_through(helped, module, options)):
        return
    answer = answer_of(whole_wait(call, module), module)
    facts = ["person-is-asked", *_gate(question, answer, module, options)]
    if len(facts) == 1 and isinstance(module.parent(answer.whole), cst.Expr):
        waits = asks_for_a_key(words_around(question, module), _work_follows(call, module))
        facts += ["waits-for-a-key-to-go-on"] if waits else []
    if len(facts) == 1:
        return
    if helped and mentions(names_around(question.call, module), options["setup_words"]):
        return
    sure = {"question-offers-yes-and-no", "a-no-ends-the-work"} <= set(facts) or "tool-that-asks-a-person" in facts
    facts += _lookalikes(question, answer, sure, module, options)
    captures = approval_captures(
        answer.whole,
        question.asked_by,
        module,
        options,
        summary=question.text,
        answer=answer,
        is_yes_or_no=question.is_yes_or_no,
    )
    target = reference(call.func, module) if helped else ""
    clues = [Clue(target, "waits-for-a-person", "the-wait-is-inside-what-is-called")] if target else []
    yield Match(call, captures, facts, clues)


def _menu_for_a_person(call: cst.Call, module: ParsedModule, options: Options) -> Question | None:
    """Return the question of a menu with a yes and a no, in code that speaks of approval and goes by the answer."""
    around = names_around(call, module)
    if not mentions(around, options["approval_words"]) or last_name(call.func) in _NO_MENUS:
        return None
    question = menu_in(call, module)
    used = question is not None and answer_of(whole_wait(call, module), module).tests
    return question if used else None


def _work_follows(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether something is called after a question, other than to print."""
    statement = module.enclosing(call, cst.SimpleStatementLine, cst.Expr)
    rest = rest_after(statement, module) if statement is not None else ()
    return any(last_name(other.func) not in ("print", "input", "exit") for other in module.below(rest, cst.Call))


def _asks_through(question: Question, module: ParsedModule, options: Options) -> bool:
    """Say whether a helper is given a question to which a yes is looked for, and does not know itself what a yes is."""
    answer = answer_of(whole_wait(question.call, module), module)
    said = words_around(question, module)
    agrees = tested_words(answer, module) & options["yes_words"] and mentions(said, options["permission_words"])
    around = names_around(question.call, module)
    answers = answers_around(question.call, module)
    speaks = mentions(around, options["person_words"]) or mentions(answers, options["answer_types"])
    tool = speaks and not functions_run(question.call.func, module)
    permits = mentions(said, options["permission_words"]) or mentions(around, options["approval_words"])
    if not answer.is_used or not (agrees or tool or (permits and offers_yes_and_no(said))):
        return False
    asked = [
        found
        for function in functions_run(question.call.func, module)
        for call in module.below(statements(function.body), cst.Call)
        if (found := question_in(call, module))
    ]
    return not any(_knows_a_yes(found, module, options) for found in asked)


def _knows_a_yes(question: Question, module: ParsedModule, options: Options) -> bool:
    answer = answer_of(whole_wait(question.call, module), module)
    return (
        question.is_yes_or_no
        or bool(tested_words(answer, module) & options["yes_words"])
        or offers_yes_and_no(words_around(question, module))
    )


def _gate(question: Question, answer: Answer, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what speaks for a permission; nothing when the answer decides nothing."""
    aborts = _ends_on_no(question.call, module)
    agrees = bool(tested_words(answer, module) & options["yes_words"])
    said = words_around(question, module)
    offers = offers_yes_and_no(said)
    around = names_around(question.call, module)
    speaks = mentions(around, options["approval_words"])
    asks = mentions(f"{around} {classes_around(question.call, module)}", options["person_words"]) or mentions(
        answers_around(question.call, module), options["answer_types"]
    )
    asks = asks or says_that_a_person_answers(question.call, module)
    leaves = aborts or refusal_leaves(answer, module, any_test=question.is_yes_or_no or agrees)
    permission = mentions(said, options["permission_words"])
    decides = agrees or (leaves and permission) or (question.is_yes_or_no and (answer.is_used or aborts))
    limit = _is_at_a_limit(question, module, options)
    if not decides and not (answer.is_used and (offers or asks or speaks or limit)):
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
    if limit:
        yield "run-has-come-to-its-limit"


def _is_at_a_limit(question: Question, module: ParsedModule, options: Options) -> bool:
    """Say whether a run has come to its limit, and a person is asked whether or how it goes on."""
    for outer in module.ancestors(question.call):
        if isinstance(outer, cst.FunctionDef):
            return False
        reached = (
            outer.type if isinstance(outer, cst.ExceptHandler) else outer.test if isinstance(outer, cst.If) else None
        )
        if reached is not None and mentions(code(reached), options["limit_words"]):
            return mentions(words_around(question, module), options["limit_words"], options["permission_words"])
    return False


def _ends_on_no(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the library itself ends the program on a no: ``abort=True``, an option that has to be confirmed."""
    if module.resolve(call.func) == "click.confirmation_option":
        return True
    return any(arg.keyword and arg.keyword.value == "abort" and code(arg.value) == "True" for arg in call.args)


def _lookalikes(
    question: Question, answer: Answer, is_sure: bool, module: ParsedModule, options: Options
) -> Iterator[str]:
    said = words_around(question, module)
    kept_in = answer.names[0].partition(".")[0] if answer.names and not isinstance(answer.whole, cst.NamedExpr) else ""
    around = f"{names_around(question.call, module)} {kept_in if kept_in in options['kept_words'] else ''}"
    is_plain = not is_sure and not isinstance(question.text, (cst.List, cst.Tuple))
    if (is_plain and mentions(said, options["setting_words"])) or mentions(
        around, options["setup_words"], options["kept_words"]
    ):
        yield "settles-a-setting"
    if tested_words(answer, module) & options["quit_words"] and not tested_words(answer, module) & options["yes_words"]:
        yield "ends-a-conversation"
