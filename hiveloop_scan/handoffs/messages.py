"""Tell the messages by which people learn that the agent has failed, or that they have to act."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.wording import labels_in, text_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_POSTS = ("post", "urlopen", "request", "async_post")
_PAGING = frozenset(
    {
        "send",
        "post",
        "notify",
        "alert",
        "trigger",
        "page",
        "fire",
        "dispatch",
        "publish",
        "create",
        "open",
        "enqueue",
        "raise",
        "submit",
        "report",
        "escalate",
        "incident",
        "event",
    }
)
"""Verbs (and ``Incident.create``) by which a client of a pager calls people."""

_SENDS = frozenset({"send", "post", "notify", "alert", "trigger", "page", "fire", "dispatch", "publish", "urlopen"})
_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)


def message_facts(call: cst.Call, name: str, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield that `call` writes to people, that it does so in trouble, and that its text asks them to act."""
    if name[:1].isupper() or mentions(name, options["approval_words"]):
        return
    if not _messages_people(call, name, module, options):
        return
    said = " ".join([*_said(call, module), *(label for arg in call.args for label in labels_in(arg.value, module))])
    keywords = " ".join(arg.keyword.value for arg in call.args if arg.keyword)
    must_act = mentions(said, options["act_words"])
    if mentions(f"{said} {keywords}", options["approval_words"]) or (
        not must_act and mentions(said, options["recovery_words"])
    ):
        return
    yield "messages-people"
    if _alarms(call, name, module, options):
        yield "raises-an-alarm"
    if must_act:
        yield "asks-people-to-act"


def _messages_people(call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether a call sends something through a channel that people read: ``slack.chat_postMessage(...)``."""
    found = words(name)
    if mentions(name, options["message_words"]) or found[0] == "page" or _sends_an_alert(name):
        return True
    if name in _POSTS and call.args:
        return mentions(code(call.args[0].value), options["hook_words"])
    if not options["send_words"].intersection(found[:2]):
        return False
    return mentions(_sender(call, module), options["channel_words"])


def _sends_an_alert(name: str) -> bool:
    """Say whether a function is named like ``send_budget_alert``."""
    found = words(name)
    return found[0] in _SENDS and found[-1] in ("alert", "alerts", "page")


def _sender(call: cst.Call, module: ParsedModule) -> str:
    """Return what the called method belongs to; for a method of the same class, the name of that class."""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    if isinstance(owner, cst.Name) and owner.value == "self":
        around = module.enclosing(call, cst.ClassDef)
        return around.name.value if isinstance(around, cst.ClassDef) else ""
    return code(owner) if owner is not None else ""


def _alarms(call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether a call goes to those on duty, or is named for trouble: ``notifier.send_error(...)``."""
    if mentions(_sender(call, module), options["pager_words"]) and not _PAGING.isdisjoint(words(name)[:2]):
        return True
    if words(name)[0] not in _SENDS and words(name)[:2] != ("chat", "post"):
        return False
    if any(mentions(label, options["pager_words"]) for arg in call.args for label in labels_in(arg.value, module)):
        return True
    if mentions(name, options["trouble_words"], options["alarm_words"]):
        return True
    if name in _POSTS:
        return mentions(code(call.args[0].value), options["alarm_words"], options["chat_words"])
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    return owner is not None and mentions(code(owner), options["alarm_words"])


def _said(call: cst.Call, module: ParsedModule) -> Iterator[str]:
    """Yield the texts of the arguments, and of what their names were bound to or had written into them."""
    read: set[str] = set()
    for arg in call.args:
        yield from _texts_in(arg.value, module)
        read |= {name.value for name in module.below(arg.value, cst.Name)}
    read -= {"self", "cls"}
    if not read:
        return
    for target, value in bindings(call, module):
        base = target.value if isinstance(target, (cst.Subscript, cst.Attribute)) else target
        if dotted(base) in read and not isinstance(value, cst.Await) and not _is_a_test(value):
            yield from _texts_in(value, module)


def _is_a_test(value: cst.BaseExpression) -> bool:
    """Say whether a value is true or false: the texts in it are looked for, not sent."""
    if isinstance(value, cst.Call):
        return last_name(value.func) in ("any", "all", "bool", "isinstance", "startswith", "endswith")
    return isinstance(value, (cst.Comparison, cst.BooleanOperation, cst.UnaryOperation))


def _texts_in(value: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    for text in module.below(value, *_TEXTS):
        if not isinstance(module.parent(text), cst.ConcatenatedString):
            yield text_of(text)
