"""Requests that are sent to the address of a model without a client library."""

from __future__ import annotations

import re

import libcst as cst

from hiveloop_scan.models.arguments import entries_of
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_SENDS = {"post", "apost", "request", "stream", "urlopen", "fetch"}
_SERVERS = {"app", "router", "server", "blueprint", "api_router", "mock", "respx", "responses", "aioresponses"}
_CERTAIN = re.compile(
    r"/chat/completions\b|:(stream)?[gG]enerateContent\b|anthropic\.com/v1/messages\b|openai\.com/v1/(responses|completions)\b"
)
_LIKELY = re.compile(r"/api/(chat|generate)\b(?!/)|/v1/(completions|messages|responses)\b|/(completions|responses)/?$")
_PAYLOADS = ("json", "data", "content", "body")
_PROMPTS = {"messages", "prompt", "contents", "input"}
_MOST_STEPS = 4


def endpoint_facts(call: cst.Call, module: ParsedModule) -> list[str]:
    """Return the facts that speak for a request to a model; none for other calls."""
    if last_name(call.func) not in _SENDS or isinstance(module.parent(call), cst.Decorator):
        return []
    owner = dotted(call.func).rpartition(".")[0].rpartition(".")[2]
    if owner in _SERVERS or not call.args:
        return []
    texts = [text for arg in call.args[:2] if _may_be_address(arg) for text in _texts_of(arg.value, module)]
    facts = []
    if any(_CERTAIN.search(text) for text in texts):
        facts.append("posts-to-the-address-of-a-model")
    elif any(_LIKELY.search(text) for text in texts):
        facts.append("posts-to-what-may-be-a-model")
    if facts and _sends_a_prompt(call, module):
        facts.append("sends-a-prompt")
    return facts


def _may_be_address(arg: cst.Arg) -> bool:
    return arg.keyword is None or arg.keyword.value in ("url", "path", "endpoint", "req", "request")


def _sends_a_prompt(call: cst.Call, module: ParsedModule) -> bool:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in _PAYLOADS:
            values: list[cst.BaseExpression] = [arg.value]
            values += [inner.value for dump in module.below(arg.value, cst.Call) for inner in dump.args[:1]]
            if any(_PROMPTS & entries_of(value, module).keys() for value in values):
                return True
            if any(_PROMPTS & entries_of(bound, module).keys() for value in values for bound in _bound(value, module)):
                return True
    return False


def _bound(value: cst.BaseExpression, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a name is bound to, and what that is dumped from: ``body = json.dumps({...}).encode()``."""
    found = values_of(dotted(value), value, module) if isinstance(value, (cst.Name, cst.Attribute)) else []
    dumped = [arg.value for item in found for call in module.below(item, cst.Call) for arg in call.args[:1]]
    return [*found, *dumped]


def _texts_of(value: cst.BaseExpression, module: ParsedModule) -> list[str]:
    """Return the literal texts that an address is put together from."""
    found: list[str] = []
    seen: set[int] = set()
    pending: list[tuple[cst.CSTNode, int]] = [(value, _MOST_STEPS)]
    while pending:
        node, left = pending.pop(0)
        if id(node) in seen or left == 0:
            continue
        seen.add(id(node))
        found += [module.text(text) for text in module.below(node, cst.SimpleString)]
        found += [module.text(text) for text in module.below(node, cst.FormattedString)]
        names: list[cst.Name | cst.Attribute] = [*module.below(node, cst.Attribute), *module.below(node, cst.Name)]
        pending += [(inner, left - 1) for name in names for inner in _sources(name, module)]
    return [text.strip("\"'") for text in found]


def _sources(name: cst.Name | cst.Attribute, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a name or an attribute of the class stands for, in the function, its class, or the module."""
    text = dotted(name)
    if isinstance(name, cst.Attribute):
        return _kept(name, module) if text.startswith(("self.", "cls.")) and text.count(".") == 1 else []
    function = module.function_of(name)
    bound = values_of(text, name, module)
    if function is not None and not bound:
        bound = [param.default for param in parameters(function) if param.name.value == text and param.default]
        bound = bound or values_of(text, module.tree, module)
    return bound


def _kept(attribute: cst.Attribute, module: ParsedModule) -> list[cst.BaseExpression]:
    owner = module.enclosing(attribute, cst.ClassDef)
    if owner is None:
        return []
    plain = attribute.attr.value
    found = [
        value
        for item in statements(owner.body)
        if isinstance(item, cst.FunctionDef)
        for value in values_of(f"self.{plain}", item.body, module)
    ]
    for item in statements(owner.body):
        if isinstance(item, cst.Assign) and any(dotted(target.target) == plain for target in item.targets):
            found.append(item.value)
        if isinstance(item, cst.AnnAssign) and dotted(item.target) == plain and item.value is not None:
            found.append(item.value)
    return found
