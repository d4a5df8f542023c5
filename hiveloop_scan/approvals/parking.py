"""Statements that put a request aside until a person has decided: nothing waits, the request rests in a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.approvals.holds import holds_in, pauses_in
from hiveloop_scan.approvals.marks import flags_in, statuses_in
from hiveloop_scan.approvals.statuses import STATUS, key_of, says_status, status_fact
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.references import functions_run, reference
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_INTO = re.compile(
    r"\b(?:insert\b.*?\binto|replace\s+into)\s+[\"'`]?(?P<table>[\w.]+)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


_WRITES = ("write_text", "dump", "move", "write_bytes", "rename")
WEAK = {"goes-among-what-waits", "an-action-is-kept-back", "goes-into-a-folder-that-waits"}
"""Signs that say something only where nothing clearer stands in the function."""
_LONGEST_PATH = 200
_NO_RECORDS = {
    "event",
    "error",
    "exception",
    "response",
    "result",
    "decision",
    "config",
    "policy",
    "failure",
    "rejection",
    "mismatch",
    "violation",
}


@dataclass(frozen=True)
class Parking:
    """A statement that parks a request: the node, the fact that makes it one, what is parked (None: not told)."""

    node: cst.CSTNode
    fact: str
    record: cst.BaseExpression | None = None
    handed_to: str = ""


def parkings_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> list[Parking]:
    """Return the parkings of a function, the clearest of each branch."""
    found: list[Parking] = []
    for kind in _KINDS:
        for parking in kind(function, module, options):
            if found and parking.fact in WEAK:
                continue
            if not any(_same_branch(parking.node, other.node, module) for other in found):
                found.append(parking)
    return found


def _same_branch(node: cst.CSTNode, other: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether one of two nodes stands in the block of the other, or below it."""
    kinds = (cst.IndentedBlock, cst.SimpleStatementSuite)
    first, second = module.enclosing(node, *kinds), module.enclosing(other, *kinds)
    return first is None or second is None or module.is_below(node, [second]) or module.is_below(other, [first])


def _by_status(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """The request itself says that it awaits approval."""
    for node, fact, record in statuses_in(function, module, options):
        yield Parking(node, fact, record)


def _by_table(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """``INSERT INTO approvals ...``."""
    for call in module.below(statements(function.body), cst.Call):
        for text in (text for arg in call.args[:1] for text in literals_in(arg, module)):
            into = _INTO.search(text)
            if into and (
                mentions(into["table"], options["record_words"]) or mentions(into["rest"], options["status_words"])
            ):
                yield Parking(call, "goes-into-a-table-of-approvals")


def _by_record(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """``self.pending_approvals[key] = request``, ``session.add(ApprovalRequest(...))``."""
    body = statements(function.body)
    for assign in module.below(body, cst.Assign):
        target = assign.targets[0].target
        if isinstance(target, cst.Subscript):
            if _awaits_approval(last_name(target.value), options) and not _is_local(target.value, module):
                yield Parking(assign, "goes-among-what-awaits-approval", assign.value)
            elif _is_approval_record(assign.value, module, options) and not _is_local(target.value, module):
                yield Parking(assign, "record-of-an-approval-is-stored", assign.value)
    for call in module.below(body, cst.Call):
        owner, _, name = dotted(call.func).rpartition(".")
        if not owner or name not in options["store_words"] or not call.args:
            continue
        kept_in = call.func.value if isinstance(call.func, cst.Attribute) else call.func
        if _awaits_approval(owner.rpartition(".")[2], options) and not _is_local(kept_in, module):
            yield Parking(call, "goes-among-what-awaits-approval", call.args[-1].value)
        else:
            stored = (
                []
                if _is_local(kept_in, module)
                else [arg.value for arg in call.args if _is_approval_record(arg.value, module, options)]
            )
            if stored:
                yield Parking(call, "record-of-an-approval-is-stored", stored[0])


def _awaits_approval(container: str, options: Options) -> bool:
    """Say whether a container is named for requests that nobody has decided yet."""
    return mentions(container, options["container_words"]) and not mentions(container, options["decided_words"])


def _by_container(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """``PENDING_ACTIONS[key] = action``, ``self.pending.append(action)``."""
    body = statements(function.body)
    for assign in module.below(body, cst.Assign):
        target = assign.targets[0].target
        held = target.value if isinstance(target, cst.Subscript) else None
        if held is not None and _waits(last_name(held), options) and not _is_local(held, module):
            yield Parking(assign, "goes-among-what-waits", assign.value)
    for call in module.below(body, cst.Call):
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in options["store_words"]:
            continue
        store = call.func.value
        if call.args and _waits(last_name(store), options) and not _is_local(store, module):
            yield Parking(call, "goes-among-what-waits", call.args[-1].value)


def _waits(container: str, options: Options) -> bool:
    """Say whether a container is named for actions that have not been carried out yet."""
    return "_".join(words(container)) in options["pending_words"]


def _by_flag(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """A field says that an answer is awaited, or keeps the action back."""
    for node, fact, record in flags_in(function, module, options):
        yield Parking(node, fact, record)


def _by_folder(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """``(self.root / "pending" / name).write_text(draft)``: a person looks into the folder."""
    for call in module.below(statements(function.body), cst.Call):
        name = last_name(call.func)
        if name not in _WRITES:
            continue
        places = [arg.value for arg in call.args[:2]]
        if isinstance(call.func, cst.Attribute):
            places.append(call.func.value)
        for place in places:
            said = [*literals_in(place, module), *(dotted(part) for part in module.below(place, cst.Attribute))]
            for held in module.below(place, cst.Name):
                said.append(held.value)
                for value in values_of(held.value, call, module):
                    said += [code(value)] if len(code(value)) < _LONGEST_PATH else []
            if any(mentions(text, options["folder_words"]) for text in said):
                yield Parking(call, "goes-into-a-folder-that-waits")
                break


def _is_local(container: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a container is made in the function that fills it, and is gone with it."""
    return isinstance(container, cst.Name) and bool(values_of(container.value, container, module))


def _is_approval_record(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is made in this function as a request for approval, or with a status that says so."""
    name = dotted(value) if isinstance(value, (cst.Name, cst.Attribute)) else ""
    made = [value, *(values_of(name, value, module) if name else [])]
    for call in (item for item in made if isinstance(item, cst.Call)):
        kind = last_name(call.func)
        if kind[:1].isupper() and mentions(kind, options["record_words"]) and words(kind)[-1] not in _NO_RECORDS:
            return True
        for arg in call.args:
            if (
                arg.keyword
                and arg.keyword.value in STATUS
                and status_fact(arg.value, options) == ("status-says-that-approval-is-awaited")
            ):
                return True
    return any(isinstance(item, cst.Dict) and says_status(item, options) for item in made)


def _by_name(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """``submit_for_approval(draft)``, ``approvals.create(...)``."""
    for call in module.below(statements(function.body), cst.Call):
        owner, _, name = dotted(call.func).rpartition(".")
        said = words(name)
        if not said or mentions(name, options["other_words"]):
            continue
        hands_in = said[0] in options["hand_in_verbs"] and mentions(name, options["record_words"])
        creates = name in options["create_words"] and mentions(owner, options["container_words"])
        if (hands_in or creates) and not functions_run(call.func, module):
            yield Parking(call, "is-handed-in-for-approval", None, reference(call.func, module))


def _by_hold(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """The caller is told that a person has to decide first."""
    for node, fact in holds_in(function, module, options):
        yield Parking(node, fact)


def _by_raise(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """The work stops with an exception that says that a person has to decide."""
    for node in pauses_in(function, module):
        yield Parking(node, "stops-with-a-request")


def _by_proposal(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Parking]:
    """A proposal, with who made it and until when it holds, is saved."""
    body = statements(function.body)
    for call in module.below(body, cst.Call):
        name = last_name(call.func)
        if not mentions(name, options["save_words"]) or name[:1].isupper():
            continue
        for arg in call.args:
            record = dotted(arg.value) if isinstance(arg.value, (cst.Name, cst.Attribute)) else ""
            if record and _is_proposed(record, call, function, module, options):
                yield Parking(call, "a-proposal-is-saved", arg.value)
                break


def _is_proposed(
    record: str, place: cst.Call, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> bool:
    """Say whether the function has noted on `record` who proposes it."""
    for value in values_of(record, place, module):
        if isinstance(value, cst.Call) and any(
            arg.keyword and arg.keyword.value in options["proposal_words"] for arg in value.args
        ):
            return True
    return any(
        dotted(target.target).rpartition(".")[0] == record and last_name(target.target) in options["proposal_words"]
        for assign in module.below(statements(function.body), cst.Assign)
        for target in assign.targets
    )


_KINDS: tuple[Callable[[cst.FunctionDef, ParsedModule, Options], Iterator[Parking]], ...] = (
    _by_table,
    _by_record,
    _by_status,
    _by_name,
    _by_proposal,
    _by_container,
    _by_flag,
    _by_folder,
    _by_hold,
    _by_raise,
)
"""In the order in which they are believed, where several stand in one branch."""


def decides(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a function notes a person's decision: ``request.status = "approved"``, ``report.approved = yes``."""
    for assign in module.below(statements(function.body), cst.Assign):
        target = assign.targets[0].target
        name = last_name(target) if not isinstance(target, cst.Subscript) else key_of(target)
        if name in ("approved", "approved_by", "decided_by") and code(assign.value) not in ("False", "None"):
            return True
        if name in STATUS | {"decision"} and set(words(code(assign.value))) & options["decided_words"]:
            return True
    verb = (words(function.name.value) or ("",))[0]
    return verb in options["deciding_verbs"] and any(
        last_name(call.func) in ("pop", "get", "remove", "execute")
        for call in module.below(statements(function.body), cst.Call)
    )
