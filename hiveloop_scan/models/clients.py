"""Tell which API of a provider a call uses, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.models.apis import (
    CERTAIN_CHAINS,
    FUNCTIONS,
    LIKELY_CHAINS,
    LIKELY_METHODS,
    OLLAMA,
    WRAPPED,
    Api,
)
from hiveloop_scan.models.arguments import Arguments
from hiveloop_scan.models.makers import Maker, makers_of
from hiveloop_scan.models.objects import CLIENT_METHODS, client_methods
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import dotted

_OTHER_OWNERS = {
    "threads",
    "twilio",
    "agents",
    "channels",
    "conversations",
    "gmail",
    "slack",
    "batches",
    "assistants",
    "images",
}
_FUNCTION_LIBRARIES = frozenset({"litellm", "ollama", "dashscope"})
_OWN = ("self", "cls", "super", "")
_CLIENTS = ("client", "clients")
_TRANSPARENT = {"beta", "tools", *WRAPPED}
_COMMON_METHODS = {
    "responses", "chat", "chat_stream", "generate", "completion", "text_completion", "aresponses", "acompletion",
    "chat_completion", "text_generation",
}  # fmt: skip
"""Methods that projects give to models of their own as well: the object has to name a provider."""

_OF_MODEL_OBJECTS = {"generate_content", "generate_content_async", "generate_content_stream"}
_LIBRARIES_OF_MODEL_OBJECTS = frozenset({"google.generativeai", "vertexai"})
"""Only objects of these have such methods themselves; models of frameworks that wrap others are called the same."""


@dataclass(frozen=True)
class Asked:
    """An API that a call uses; `wrapped`: the answer is an HTTP response; `makers`: where the object comes from."""

    api: Api
    facts: tuple[str, ...]
    wrapped: bool = False
    makers: tuple[Maker, ...] = ()


def asked_by(callee: cst.BaseExpression, arguments: Arguments, module: ParsedModule, options: Options) -> Asked | None:
    """Return the API of a provider that ``callee(...)`` uses; None for any other call."""
    if isinstance(callee, cst.Name) and callee.value not in module.imports:
        asked = _through_a_name(callee, arguments, module, options)
        return asked or (_kept_function(callee, module) if _imports_functions(module) else None)
    name = module.resolve(callee)
    _, handed_on, rest = name.rpartition(".litellm.")  # a module of the project that imports it late, and hands it on
    known = f"litellm.{rest}" if handed_on else name
    if known in FUNCTIONS:
        return Asked(FUNCTIONS[known], ("function-of-a-model-library",))
    if not isinstance(callee, cst.Attribute):
        return None
    if name.startswith("self.") and name.count(".") == 1 and _imports_functions(module):
        return _kept_function(callee, module)
    return _certain(name) or _of_object(callee, module) or _likely(callee, name, arguments, module, options)


def _through_a_name(callee: cst.Name, arguments: Arguments, module: ParsedModule, options: Options) -> Asked | None:
    """``create = client.messages.create``, then ``create(...)``."""
    bound = [value for value in values_of(callee.value, callee, module) if isinstance(value, cst.Attribute)]
    return next((asked for value in bound if (asked := asked_by(value, arguments, module, options))), None)


def _kept_function(callee: cst.BaseExpression, module: ParsedModule) -> Asked | None:
    """``self._ask = partial(litellm.completion, model=...)``, then ``self._ask(...)`` somewhere in the class."""
    for maker in makers_of(callee, module):
        given = maker.call.args[0].value if maker.name.endswith("partial") and maker.call and maker.call.args else None
        name = module.resolve(given) if given is not None else "" if maker.call else maker.name
        if name in FUNCTIONS:
            return Asked(FUNCTIONS[name], ("function-of-a-model-library",))
    return None


def _chain_of(name: str) -> tuple[list[str], bool]:
    parts = name.split(".")
    return [part for part in parts if part not in _TRANSPARENT], bool(WRAPPED.intersection(parts))


def _certain(name: str) -> Asked | None:
    parts, wrapped = _chain_of(name)
    api = CERTAIN_CHAINS.get((parts[-3], parts[-2]), {}).get(parts[-1]) if len(parts) > 2 else None
    return Asked(api, ("chain-of-a-model-client",), wrapped) if api else None


def _of_object(callee: cst.Attribute, module: ParsedModule) -> Asked | None:
    """Return the API of an object that was made by a class of a model library."""
    method = callee.attr.value
    if method not in CLIENT_METHODS:
        return None
    makers = makers_of(callee.value, module)
    for maker in makers:
        methods = client_methods(maker.name)
        if methods and method in methods:
            return Asked(methods[method], ("object-of-a-model-library",), makers=tuple(makers))
    return None


def _likely(
    callee: cst.Attribute, name: str, arguments: Arguments, module: ParsedModule, options: Options
) -> Asked | None:
    parts, wrapped = _chain_of(name)
    owner, noun, method = ".".join(parts[:-1]), parts[-2] if len(parts) > 1 else "", parts[-1]
    if owner in _OWN or _OTHER_OWNERS.intersection(parts):
        return None
    chain = LIKELY_CHAINS.get(noun, {}).get(method)
    api = chain or LIKELY_METHODS.get(method)
    if api is None or (chain and len(parts) < 3 and parts[0] in ("chat", "messages", "responses")):
        return None
    provider = mentions(owner, options["provider_words"])
    if method in _COMMON_METHODS and chain is None:
        if not provider or mentions(noun, options["any_model_words"]):
            return None
        if arguments.complete and not arguments.has_prompt():
            return None
        api = OLLAMA if mentions(owner, ("ollama",)) else api
    legacy = chain is None and method in _OF_MODEL_OBJECTS
    names = options["provider_words"] | (frozenset() if legacy else options["any_model_words"])
    facts = ["called-like-a-model-client"]
    if mentions(owner, names) or _is_handed_out(callee.value, module, options):
        facts.append("owner-names-a-provider")
    elif mentions(module.symbol(callee), names):
        facts.append("function-names-a-provider")
    if arguments.has_prompt() and arguments.has_settings():
        facts.append("passes-a-model-and-a-prompt")
    elif arguments.has_prompt() or arguments.has_settings():
        facts.append("passes-a-model-or-a-prompt")
    if mentions(owner, _CLIENTS) and (arguments.has_prompt() or not arguments.complete):
        facts.append("owner-is-called-a-client")
    if imports_one_of(_LIBRARIES_OF_MODEL_OBJECTS if legacy else options["provider_libraries"], module):
        facts.append("file-imports-a-model-library")
    return Asked(api, tuple(facts), wrapped) if len(facts) > 1 else None


def _is_handed_out(owner: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a variable is bound to what names a provider: ``client = get_bedrock_client()``."""
    bound = values_of(owner.value, owner, module) if isinstance(owner, cst.Name) else []
    return any(mentions(dotted(value), options["provider_words"]) for value in bound)


def _imports_functions(module: ParsedModule) -> bool:
    return imports_one_of(_FUNCTION_LIBRARIES, module)


def imports_one_of(libraries: frozenset[str], module: ParsedModule) -> bool:
    """Say whether the file imports one of the `libraries`, or something out of one."""
    return not libraries.isdisjoint(module.packages)
