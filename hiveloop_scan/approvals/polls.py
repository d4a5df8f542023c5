"""Loops that look again and again whether somebody has decided."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.approvals.speech import classes_around, names_around
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.flow import Flow, flow_of_suite, is_true
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

Loop = cst.For | cst.While


def sleeps_in(loop: Loop, module: ParsedModule) -> list[cst.Call]:
    """Return the sleeps of the loop itself."""
    return [
        call
        for call in module.below(statements(loop.body), cst.Call)
        if "sleep" in words(last_name(call.func)) and module.enclosing(call, cst.For, cst.While) is loop
    ]


def poll_fact(loop: Loop, module: ParsedModule, options: Options) -> str | None:
    """Return how the loop waits for a decision: it sleeps, and ends when one is read; None when it does not."""
    head = code(loop.test) if isinstance(loop, cst.While) else f"{code(loop.target)} {code(loop.iter)}"
    named = f"{head} {names_around(loop, module)}"
    if mentions(named, options["retry_words"]) or not sleeps_in(loop, module):
        return None
    if mentions(head, options["pending_words"]) and mentions(head, ("status", "state")):
        return "polls-until-it-is-decided"
    ends = list(_ends_when(loop, module))
    if any(mentions(said, options["decision_words"]) for said in ends):
        return "polls-until-it-is-decided"
    settled = options["settled_words"]
    if mentions(f"{names_around(loop, module)} {classes_around(loop, module)}", options["person_words"]):
        settled = settled | options["finished_words"]
    return "polls-until-it-is-settled" if any(mentions(said, settled) for said in ends) else None


def _ends_when(loop: Loop, module: ParsedModule) -> Iterator[str]:
    """Yield what is tested, and what is given back, where the loop ends."""
    if isinstance(loop, cst.While) and not is_true(loop.test):
        yield code(loop.test)
    for branch in module.below(statements(loop.body), cst.If):
        if module.enclosing(branch, cst.For, cst.While) is not loop and not isinstance(branch, cst.If):
            continue
        if flow_of_suite(branch.body) & (Flow.RETURN | Flow.BREAK | Flow.RAISE):
            given = [node.value for node in module.below(statements(branch.body), cst.Return) if node.value is not None]
            yield " ".join([code(branch.test), *(code(value) for value in given)])
    for name in module.below(statements(loop.body), cst.Return):
        if isinstance(name.value, cst.Comparison):
            yield code(name.value)


def asked_in(loop: Loop, module: ParsedModule) -> str | None:
    """Return the name of the first call in the loop that can tell the decision; None when there is none."""
    calls = module.below(statements(loop.body), cst.Call)
    names = [dotted(call.func) for call in calls if last_name(call.func) not in EVERYDAY_CALLS]
    return next((name for name in names if name and "sleep" not in words(name)), None)


def read_in(loop: Loop, module: ParsedModule, sentences: bool = True) -> str:
    """Return what the loop calls and the literals it uses, whole sentences on demand: where the decision is kept."""
    body = statements(loop.body)
    called = [last_name(call.func) for call in module.below(body, cst.Call)]
    called = [name for name in called if sentences or not name[:1].isupper()]
    texts = [text for statement in body for text in literals_in(statement, module)]
    return " ".join([*called, *(text for text in texts if sentences or " " not in text.strip())])
