"""Calls that have somebody else ask the person: a callback, a handler, a client of a user interface."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name

_KEEPERS = {
    "repository", "repo", "store", "manager", "service", "registry", "tool", "tools", "model", "schema", "type",
    "class", "table", "database", "db", "client", "factory", "provider", "settings",
}  # fmt: skip
"""Ends of names of what keeps or makes something: to fetch one is no question."""

_FORMS = {"run_in_executor", "to_thread", "run_sync"}


class Asks(enum.Enum):
    """How a call says that it asks a person."""

    BY_CALLBACK = "calls-an-approval-callback"
    BY_NAME = "asks-for-approval-by-name"
    BY_HANDLER = "handler-of-what-speaks-of-approval"
    FOR_A_YES = "asks-for-a-yes"
    BY_USER_WORD = "named-in-the-settings"


def asks(call: cst.Call, around: str, module: ParsedModule, options: Options) -> Asks | None:
    """Return how `call` asks a person, `around` being the names of the functions and classes it stands in."""
    runs = what_runs(call)
    name = last_name(runs)
    if runs is None or not name or name.lstrip("_")[:1].isupper() or functions_run(runs, module):
        return None
    if name.lower() in options["approval_calls"]:
        return Asks.BY_USER_WORD
    said = words(name)
    if _asks_by_message(call, said, module, options):
        return Asks.BY_NAME
    if not said or said[0] in options["other_verbs"] or mentions(name, options["other_words"]):
        return None
    if (
        set(said[-2:]) & options["callback_words"]
        and said[-1] not in options["kept_words"]
        and said[0] not in options["getting_verbs"]
    ):
        named = _named_for(call, name, module)
        if mentions(named, options["approval_words"]):
            return Asks.BY_CALLBACK
        if mentions(named, options["input_words"]) and _is_given(call, options["prompt_words"]):
            return Asks.BY_CALLBACK
    if isinstance(runs, cst.Name) and _is_made_for_a_person(call, name, module, options):
        return Asks.BY_CALLBACK
    owner = dotted(runs).rpartition(".")[0].rpartition(".")[2]
    if owner.lstrip("_")[:1].islower() and mentions(owner, options["person_owners"]) and _asks_its_owner(said, options):
        return Asks.BY_NAME
    if said[-1] in _KEEPERS:
        return None
    if said[0] in options["asking_verbs"] and mentions(name, options["approval_phrases"]):
        return Asks.BY_NAME
    if said[0] in options["getting_verbs"] and mentions(name, options["person_phrases"]):
        return Asks.BY_NAME
    if _is_asked_in_its_place(said, call, module, options):
        return Asks.BY_NAME
    if len(said) == 1 and said[0] in options["handler_words"] and call.args and not _is_of_a_class(call):
        if mentions(around, options["approval_words"]):
            return Asks.BY_HANDLER
        return Asks.FOR_A_YES if said[0] == "confirm" else None
    return None


def _asks_by_message(call: cst.Call, said: Sequence[str], module: ParsedModule, options: Options) -> bool:
    """Say whether a call sends a message named for asking, and comes back with the answer: ``call("ask", ...)``."""
    first = call.args[0].value if call.args else None
    if not isinstance(first, cst.SimpleString) or len(call.args) == 1 or not isinstance(module.parent(call), cst.Await):
        return False
    if not options["message_verbs"].intersection(said):
        return False
    text = str(first.evaluated_value)
    return " " not in text and mentions(text, options["message_words"])


def _is_asked_in_its_place(said: Sequence[str], call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether a class that stands for a person's answer fetches it: ``self.source.get_input(question)``."""
    if said[0] not in options["getting_verbs"] | options["asking_verbs"] or not options["place_nouns"].intersection(
        said
    ):
        return False
    around = module.enclosing(call, cst.ClassDef)
    named = around.name.value if isinstance(around, cst.ClassDef) else ""
    return bool(call.args) and mentions(named, options["person_phrases"])


def what_runs(call: cst.Call) -> cst.BaseExpression | None:
    """Return what a call runs: the function it calls, or the one that it is handed to run elsewhere."""
    if last_name(call.func) not in _FORMS:
        return call.func
    plain = [arg.value for arg in call.args if arg.keyword is None and isinstance(arg.value, (cst.Name, cst.Attribute))]
    return next((value for value in plain if last_name(value) != "None"), None)


def _asks_its_owner(said: Sequence[str], options: Options) -> bool:
    """Say whether a method of what stands for a person asks it: ``human.get_feedback(plan)``."""
    if said[0] in options["asking_verbs"]:
        return True
    return said[0] in options["getting_verbs"] and said[-1] in ("feedback", "input", "decision", "answer", "approval")


def _is_made_for_a_person(call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether a local name holds what was made to ask a person: ``approve = human_approver(choices)``."""
    function = module.function_of(call)
    while function is not None:
        for value in values_of(name, function.body, module):
            made = words(last_name(value.func)) if isinstance(value, cst.Call) else ()
            if made and made[-1] in options["person_makers"] and not options["persons"].isdisjoint(made):
                return True
        function = module.function_of(function)
    return False


def _named_for(call: cst.Call, name: str, module: ParsedModule) -> str:
    """Return the names of what runs and of what it was bound to: ``ask = cast(Ask, self._approval_func)``."""
    said = [name]
    for value in values_of(name, call, module):
        said.append(dotted(value))
        if isinstance(value, cst.Call):
            said += [dotted(arg.value) for arg in value.args]
    return " ".join(said)


def _is_given(call: cst.Call, names: frozenset[str]) -> bool:
    """Say whether one of the arguments is called by one of `names`."""
    return any(mentions(last_name(arg.value), names) for arg in call.args)


def _is_of_a_class(call: cst.Call) -> bool:
    """Say whether a method is called on a class, which makes an object: ``Result.confirm()``."""
    return isinstance(call.func, cst.Attribute) and last_name(call.func.value)[:1].isupper()
