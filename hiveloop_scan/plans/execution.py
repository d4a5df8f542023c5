"""Tell the calls that carry out a step from those that only read, print or check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_STORES = ("conn", "connection", "cursor", "db", "database", "sql", "buffer", "stream")
"""Owners of calls such as ``execute`` and ``write`` that store a step and do not carry it out."""

_TRAVERSALS = (
    "collect", "flatten", "walk", "visit", "traverse", "expand", "resolve", "iter", "count", "find", "search", "get",
    "to", "from", "parse", "build", "format", "render", "serialize", "validate", "load", "convert",
)  # fmt: skip
"""Verbs of functions that go through the parts of a tree, each of which they are called for."""

STARTERS = {"submit", "create_task", "ensure_future", "run_in_executor", "start_soon", "to_thread", "map"}
"""Calls that carry out the function which they are given."""

_LOG_OWNERS = {"logger", "log", "logging", "console", "print", "typer", "click", "rich", "st"}


def executions(
    body: Sequence[cst.CSTNode], names: frozenset[str], module: ParsedModule, options: Options
) -> Iterator[tuple[cst.Call, str]]:
    """Yield the calls that work on what `names` stand for, each with the fact that says how sure that is."""
    for call in module.below(body, cst.Call):
        if fact := _execution(call, names, module, options):
            yield call, fact


def branches_by_step(
    body: Sequence[cst.CSTNode], names: frozenset[str], module: ParsedModule, options: Options
) -> cst.Call | None:
    """Return a call that is run in a branch chosen by what the step is: ``if step == "search": agent.run()``."""
    for branch in module.below(body, cst.If, cst.MatchCase):
        if isinstance(branch, cst.If):
            compared = [
                node
                for node in module.below(branch.test, cst.Comparison)
                if names & module.names_in(node) and module.all_below(node, cst.SimpleString)
            ]
            if not compared:
                continue
        else:
            match = module.parent(branch)
            if not (isinstance(match, cst.Match) and names & module.names_in(match.subject)):
                continue
        for call in module.below(statements(branch.body), cst.Call):
            if _is_verb(last_name(call.func), options["run_words"], options):
                return call
    return None


def _execution(call: cst.Call, names: frozenset[str], module: ParsedModule, options: Options) -> str:
    func = call.func
    if isinstance(func, cst.Name) and func.value in names:
        return "each-step-is-executed"
    if isinstance(func, cst.Subscript):
        return "each-step-is-executed" if names & module.names_in(*func.slice) else ""
    if isinstance(func, cst.Call):
        chosen = last_name(func.func) == "getattr" and names & module.names_in(*func.args)
        return "each-step-is-executed" if chosen else ""
    name = dotted(func)
    method = func.attr.value if isinstance(func, cst.Attribute) else name
    owned = name.partition(".")[0] in names and isinstance(func, cst.Attribute)
    if not owned and not names & module.names_in(*call.args):
        return ""
    if (
        method[:1].isupper()
        or method in EVERYDAY_CALLS
        or mentions(name.rpartition(".")[0], _STORES)
        or name.partition(".")[0] in _LOG_OWNERS
    ):
        return ""
    if not owned and method in STARTERS and call.args:
        started = last_name(call.args[0].value)
        return "each-step-is-executed" if started and _is_verb(started, options["run_words"], options) else ""
    if owned and method in options["callable_words"]:
        return "each-step-is-executed"
    if not owned and _is_called_by_itself(call, method, module):
        return "each-step-is-executed"
    if _is_verb(method, options["run_words"], options):
        return "each-step-is-executed"
    if words(method)[:1] and words(method)[0] in options["work_words"]:
        return "each-step-is-worked-on"
    return "each-step-is-awaited" if is_awaited(call, module) and not mentions(method, options["idle_words"]) else ""


def _is_called_by_itself(call: cst.Call, method: str, module: ParsedModule) -> bool:
    """Say whether a function takes each step of its own as it takes the whole: ``self.solve(subtask)`` in ``solve``."""
    function = module.function_of(call)
    if function is None or function.name.value != method or dotted(call.func) not in (method, f"self.{method}"):
        return False
    around = module.parent(call)
    kept = isinstance(module.parent(around) if isinstance(around, cst.Await) and around else around, cst.Assign)
    return kept and not mentions(method, _TRAVERSALS)


def is_awaited(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call is awaited, or its result iterated over as it comes in."""
    around = module.parent(call)
    return isinstance(around, cst.Await) or (isinstance(around, cst.For) and around.asynchronous is not None)


def _is_verb(method: str, vocabulary: frozenset[str], options: Options) -> bool:
    """Say whether a name is a verb of `vocabulary`; ``get_run`` and ``format_execution`` begin with another."""
    return mentions(method, vocabulary) and words(method)[:1] != () and words(method)[0] not in options["idle_words"]
