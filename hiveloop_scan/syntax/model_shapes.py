"""Shapes of code that asks a language model, told by the standard parser's tree."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.syntax.said_shapes import says
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, Signs, holding, like, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module

_WRITING = frozenset(
    {"create", "acreate", "parse", "stream", "create_with_completion", "create_partial", "create_iterable", "complete"}
)
_CHAINS = frozenset(
    {"completions", "asynccompletions", "responses", "messages", "with_raw_response", "with_streaming_response"}
)
_CHATTING = frozenset(
    {"complete", "complete_async", "parse", "parse_async", "stream", "stream_async", "parse_stream", "create"}
)
_TELLING = frozenset(
    {
        "generate_content", "generate_content_async", "generate_content_stream", "converse", "converse_stream",
        "invoke_model", "invoke_model_with_response_stream", "create_chat_completion", "acompletion", "completion",
        "text_completion", "aresponses", "chat_completion", "text_generation",
    }
)  # fmt: skip
_COMMON = frozenset({"chat", "generate", "responses", "chat_stream"})
_PROMPTS = frozenset({"messages", "prompt", "contents", "input", "inputs", "system", "preamble", "chat_history"})
_POSTS = frozenset({"post", "apost", "request", "stream", "urlopen", "fetch"})

_ADDRESS_BYTES = rb"/(?:completions|responses)|v1/messages|api/(?:chat|generate)|generatecontent"
_ADDRESS = re.compile(_ADDRESS_BYTES.decode(), re.IGNORECASE)


def has_model_call(unit: ast.AST) -> bool:
    """A chain of attributes as the clients of model providers have it; whether it is called does not count."""
    return any(map(_ends_a_chain, nodes(unit, ast.Attribute))) or any(map(_may_ask, nodes(unit, ast.Call)))


def _ends_a_chain(node: ast.Attribute) -> bool:
    if node.attr in _TELLING:
        return True
    holder = node.value.attr if isinstance(node.value, ast.Attribute) else ""
    return (node.attr in _WRITING and holder.lower() in _CHAINS) or (node.attr in _CHATTING and holder == "chat")


def _may_ask(call: ast.Call) -> bool:
    """``self.llm.chat(messages=...)``: a common method, called with a prompt or with what cannot be seen."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in _COMMON):
        return False
    return any(keyword.arg is None or keyword.arg in _PROMPTS for keyword in call.keywords) or any(
        isinstance(arg, ast.Starred) for arg in call.args
    )


def has_model_post(unit: ast.AST) -> bool:
    """A request that is sent."""
    return any(_called(node) in _POSTS for node in nodes(unit, ast.Call))


def _called(call: ast.Call) -> str:
    callee = call.func
    return callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""


_RUNNING = frozenset({"invoke", "ainvoke", "stream", "astream", "batch", "abatch"})


def has_chat_model_run(unit: ast.AST) -> bool:
    """A run of what is called a model, or is got as one: ``llm.invoke(...)``, ``get_llm().invoke(...)``."""
    return any(node.attr in _RUNNING and _speaks_of_a_model(node.value) for node in nodes(unit, ast.Attribute))


def _speaks_of_a_model(owner: ast.expr) -> bool:
    while isinstance(owner, (ast.Call, ast.Attribute, ast.Await, ast.Subscript)):
        if isinstance(owner, ast.Attribute):
            if _names_a_model(owner.attr):
                return True
            owner = owner.value
        elif isinstance(owner, ast.Call):
            owner = owner.func
        else:
            owner = owner.value
    return isinstance(owner, ast.Name) and _names_a_model(owner.id)


def _names_a_model(name: str) -> bool:
    lowered = name.lower()
    return (
        "llm" in lowered
        or "model" in lowered
        or "chain" in lowered
        or "with_structured_output" in lowered
        or "bind_tools" in lowered
    )


def runs_a_model_object(unit: Unit, words: Words, also: Words) -> bool:
    """A method that is called one of the words, of anything but the object that the code itself belongs to."""
    return any(node.attr in words and not _is_own(node.value) for node in nodes(unit, ast.Attribute))


def _is_own(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def hands_out_what_says(unit: Unit, words: Words, also: Words) -> bool:
    """Something is kept in an attribute or returned, in a function that says the words."""
    return hands_something_out(unit) and says(unit, words, also)


def is_called_so(unit: Unit, words: Words, also: Words) -> bool:
    """A function that is called one of the words: who calls it runs no model."""
    return any(node.name in words for node in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef))


def imports_inside(unit: Unit, words: Words, also: Words) -> bool:
    """An import that reads as the words: ``import_openai``."""
    modules = [f"{node.module}.{name.name}" for node in nodes(unit, ast.ImportFrom) for name in node.names]
    modules += [name.name for node in nodes(unit, ast.Import) for name in node.names]
    return any(speaks(words, f"import {module}") for module in modules)


def has_kept_chat_model(unit: ast.AST) -> bool:
    """What is called a model is kept in an attribute: ``self.llm = get_llm()``."""
    return any(map(_keeps_a_model, nodes(unit, ast.Assign, ast.AnnAssign)))


def _keeps_a_model(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Attribute) and _names_a_model(target.attr) for target in targets)


def runs_something(unit: ast.AST) -> bool:
    """A run of anything but the code's own object, in a file that gives tools or a schema to a model."""
    return any(node.attr in _RUNNING and not _is_own(node.value) for node in nodes(unit, ast.Attribute))


def hands_something_out(unit: ast.AST) -> bool:
    """Something is kept in an attribute or returned."""
    keeps = any(isinstance(node.ctx, ast.Store) for node in nodes(unit, ast.Attribute))
    return keeps or any(node.value is not None for node in nodes(unit, ast.Return))


def has_model_address(unit: ast.AST) -> bool:
    """A text that may be the address of a model."""
    return any(isinstance(text.value, str) and _ADDRESS.search(text.value) for text in nodes(unit, ast.Constant))


_MODEL = like("llm|model|chain|with_structured_output|bind_tools")
_PARTS_OF_AN_ADDRESS: Signs = [
    [whole("completions", "responses")],
    [whole("v1"), whole("messages")],
    [whole("api"), whole("chat", "generate")],
    [like("generatecontent")],
]
MODEL_SHAPES = {
    "model-call": Shape(
        has_model_call,
        [
            [whole(*_TELLING)],
            [whole(*_WRITING), whole(*_CHAINS)],
            [whole(*_CHATTING), whole("chat")],
            [whole(*_COMMON)],
        ],
    ),
    "post-to-a-model": Shape(has_model_post, [[whole(*_POSTS)]], in_file=_PARTS_OF_AN_ADDRESS),
    "model-address": Shape(has_model_address, _PARTS_OF_AN_ADDRESS, glance=holding(_ADDRESS_BYTES)),
    "chat-model-run": Shape(has_chat_model_run, [[whole(*_RUNNING), _MODEL]]),
    "keeps-a-chat-model": Shape(has_kept_chat_model, [[_MODEL]], text_in_file=rb"\bself\.\w*(?:llm|model)"),
    "run-beside-tools": Shape(
        runs_something, [[whole(*_RUNNING)]], in_file=[[whole("bind_tools", "with_structured_output")]]
    ),
    "hands-out": Shape(hands_something_out),
}
OBJECT_SHAPES = {
    "model-object-run": Shape(runs_a_model_object, [[WORDS, ALSO]]),
    "hands-out-what-says": Shape(hands_out_what_says, [[WORDS, ALSO]]),
    "function-called": Shape(is_called_so, [[WORDS, ALSO]]),
    "imports-inside": Shape(imports_inside, [[whole("import"), WORDS, ALSO]]),
}
"""Their tests are given the words of a need."""
