"""Tell whether an object is the chat model of a framework, or a pipe that has one in it."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Clue, Options
from hiveloop_scan.models.apis import ANSWER_OF_OBJECT, LANGCHAIN, Api
from hiveloop_scan.models.clients import Asked, imports_one_of
from hiveloop_scan.models.makers import Maker, makers_of
from hiveloop_scan.models.objects import CHAIN_METHODS, LANGCHAIN_METHODS, chat_model_methods
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import reference
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import last_name

_PIPE = "|"
_RUNS = {"invoke", "ainvoke", "stream", "astream", "batch", "abatch"}
_WITH_IMPORT = frozenset({"model"})
"""What a chat model is called too, in files that have to do with LangChain."""

_SAY_NOTHING = {"Any", "Optional", "Union", "None", "Annotated", "Runnable", "ClassVar"}
_PROOFS = {"bind_tools", "with_structured_output"}


def chat_model_asked_by(callee: cst.Attribute, module: ParsedModule, options: Options) -> Asked | None:
    """Return how ``callee(...)`` asks a framework's model object; None when nothing says that it does."""
    method = callee.attr.value
    makers = makers_of(callee.value, module)
    for maker in makers:
        methods = CHAIN_METHODS if _PIPE in maker.dressed else _methods_of(maker, options)
        if methods and method in methods and (_PIPE not in maker.dressed or _methods_of(maker, options)):
            fact = "pipe-holds-a-chat-model" if _PIPE in maker.dressed else "object-is-a-chat-model"
            return Asked(_counted(methods[method], maker), (fact,), makers=tuple(makers))
    imports = imports_one_of(options["framework_libraries"], module)
    if method not in LANGCHAIN_METHODS or not (imports or method in _RUNS):
        return None
    facts = []
    if any(maker.name in _PROOFS for maker in makers):
        facts.append("object-is-given-tools-or-a-schema")
    words_of_models = options["chat_model_words"] | (_WITH_IMPORT if imports else frozenset())
    if _is_named_like_one(callee.value, makers, words_of_models, options):
        facts.append("named-like-a-chat-model")
        if any(_hands_out_a_model(maker, options) for maker in makers):
            facts.append("made-by-what-is-named-for-a-model")
        if imports:
            facts.append("file-imports-the-framework")
    if not facts and _is_called_a_chain(callee.value, makers):
        facts.append("named-like-a-chain")
        if imports:
            facts.append("file-imports-the-framework")
    if not facts:
        return None
    streams = LANGCHAIN_METHODS[method].streams
    return Asked(Api(model_keys=(), streams=streams), tuple(facts), makers=tuple(makers))


def chat_model_clues(callee: cst.Attribute, module: ParsedModule) -> list[Clue]:
    """Return what a function of another file may say: that it is the one that asks the model."""
    target = reference(callee, module)
    return [Clue(target, "calls-a-model", "called-function-asks-the-model")] if target else []


def _methods_of(maker: Maker, options: Options) -> dict[str, Api] | None:
    if "_".join(words(maker.name.rpartition(".")[2])) in options["chat_model_makers"]:
        return LANGCHAIN_METHODS
    return chat_model_methods(maker.name)


def _counted(api: Api, maker: Maker) -> Api:
    """An answer counts its tokens when a chat model gave it, and nothing has parsed it."""
    structured = maker.dressed & {"with_structured_output", _PIPE}
    last = maker.name.rpartition(".")[2]
    if api is LANGCHAIN and (structured or not ("Chat" in last or last == "init_chat_model")):
        return ANSWER_OF_OBJECT
    return api


def _is_named_like_one(
    value: cst.BaseExpression, makers: list[Maker], words_of_models: frozenset[str], options: Options
) -> bool:
    """Say whether an object that nothing else is known of is called ``llm``, or a pipe has one that is."""
    if any(chat_model_methods(maker.name) or _is_class_of_others(maker.name) for maker in makers):
        return False
    names = [last_name(value), *(maker.name for maker in makers if not maker.known or maker.call is not None)]
    return any(_speaks_of(words_of_models, ".".join(name.split(".")[-2:]), options) for name in names)


def _is_class_of_others(name: str) -> bool:
    """Say whether a maker is a class that is known, and neither of LangChain nor one that says nothing."""
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    return last[:1].isupper() and not root.startswith("langchain") and root != "typing" and last not in _SAY_NOTHING


def _is_called_a_chain(value: cst.BaseExpression, makers: list[Maker]) -> bool:
    """Say whether an object that nothing else is known of is called a chain; most chains have a model in them."""
    return mentions(last_name(value), ("chain", "chains")) and not any("|" in maker.dressed for maker in makers)


def _hands_out_a_model(maker: Maker, options: Options) -> bool:
    """``get_llm()``, ``build_chat_model()``: a function that says that a model is what it gives."""
    name = maker.name.rpartition(".")[2]
    return maker.call is not None and not name[:1].isupper() and _speaks_of(options["chat_model_words"], name, options)


def _speaks_of(words_of_models: frozenset[str], name: str, options: Options) -> bool:
    return mentions(name, words_of_models) and not mentions(name, options["other_words"])
