"""Find the calls that ask a language model through the API of a provider."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.models.answer_captures import answer_captures
from hiveloop_scan.models.apis import UNCOUNTED
from hiveloop_scan.models.arguments import arguments_of
from hiveloop_scan.models.clients import Asked, asked_by
from hiveloop_scan.models.lookalikes import lookalike_facts
from hiveloop_scan.models.requests import endpoint_facts
from hiveloop_scan.models.runs import run_of
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_llm_call(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    if isinstance(module.parent(call), cst.Decorator):
        return
    run = run_of(call)
    arguments = arguments_of(run.arguments, module)
    asked = asked_by(run.callee, arguments, module, options)
    if asked is None and (facts := endpoint_facts(call, module)):
        asked = Asked(UNCOUNTED, tuple(facts), wrapped=True)
    if asked is None and last_name(run.callee).lower() in options["model_calls"]:
        asked = Asked(UNCOUNTED, ("function-of-the-user-s-own",))
    if asked is None:
        return
    facts = [*asked.facts, *lookalike_facts(run, arguments, module, options)]
    yield Match(call, answer_captures(run, asked.api, arguments, asked.makers, asked.wrapped, module), facts)
