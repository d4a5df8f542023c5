"""Find workers that ask a store or a service for work that waits there, and then do it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.item_uses import Uses, uses_of
from hiveloop_scan.queues.queue_captures import captures_of_place
from hiveloop_scan.queues.takes import queue_taken_from
from hiveloop_scan.queues.waiting_queries import is_one_of, is_state
from hiveloop_scan.queues.waiting_rows import waiting_rows
from hiveloop_scan.references import functions_run, reference
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name, statements
from hiveloop_scan.visitor import detector

_ONE = ("event", "evt", "job", "task", "item", "message", "msg", "row", "record", "ticket", "reference", "pending")
_PAGES = ("token", "page", "cursor", "offset", "page_token", "next_token")


_CLAIMS = {"claim", "dequeue", "lease"}


@detector(cst.Call)
def unreported_queue_poll(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(call)
    if function is None or not _asks_for_work(call, options) or _is_kept_here(call, module, options):
        return
    uses = uses_of(call, module, options)
    if not uses.facts & {"handled", "run", "handed-on"} or not _is_first(call, function, module, options):
        return
    clue = Clue(reference(call.func, module), "hands-out-waiting-work", "reported-where-it-is-kept")
    captures = captures_of_place(code(call.func), "store", call, module)
    yield Match(call, captures, list(_facts(call, function, uses, module, options)), (clue,))


def _asks_for_work(call: cst.Call, options: Options) -> bool:
    """Say whether a call asks for work that waits, by its name or a text: ``claim_jobs()``, ``search("is:unread")``."""
    name = last_name(call.func)
    if name in options["take_calls"]:
        return True
    found = set(words(name))
    about = found & options["noun_words"] or found & options["waiting_words"] or len(found) == 1
    if found & options["claim_words"] and about:
        return True
    if not found & options["ask_words"]:
        return False
    if found & options["waiting_words"] or (found & options["new_words"] and found & options["noun_words"]):
        return True
    texts = [arg.value.raw_value for arg in call.args if isinstance(arg.value, cst.SimpleString)]
    return any(mentions(text, options["waiting_words"]) for text in texts)


def _facts(
    call: cst.Call, function: cst.FunctionDef, uses: Uses, module: ParsedModule, options: Options
) -> Iterator[str]:
    name = last_name(call.func)
    yield "asks-for-waiting-work"
    if "handled" in uses.facts:
        yield "item-is-handled"
    elif "run" in uses.facts:
        yield "item-is-run"
    else:
        yield "item-goes-to-a-function"
    if set(words(name)) & options["claim_words"] or name in options["take_calls"]:
        yield "name-says-claim"
    if mentions(code(call), options["noun_words"]):
        yield "name-says-work"
    if _CLAIMS.intersection(words(name)) and options["waiting_words"].intersection(words(name)):
        yield "claims-what-waits"
    if _loop_around(call, module):
        yield "asked-again-and-again"
    if mentions(_title(function, module), options["worker_words"]):
        yield "stands-in-a-worker"
    if mentions(name, options["timetable_words"]):
        yield "is-a-timetable"
    if mentions(f"{_title(function, module)} {code(call)}", options["plan_words"]):
        yield "is-a-plan"
    if first_sleep(statements(function.body), module):
        yield "waits-between-rounds"
    if mentions(f"{code(call.func)} {function.name.value}", options["person_words"]):
        yield "waits-for-a-person"
    if any(_is_one(arg.value) for arg in call.args):
        yield "asks-for-a-known-one"
    if any(mentions(code(arg), _PAGES) for arg in call.args):
        yield "turns-pages"
    if uses.facts & {"yielded", "returned"} and "handled" not in uses.facts:
        yield "item-is-passed-back"


def _is_one(value: cst.BaseExpression) -> bool:
    """Say whether an argument is an item that is known already: ``event``, ``job.id``."""
    found = words(code(value)) if isinstance(value, (cst.Name, cst.Attribute)) else ()
    return found[-1:] != () and (found[-1] in _ONE or (found[-1] == "id" and found[-2:-1] != () and found[-2] in _ONE))


def _title(function: cst.FunctionDef, module: ParsedModule) -> str:
    owner = module.enclosing(function, cst.ClassDef)
    return f"{owner.name.value if isinstance(owner, cst.ClassDef) else ''} {function.name.value}"


def _loop_around(node: cst.CSTNode, module: ParsedModule) -> bool:
    for outer in module.ancestors(node):
        if isinstance(outer, cst.FunctionDef):
            return False
        if isinstance(outer, cst.While) or (isinstance(outer, cst.For) and outer.asynchronous is not None):
            return True
    return False


def _is_kept_here(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether the called function stands in this file and takes from a queue or a table itself."""
    return any(
        any(queue_taken_from(inner) is not None for inner in module.all_below(function, cst.Call))
        or waiting_rows(function, module, options) is not None
        or any(
            is_state(last_name(assign.targets[0].target)) and is_one_of(assign.value, options["taken_words"])
            for assign in module.below(statements(function.body), cst.Assign)
        )
        for function in functions_run(call.func, module) or module.functions.get(last_name(call.func), [])
    )


def _is_first(call: cst.Call, function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether no such call stands before this one in its function."""
    return not any(
        module.is_before(other, call) and _asks_for_work(other, options)
        for other in module.below(statements(function.body), cst.Call)
    )
