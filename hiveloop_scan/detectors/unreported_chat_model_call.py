"""Find the calls of a framework's model objects that ask a language model."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.models.answer_captures import answer_captures
from hiveloop_scan.models.arguments import arguments_of
from hiveloop_scan.models.chat_objects import chat_model_asked_by, chat_model_clues
from hiveloop_scan.models.lookalikes import lookalike_facts
from hiveloop_scan.models.objects import MODEL_METHODS
from hiveloop_scan.models.runs import run_of
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_chat_model_call(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    run = run_of(call)
    callee = run.callee
    if not isinstance(callee, cst.Attribute) or callee.attr.value not in MODEL_METHODS or not run.arguments:
        return
    if functions_run(callee, module):
        return
    asked = chat_model_asked_by(callee, module, options)
    if asked is None:
        return
    arguments = arguments_of(run.arguments, module)
    facts = [*asked.facts, *lookalike_facts(run, arguments, module, options)]
    captures = answer_captures(run, asked.api, arguments, asked.makers, asked.wrapped, module)
    yield Match(call, captures, facts, chat_model_clues(callee, module))
