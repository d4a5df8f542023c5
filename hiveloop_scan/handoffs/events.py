"""Gather what hands work to people in one function, and tell which statements are one event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.approvals.statuses import key_of
from hiveloop_scan.handoffs.marks import assigned_marks, written_marks
from hiveloop_scan.handoffs.transfers import is_a_handing_tool, only_tells, transfer_facts
from hiveloop_scan.handoffs.wording import escalates, is_a_handover
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run, reference
from hiveloop_scan.syntax.handing import RUNS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_ALONE = (
    "call-hands-over-to-people",
    "runs-the-tool-that-hands-over",
    "escalates-a-case",
    "puts-work-where-people-look",
    "records-a-case-for-people",
    "status-says-that-people-take-over",
    "status-is-unmistakable",
    "flag-asks-for-people",
    "local-flag-asks-for-people",
    "work-is-assigned-to-people",
    "hands-on-to-a-name",
    "names-who-takes-over",
    "calls-an-escalation-callback",
    "puts-a-caller-through",
    "escalates-something",
    "opens-a-ticket",
    "says-that-people-take-over",
    "becomes-urgent",
    "asks-people-to-act",
    "raises-an-alarm",
    "messages-people",
    "goes-to-the-dead-letters",
    "does-what-its-function-is-named-for",
    "answers-that-it-is-handed-over",
    "flag-is-set-by-a-threshold",
)
"""What a statement can hand over by, the most telling first: the statement that stands for the event is chosen so."""

_ONLY_HINTS = frozenset({"messages-people", "becomes-urgent", "names-who-takes-over", "goes-to-the-dead-letters"})
"""A message, a priority or an address alone is everyday business."""
_LISTS = ("events", "event", "history", "messages", "results", "errors", "lines", "parts")
_STOPS = {"stop", "break", "halt", "terminate", "end", "exit", "finish", "should_stop", "paused", "pause"}
_TOLD_AND_BURIED = {"messages-people", "goes-to-the-dead-letters"}

Statement = cst.Expr | cst.Assign | cst.Return


@dataclass(frozen=True)
class Step:
    """One statement that hands work over: its facts, and the call that does it (None: an assignment)."""

    node: Statement
    facts: tuple[str, ...]
    call: cst.Call | None

    @property
    def rank(self) -> int:
        return min(_ALONE.index(fact) for fact in self.facts)


@dataclass(frozen=True)
class Event:
    """Statements that together hand work over once; `main` stands for them."""

    steps: tuple[Step, ...]

    @property
    def main(self) -> Step:
        return min(self.steps, key=lambda step: step.rank)

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact for step in self.steps for fact in step.facts))


def events_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Event]:
    """Yield the events of a function; calls that may be handed on to a function of the project stand alone."""
    steps = list(_steps(function, module, options))
    name = function.name.value
    named = (
        is_a_handover(name, options)
        or mentions(name, options["handing_names"])
        or _is_of_a_tool(function, module, options)
    )
    if named and all(_ONLY_HINTS.issuperset(step.facts) for step in steps):
        steps = [*_named_work(function, module, options)][:1] or steps
    own = [step for step in steps if not _may_be_reported_there(step, module)]
    left = [step for step in steps if step not in own]
    one = hands_over_by_name(function, module, options)
    for group in (own, left):
        for event in _grouped(group, module, one):
            if _says_enough(event) or (one and named):
                yield event


def _says_enough(event: Event) -> bool:
    """Say whether an event is more than a message: an entry among the dead letters that people are told of is."""
    return not _ONLY_HINTS.issuperset(event.facts) or _TOLD_AND_BURIED.issubset(event.facts)


def hands_over_by_name(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a function, or the class it does the work of, is named for handing work to people."""
    name = function.name.value
    if is_a_handover(name, options) or mentions(name, options["handing_names"]):
        return True
    if escalates(name, options) and not mentions(module.symbol(function), options["technical_words"]):
        return True
    owner = module.enclosing(function, cst.ClassDef)
    if _is_of_a_tool(function, module, options):
        return True
    return (
        isinstance(owner, cst.ClassDef)
        and mentions(owner.name.value, ("escalation", "escalator", "escalations"))
        and not mentions(owner.name.value, options["technical_words"])
        and bool(words(name))
        and words(name)[0] in options["owner_verbs"]
        and len(words(name)) < 3
    )


def _is_of_a_tool(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a method is what a tool does that is named for a hand-over: ``EscalateTool._run``."""
    owner = module.enclosing(function, cst.ClassDef)
    if not isinstance(owner, cst.ClassDef) or function.name.value not in RUNS:
        return False
    kind = owner.name.value
    to_people = mentions(kind, ("escalate", "escalation", "human"))  # a hand-off alone may go to another agent
    return words(kind)[-1:] == ("tool",) and to_people and is_a_handing_tool(kind, options)


def _steps(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Step]:
    body = statements(function.body)
    for node in module.below(body, cst.Expr, cst.Assign, cst.Return):
        facts: list[str] = []
        by: cst.Call | None = None
        if isinstance(node, cst.Assign):
            facts += assigned_marks(node, module, options)
        for call in module.below(node, cst.Call):
            if found := [*transfer_facts(call, module, options), *written_marks(call, module, options)]:
                by = by or call
                facts += found
        if facts and not _waits(node, by, options):
            yield Step(node, tuple(dict.fromkeys(facts)), by)


def _named_work(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Step]:
    """Yield the statements by which a function that is named for a hand-over may do what its name says."""
    own = set(words(function.name.value))
    found: list[tuple[int, Step]] = []
    for node in module.below(statements(function.body), cst.Expr, cst.Assign, cst.Return):
        for call in module.below(node, cst.Call):
            name = words(last_name(call.func))
            owned = isinstance(call.func, cst.Attribute)
            keeps_a_list = mentions(dotted(call.func).rpartition(".")[0], _LISTS)
            does = not options["effect_words"].isdisjoint(name[:2]) and bool(call.args) and not keeps_a_list
            if owned and does and not only_tells(call, options):
                found.append((-len(own.intersection(name)), Step(node, ("does-what-its-function-is-named-for",), call)))
        if isinstance(node, cst.Assign) and _stops_the_agent(node):
            found.append((0, Step(node, ("does-what-its-function-is-named-for",), None)))
    if not found and (is_a_handover(function.name.value, options) or _is_of_a_tool(function, module, options)):
        found += [(0, step) for step in _told(function, module)]
    yield from (step for _, step in sorted(found, key=lambda pair: pair[0]))


def _stops_the_agent(node: cst.Assign) -> bool:
    """Say whether a loop is told to stop: ``state["stop_event_loop"] = True``."""
    target = node.targets[0].target
    name = key_of(target) if isinstance(target, cst.Subscript) else last_name(target)
    return (
        isinstance(target, (cst.Subscript, cst.Attribute))
        and code(node.value) == "True"
        and bool(_STOPS.intersection(words(name)[:2]))
    )


def _told(function: cst.FunctionDef, module: ParsedModule) -> Iterator[Step]:
    """Yield the answer of a function that only tells its caller, a model or a graph, that people have the work now."""
    if not statements(function.body) or module.below(statements(function.body), cst.If, cst.Raise, cst.Yield):
        return
    answers = [node for node in module.below(statements(function.body), cst.Return) if node.value is not None]
    if len(answers) == 1 and isinstance(
        answers[0].value, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.Dict)
    ):
        yield Step(answers[0], ("answers-that-it-is-handed-over",), None)


def _waits(node: Statement, call: cst.Call | None, options: Options) -> bool:
    """Say whether a statement keeps what people answer: then it waits, and hands nothing over."""
    if not isinstance(node, cst.Assign) or call is None:
        return False
    return any(
        mentions(target.target.value, options["waiting_words"])
        for target in node.targets
        if isinstance(target.target, cst.Name)
    )


def _may_be_reported_there(step: Step, module: ParsedModule) -> bool:
    """Say whether the whole step is a call of something that this project may define."""
    if step.call is None or not set(step.facts) & {
        "call-hands-over-to-people",
        "escalates-a-case",
        "escalates-something",
    }:
        return False
    return bool(functions_run(step.call.func, module)) or bool(reference(step.call.func, module))


def _grouped(steps: Sequence[Step], module: ParsedModule, one: bool) -> Iterator[Event]:
    groups: list[list[Step]] = []
    for step in steps:
        group = next(
            (group for group in groups if one or any(_comes_with(step, other, module) for other in group)), None
        )
        if group is None:
            groups.append([step])
        else:
            group.append(step)
    yield from (Event(tuple(group)) for group in groups)


def _comes_with(step: Step, earlier: Step, module: ParsedModule) -> bool:
    """Say whether `step` stands in the block of an earlier one, or in a branch further down in that block."""
    block = module.enclosing(earlier.node, cst.IndentedBlock, cst.SimpleStatementSuite)
    return block is not None and module.is_below(step.node, [block])
