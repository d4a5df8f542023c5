"""Answers with which a function holds work back: instead of acting it says that a person has to decide."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.approvals.speech import classes_around
from hiveloop_scan.approvals.statuses import STATUS, says_status, status_fact
from hiveloop_scan.approvals.surroundings import before
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.pairs import pairs_in
from hiveloop_scan.syntax.tree import code, last_name, statements

_NO_ANSWERS = {
    "config", "policy", "rule", "tool", "function", "spec", "schema", "decision", "event", "error", "step", "verdict",
    "assessment", "requirement", "classification", "definition", "metadata", "info",
}  # fmt: skip
"""What is made with such a mark but only describes: a rule says that approval is needed, it holds nothing."""

_PERSON = {"approval", "confirmation", "permission", "human", "consent", "signoff"}
_PAUSE_ALONE = {
    "pause",
    "paused",
    "pending",
    "interrupt",
    "suspend",
    "suspended",
    "await",
    "awaiting",
    "waiting",
    "wait",
}
_PAUSE = {*_PAUSE_ALONE, "required", "requires", "needed", "needs", "request", "requested"}
_FAILS = {"error", "failure", "denied", "missing", "timeout"}
_LONGEST_TEXT = 100
_DESCRIBES = {"parameters", "input_schema", "inputSchema", "schema", "properties"}
"""Keys of what is told to a model of a tool."""


def holds_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[tuple[cst.Return, str]]:
    """Yield the answers that hold work back, with the fact that says so."""
    for node in module.below(statements(function.body), cst.Return):
        if isinstance(node.value, cst.Dict) and says_status(node.value, options):
            yield node, "answers-that-approval-is-awaited"
        elif (
            isinstance(node.value, (cst.Dict, cst.Call))
            and (module.enclosing(node, cst.If, cst.FunctionDef) is not function or _has_asked(node, module, options))
            and _holds_back(node.value, module, options)
        ):
            yield node, "holds-the-work-back"


def pauses_in(function: cst.FunctionDef, module: ParsedModule) -> Iterator[cst.Raise]:
    """Yield where a branch stops the work for a person: ``raise ApprovalRequired(...)``."""
    for node in module.below(statements(function.body), cst.Raise):
        raised = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
        said = words(last_name(raised))
        if not said or module.enclosing(node, cst.ExceptHandler, cst.FunctionDef) is not function:
            continue
        pauses = not _PAUSE_ALONE.isdisjoint(said)
        of_a_person = not _PERSON.isdisjoint(words(f"{function.name.value} {classes_around(node, module)}"))
        named = not _PERSON.isdisjoint(said) and not _PAUSE.isdisjoint(said) and (said[-1] not in _FAILS or pauses)
        branched = module.enclosing(node, cst.If, cst.FunctionDef) is not function
        if (named and branched) or (pauses and of_a_person and isinstance(node.exc, cst.Call) and node.exc.args):
            yield node


def _has_asked(node: cst.Return, module: ParsedModule, options: Options) -> bool:
    """Say whether a request was sent just before: ``notifier.send_approval_request(plan)``."""
    return mentions(before(node, module), options["record_words"])


def _holds_back(value: cst.Dict | cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether an answer says that nothing was done and a person has to agree."""
    if isinstance(value, cst.Call) and (
        not last_name(value.func)[:1].isupper() or _NO_ANSWERS.intersection(words(last_name(value.func))[-1:])
    ):
        return False
    named = {name for name, _ in pairs_in(value)}
    if named & _DESCRIBES:
        return False
    stopped = False
    for name, part in pairs_in(value):
        if name in STATUS and status_fact(part, options) == "status-says-that-approval-is-awaited":
            return True
        if mentions(name, options["hold_words"]) and code(part) == "True":
            return True
        if mentions(name, options["stop_words"]) and code(part) == "True":
            stopped = True
        if name in STATUS and any(mentions(text, options["stop_words"]) for text in literals_in(part, module)):
            stopped = True
    return stopped and any(
        mentions(text, options["status_words"]) for text in literals_in(value, module) if len(text) <= _LONGEST_TEXT
    )
