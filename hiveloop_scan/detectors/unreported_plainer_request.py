"""Find handlers that ask a model the same again in a plainer form: without a schema, without tools, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.operation import operation_name
from hiveloop_scan.attempts.paths import exception_names, is_not_a_failure
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector


@detector(cst.Try)
def unreported_plainer_request(node: cst.Try, module: ParsedModule, options: Options) -> Iterator[Match]:
    formed = [call for call in module.below(statements(node.body), cst.Call) if _asks_in_a_form(call, module, options)]
    if not formed:
        return
    for handler in node.handlers:
        if is_not_a_failure(handler) or flow_of_suite(handler.body) == Flow.RAISE:
            continue
        for again in work_calls(statements(handler.body), module):
            if _asks_in_a_form(again, module, options) and not _is_named_plainer(again, options):
                continue
            alike = [call for call in formed if _prompts(call, options) & _prompts(again, options)]
            first = next((call for call in alike if code(call.func) != code(again.func)), None)
            if first is not None and _asks(again, options):
                facts = list(_facts(first, again, handler, module, options))
                yield Match(handler, _captures(again, handler, module), facts)
                return


def _asks_in_a_form(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether a model is asked for a reply in a form: by an argument, by its method, by what it was made for."""
    if not _prompts(call, options):
        return False
    given = {arg.keyword.value for arg in call.args if arg.keyword and code(arg.value) != "None"}
    if given & options["form_arguments"] or mentions(code(call.func), options["form_words"]):
        return True
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    bound = values_of(dotted(owner), call, module) if isinstance(owner, cst.Name) else []
    return any(isinstance(value, cst.Call) and last_name(value.func) in options["form_words"] for value in bound)


def _prompts(call: cst.Call, options: Options) -> frozenset[str]:
    """Return the arguments of a call that are called a prompt or messages."""
    return frozenset(
        code(arg.value)
        for arg in call.args
        if isinstance(arg.value, (cst.Name, cst.Attribute))
        and mentions(last_name(arg.value) or code(arg.value), options["prompt_words"])
    )


def _asks(call: cst.Call, options: Options) -> bool:
    found = words(last_name(call.func) or code(call.func))
    if not found or found[0] in options["quiet_words"] or last_name(call.func)[:1].isupper():
        return False
    return mentions(code(call.func), options["ask_words"]) or _is_named_plainer(call, options)


def _is_named_plainer(call: cst.Call, options: Options) -> bool:
    return mentions(last_name(call.func), options["plainer_words"])


def _facts(
    first: cst.Call, again: cst.Call, handler: cst.ExceptHandler, module: ParsedModule, options: Options
) -> Iterator[str]:
    yield "model-is-asked-in-a-form"
    yield "same-prompt-is-asked-again"
    changed = {code(arg) for arg in again.args} - {code(arg) for arg in first.args}
    if mentions(f"{code(again.func)} {' '.join(sorted(changed))}", options["other_words"]):
        yield "asks-somebody-else"
    if mentions(module.text(handler).replace(module.text(again), ""), options["again_words"]):
        yield "handler-speaks-of-a-second-try"


def _captures(again: cst.Call, handler: cst.ExceptHandler, module: ParsedModule) -> dict[str, str | int | None]:
    return {
        "operation": operation_name(again),
        "attempt": "1",
        "attempt_base": 0,
        "backoff_seconds": None,
        "exception": code(handler.name.name) if handler.name else None,
        "exception_type": ", ".join(exception_names(handler)),
        "another_attempt": "certain",
        "insert_line": module.span(again).line,
    }
