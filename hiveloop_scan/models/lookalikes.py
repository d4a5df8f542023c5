"""Calls that look like the model call of a turn and are none."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.models.arguments import Arguments
from hiveloop_scan.models.runs import Run
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_CHATTING = ("completion", "acompletion", "chat", "invoke", "ainvoke", "stream", "astream")
_CLIENT_PARTS = ("completions", "responses", "messages", "models")


def lookalike_facts(run: Run, arguments: Arguments, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what speaks against the call of a turn: no text is made, a connection is tried, others tell of it."""
    if _makes_no_text(run, arguments, module, options):
        yield "makes-no-text"
    function = module.function_of(run.node)
    if function is None:
        return
    if _tries_the_connection(function.name.value, options):
        yield "only-tries-the-connection"
    if words(function.name.value)[:1] == ("test",):
        yield "stands-in-a-test"
    if _stands_in_for_a_client(run, function, module):
        yield "stands-in-for-a-client"
    if any(_tells(call, function, module) for call in module.nodes(cst.Call)):
        yield "caller-tells-of-it"


def _makes_no_text(run: Run, arguments: Arguments, module: ParsedModule, options: Options) -> bool:
    """Images, speech, transcripts, vectors: by the model's name, by what is asked for, by the names around.

    A chat that looks at an image answers in text, whatever the function around it is called.
    """
    model = arguments.value("model") or arguments.value("modelId")
    if model is not None and mentions(code(model), options["no_text_models"]):
        return True
    function = module.function_of(run.node)
    if function is not None and _asks_for_no_text(module.text(function)):
        return True
    chats = "completions" in dotted(run.callee) or last_name(run.callee) in _CHATTING
    return not chats and mentions(module.symbol(run.node), options["no_text_words"])


def _asks_for_no_text(text: str) -> bool:
    """Say whether code names the kinds of output it wants, which is needed for any other than text."""
    return mentions(text, ("response_modalities",)) or '"modalities":' in text or "modalities=" in text


def _tries_the_connection(name: str, options: Options) -> bool:
    found = words(name)
    if mentions(name, options["health_words"]):
        return True
    if len(found) < 2 or found[0] not in options["trying_words"]:
        return False
    return found[-1] in options["connection_words"] or options["service_words"].issuperset(found[1:])


def _stands_in_for_a_client(run: Run, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether the code is itself a client: a class Completions, or a method that passes all on to its namesake."""
    name = function.name.value
    if name == last_name(run.callee) and {arg.star for arg in run.arguments} == {"*", "**"}:
        return True
    owner = module.enclosing(function, cst.ClassDef)
    return (
        name in ("create", "acreate", "parse", "stream")
        and owner is not None
        and bool(set(words(owner.name.value)) & set(_CLIENT_PARTS))
    )


def _tells(call: cst.Call, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether `call` runs `function`, and the code behind it tells HiveBoard of the model call."""
    if last_name(call.func) != function.name.value or function not in functions_run(call.func, module):
        return False
    caller = module.function_of(call)
    if caller is None or caller is function:
        return False
    return any(
        dotted(later.func).endswith(".llm_call") and module.is_before(call, later)
        for later in module.below(statements(caller.body), cst.Call)
    )
