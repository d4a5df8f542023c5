"""Tell the calls that hand work over: by their name, by where they put it, by whom they write to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.messages import message_facts
from hiveloop_scan.handoffs.statements import statement_facts
from hiveloop_scan.handoffs.wording import (
    escalates,
    is_a_handover,
    labels_in,
    names_a_duty,
    names_people,
    plain_name,
    text_of,
)
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.handing import ADDRESS_FIELDS, ASSIGNEE_FIELDS, CALLBACKS, HANDING_VERBS, RUNS, is_called
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, is_name, last_name

_URL = re.compile(r"https?:|/")
_ESCALATES = ("escalate",)
_LINES = ("number", "phone_number", "extension", "department", "transfer_to", "phone")
_REPORT_WORDS = frozenset(
    {"event", "events", "record", "log", "audit", "metric", "metrics", "stats", "error", "config"}
)


def transfer_facts(call: cst.Call, module: ParsedModule, options: Options) -> list[str]:
    """Return the facts by which `call` alone hands work over; none if it does not."""
    name = last_name(call.func)
    if not name:
        return []
    if only_tells(call, options):
        return ["asks-people-to-act"] if _shows_what_to_do(call, name, module, options) else []
    facts = list(_by_name(call, name, module, options))
    found = words(name)
    acts = not options["verbs"].isdisjoint(found[:2]) and options["taking_words"].isdisjoint(found)
    if acts:
        facts += _by_place(call, module, options)
        facts += _by_record(call, module, options)
    if mentions(name, options["comment_words"]) and any(_promises(arg, module, options) for arg in call.args):
        facts.append("says-that-people-take-over")
    facts += statement_facts(call, module, options)
    if facts or acts:
        named = list(_by_addressee(call, module, options))
        if named and not HANDING_VERBS.isdisjoint(found[:2]):
            named.append("hands-on-to-a-name")
        facts += named
    if acts and any(
        mentions(dotted(part), options["dead_words"]) for part in (call.func, *(arg.value for arg in call.args))
    ):
        facts.append("goes-to-the-dead-letters")
    return list(dict.fromkeys(facts))


def _shows_what_to_do(call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether a method of the same object shows people that they have to act: no plain ``print`` or log line."""
    owned = isinstance(call.func, cst.Attribute) and is_name(call.func.value, "self")
    return (
        owned
        and words(name)[0] in ("print", "show", "display")
        and len(words(name)) > 1
        and any(
            mentions(text_of(text), options["by_hand_words"])
            for arg in call.args
            for text in module.below(arg.value, cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
        )
    )


def _runs_a_handing_tool(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether a tool that hands work over is run by the code itself: ``self.exit_tool.run()``."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in RUNS:
        return False
    tool = call.func.value
    if isinstance(tool, cst.Call):
        return is_a_handing_tool(last_name(tool.func), options)
    named = dotted(tool)
    if words(named.rpartition(".")[2])[-1:] != ("tool",):
        return False
    made = [*values_of(named, call, module)]
    around = module.enclosing(call, cst.ClassDef) if named.startswith("self.") else None
    if around is not None:
        own = named.removeprefix("self.")
        for bound in module.below(around.body, cst.Assign, cst.AnnAssign):
            target = bound.target if isinstance(bound, cst.AnnAssign) else bound.targets[0].target
            if dotted(target) in (own, named) and bound.value is not None:
                made.append(bound.value)
    return is_a_handing_tool(named, options) or any(
        isinstance(value, cst.Call) and is_a_handing_tool(last_name(value.func), options) for value in made
    )


def is_a_handing_tool(name: str, options: Options) -> bool:
    return mentions(name, options["callback_words"], _ESCALATES, options["handing_names"]) and not mentions(
        name, options["waiting_words"]
    )


def _promises(arg: cst.Arg, module: ParsedModule, options: Options) -> bool:
    """Say whether a text asks people to take over, or tells the customer that they will."""
    return any(
        mentions(text_of(text), options["promise_words"])
        for text in module.below(arg.value, cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
    )


def only_tells(call: cst.Call, options: Options) -> bool:
    """Say whether a call writes a log line, a metric or a page for the screen."""
    owner, _, name = dotted(call.func).rpartition(".")
    last = owner.rpartition(".")[2]
    return bool(set(words(last)) & options["log_words"]) or bool(set(words(name)[:1]) & options["log_words"])


def _by_name(call: cst.Call, name: str, module: ParsedModule, options: Options) -> Iterator[str]:
    if not words(name):  # `_("Please wait")`, `通知()`
        return
    if is_a_handover(name, options) or _tells_a_team(call, name, options):
        yield "call-hands-over-to-people"
        return
    if _is_an_escalation_callback(call, name, module, options):
        yield "calls-an-escalation-callback"
        return
    if _runs_a_handing_tool(call, module, options):
        yield "runs-the-tool-that-hands-over"
        return
    if "transfer" in words(name) and any(arg.keyword and is_called(arg.keyword.value, _LINES) for arg in call.args):
        yield "puts-a-caller-through"
        return
    owner = dotted(call.func).rpartition(".")[0].rpartition(".")[2]
    told = mentions(owner, ("escalation", "escalations", "escalator", "handoff", "hand_off"))
    if escalates(name, options) or (told and not owner[:1].isupper() and _is_a_plain_verb(name, options)):
        if any(_speaks_of_a_case(arg, module, options) for arg in call.args) or mentions(name, options["case_words"]):
            yield "escalates-a-case"
        else:
            yield "escalates-something"
    called = f"{words(name)[0]}_{words(name)[-1]}"  # create_linear_issue
    at_a_desk = found_in_owner(call, options["ticket_owner_words"]) and name in options["create_words"]
    if at_a_desk or (mentions(f"{name} {called}", options["ticket_words"]) and not name[:1].isupper()):
        yield "opens-a-ticket"
    else:
        yield from message_facts(call, name, module, options)


def _tells_a_team(call: cst.Call, name: str, options: Options) -> bool:
    """Say whether people are told directly: ``self.compliance_team.notify(case)``."""
    owner = dotted(call.func).rpartition(".")[0].rpartition(".")[2]
    return name in ("notify", "alert", "page", "summon", "involve") and (
        owner.endswith("_team") or names_people(owner, options) or mentions(owner, options["pager_words"])
    )


def _is_an_escalation_callback(call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether the code that embeds this one is told to take over: ``self.on_escalate(case)``."""
    found = words(name)
    is_callback = found[0] == "on" or found[-1] in CALLBACKS
    if not is_callback or not mentions(name, options["callback_words"]):
        return False
    is_of_others = mentions(name, options["waiting_words"], options["technical_callbacks"])
    return not is_of_others and not functions_run(call.func, module)


def found_in_owner(call: cst.Call, vocabulary: frozenset[str]) -> bool:
    """Say whether what the called method belongs to is named by a word of `vocabulary`."""
    return mentions(dotted(call.func).rpartition(".")[0], vocabulary)


def _is_a_plain_verb(name: str, options: Options) -> bool:
    found = words(name)
    return bool(found) and found[0] in options["owner_verbs"] and found[-1] not in ("tool", "tools")


def _speaks_of_a_case(arg: cst.Arg, module: ParsedModule, options: Options) -> bool:
    keyword = arg.keyword.value if arg.keyword else ""
    return mentions(keyword, options["case_words"]) or any(
        mentions(dotted(value), options["case_words"]) for value in module.below(arg.value, cst.Name, cst.Attribute)
    )


def _by_place(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    """``review_queue.put(item)``, ``redis.lpush("review:pending", id)``, ``add_to_labels(NEEDS_HUMAN)``."""
    name = last_name(call.func)
    puts = bool(options["put_words"].intersection(words(name)))
    owner = dotted(call.func).rpartition(".")[0].rpartition(".")[2]
    if not puts:
        return
    if mentions(owner, options["place_words"]) or mentions(name, options["place_words"]):
        yield "puts-work-where-people-look"
        return
    labelled = mentions(f"{owner}_{name}", options["labelling_words"])
    lists = name in ("append", "add") and (not labelled or mentions(owner, ("results", "checks", "findings")))
    for arg in call.args[:2]:
        if lists and isinstance(arg.value, cst.Call):  # checks.append(check("manual_review", "skipped"))
            continue
        named = [text for text in labels_in(arg.value, module) if text.count(" ") < 2]
        if any(mentions(text, options["place_words"]) for text in named) or (
            labelled and any(_asks_for_people(text, options) for text in named)
        ):
            yield "puts-work-where-people-look"
            return
    keyed = [arg for arg in call.args if arg.keyword and "queue" in words(arg.keyword.value)]
    for arg in keyed:
        if mentions(last_name(arg.value), options["people_words"], options["place_words"]) or any(
            names_people(text, options) for text in labels_in(arg.value, module)
        ):
            yield "puts-work-where-people-look"
            return


def _asks_for_people(text: str, options: Options) -> bool:
    return (
        names_people(text, options) or names_a_duty(text, options) or mentions(text, options["state_words"])
    ) and not mentions(text, options["settled_words"])


def _by_record(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    """``db.add(EscalationTicket(...))``, ``HumanReview.objects.create(...)``."""
    name = last_name(call.func)
    if options["put_words"].isdisjoint(words(name)) and options["create_words"].isdisjoint(words(name)):
        return
    owner = dotted(call.func)
    kinds = [part for part in owner.split(".")[:-1] if part[:1].isupper() and not part.isupper()]
    for arg in call.args[:2]:
        values = values_of(arg.value.value, call, module) if isinstance(arg.value, cst.Name) else [arg.value]
        kinds += [last_name(value.func) for value in values if isinstance(value, cst.Call)]
    for kind in kinds:
        if kind[:1].isupper() and _is_a_case_for_people(kind, options):
            yield "records-a-case-for-people"
            return


def _is_a_case_for_people(kind: str, options: Options) -> bool:
    found = set(words(kind))
    if found & _REPORT_WORDS or mentions(kind, options["waiting_words"]):
        return False
    named = (*options["people_words"], *options["review_words"], "escalation")
    return mentions(kind, named)


def _by_addressee(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    """Look at the arguments for people: ``assignee="senior-sales"``, ``channel="#on-call"``, ``/api/escalate``."""
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword else ""
        if is_called(keyword, ASSIGNEE_FIELDS):
            named = plain_name(arg.value, keyword)
            texts = [named, *labels_in(arg.value, module)]
            assigns = not {"assign", "reassign", "transfer", "route"}.isdisjoint(words(last_name(call.func)))
            if any(_asks_for_people(text, options) or (assigns and text and text != named) for text in texts):
                yield "names-who-takes-over"
                return
        elif is_called(keyword, ADDRESS_FIELDS) or not keyword:
            values = module.below(arg.value, cst.FormattedString, cst.SimpleString, cst.Name)
            for value in values:
                text = (
                    text_of(value)
                    if not isinstance(value, cst.Name)
                    else (value.value if value.value.isupper() else "")
                )
                if text and len(text) <= 80 and " " not in text.strip() and _is_an_address(text, options):
                    yield "names-who-takes-over"
                    return


def _is_an_address(text: str, options: Options) -> bool:
    if _URL.search(text):
        return mentions(
            text.rstrip("/").rpartition("/")[2],
            ("escalate", "escalations", "escalation", "handoff", "handover", "transfer"),
        ) or mentions(text, options["pager_words"])
    return _asks_for_people(text, options) or mentions(text, options["pager_words"])
