"""Replies of models in the form of parts: parsed, built of what was parsed, or read out of a structured reply."""

from __future__ import annotations

from functools import cache

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from
from hiveloop_scan.plans.nouns import last_noun
from hiveloop_scan.plans.planners import is_called_a_planner
from hiveloop_scan.plans.sources import asks_a_model, comes_from_a_model, is_parsed
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_STRUCTURED = {
    "response_model",
    "response_format",
    "output_type",
    "output_schema",
    "text_format",
    "output_cls",
    "schema",
}


def reply_facts(value: cst.BaseExpression, module: ParsedModule, options: Options) -> list[str]:
    """Return the facts of a value that a model replied, in the form of steps; none for text and anything else."""
    if isinstance(value, cst.Await):
        value = value.expression
    if isinstance(value, (cst.Name, cst.FormattedString, cst.SimpleString)):
        return []
    if not has_form(value, module, options):
        return []
    if not comes_from_a_model(value, module, options):
        return []
    facts = ["model-is-asked", "reply-becomes-steps"]
    if names_a_plan(_schema_of(value, module), options):
        facts.append("schema-is-a-plan")
    return facts


def has_parts_of_a_reply(items: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a collection holds parts of what a model replied, some assignments back; a stream holds none."""
    if isinstance(items, cst.Call) or not comes_from_a_model(items, module, options):
        return False
    forms = (cst.Call, cst.ListComp, cst.Attribute, cst.Subscript)
    return derives_from(items, module, lambda node: isinstance(node, forms) and has_form(node, module, options))


def names_a_plan(text: str, options: Options) -> bool:
    """Say whether words speak of a plan or its steps, and not of steps that are over."""
    return mentions(text, options["plan_names"]) and not mentions(text, options["past_words"])


def has_form(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value has parts: it is parsed, built of parsed parts, or read out of a structured reply."""
    nouns = nouns_of_plans(value, module, options)
    if isinstance(value, cst.Dict):
        return any(
            isinstance(item, cst.DictElement)
            and mentions(code(item.key), nouns)
            and not mentions(code(item.key), options["past_words"])
            and _is_read(item.value)
            for item in value.elements
        )
    if isinstance(value, (cst.ListComp, cst.List)):
        return True
    if isinstance(value, (cst.Attribute, cst.Subscript)):
        named = mentions(last_noun(value), nouns, ("parsed", "final_output", "output_parsed"))
        return named or any(is_parsed(call, options) for call in module.below(value.value, cst.Call))
    for call in module.below(value, cst.Call):
        name = last_name(call.func)
        if call is value and name == "get" and call.args and isinstance(call.args[0].value, cst.SimpleString):
            return True
        if is_parsed(call, options) or (name[:1].isupper() and mentions(name, options["plan_names"])):
            return True
        if _reads_steps_out(call, options):
            return True
        if asks_a_model(call, module, options) and (
            any(_is_schema(arg) for inner in _calls_in(call, module) for arg in inner.args)
            or mentions(dotted(call.func), ("structured", "structured_output"))
        ):
            return True
    return False


def nouns_of_plans(place: cst.CSTNode, module: ParsedModule, options: Options) -> frozenset[str]:
    """Return what steps are called; inside a function that makes a plan, sections and tasks are steps as well."""
    function = module.function_of(place)
    if function is not None and is_called_a_planner(function, module, options):
        return _together(options["plan_names"], options["part_names"], options["command_names"])
    return _together(options["plan_names"], options["command_names"])


@cache
def _together(*vocabularies: frozenset[str]) -> frozenset[str]:
    """Return one vocabulary of several, the same object each time."""
    return frozenset().union(*vocabularies)


def _reads_steps_out(call: cst.Call, options: Options) -> bool:
    """Say whether a function is named for reading steps out of what it is given: ``get_task_list(reply)``."""
    tokens = words(last_name(call.func))
    return (
        bool(call.args)
        and tokens[:1] != ()
        and tokens[0] in _READERS
        and mentions(last_name(call.func), options["plan_names"])
    )


_READERS = {"get", "read", "to", "collect", "find", "split", "convert", "build", "as"}


def _is_read(value: cst.BaseExpression) -> bool:
    return isinstance(value, (cst.Attribute, cst.Subscript, cst.Name, cst.Call))


def _is_schema(arg: cst.Arg) -> bool:
    """Say whether an argument asks for a form: ``response_model=Plan``, not ``response_format="mp3"``."""
    return bool(arg.keyword and arg.keyword.value in _STRUCTURED and not isinstance(arg.value, cst.SimpleString))


def _calls_in(call: cst.Call, module: ParsedModule) -> list[cst.Call]:
    return module.all_below(call, cst.Call)


def _schema_of(value: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the names of the classes that a value is built of, and of its own keys."""
    found = []
    for call in module.all_below(value, cst.Call):
        found += [last_name(arg.value) for arg in call.args if arg.keyword and arg.keyword.value in _STRUCTURED]
        found += [name for name in dotted(call.func).split(".") if name[:1].isupper()]
    found += [code(item.key) for item in module.below(value, cst.DictElement)]
    return " ".join(found)
