"""What makes a value a setting of the agent: its name, where it comes from, and what is said when it is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.environment import is_read_from_the_environment, reads_the_environment
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, parameters, values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name

VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b")
_NOTHING_SET = re.compile(
    r"\bno\b[^.;:]{1,40}?\b(?:configured|set|specified|registered|defined|provided|supplied|authorized|api.?keys?|credentials)\b"
    r"|\bno\b[^.;:]{0,40}?\b(?:token|key|secret|password|url|webhook|endpoint|callback)s?\s+(?:found|available|given|in)\b",
    re.IGNORECASE,
)


def subject_facts(missing: Sequence[cst.BaseExpression], module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what the missing values are."""
    if any(comes_from_the_environment(value, module) for value in missing):
        yield "value-comes-from-the-environment"
    if any(is_read_from_the_environment(value, module) for value in missing):
        yield "value-is-one-of-the-environment"
    taken = any(_is_taken_from_settings(value, module, options) for value in missing)
    if taken:
        yield "value-comes-from-settings"
    if any(is_a_setting(value, module, options) for value in missing):
        yield "name-of-a-setting"
    elif _is_an_argument(missing[0], module):
        yield "argument-of-the-call"
    if any(_is_a_switch(value, module) for value in missing):
        yield "is-a-switch"
    if any(_is_an_own_part(value, options) for value in missing):
        yield "component-of-an-object"
    if any(_is_an_item(value, module) for value in missing):
        yield "part-of-an-item"
    if not taken and any(
        derives_from(value, module, lambda part: _is_a_message(part, options), 3) for value in missing
    ):
        yield "comes-with-a-message"


def text_facts(said: str, options: Options) -> Iterator[str]:
    """Yield what is said when the values are missing."""
    if VARIABLE.search(said):
        yield "text-names-a-variable"
    if mentions(said, options["unset_words"]) or _NOTHING_SET.search(said):
        yield "text-says-that-it-is-not-set"
    elif mentions(said, options["missing_words"]):
        yield "text-says-that-it-is-missing"
    if mentions(said, options["configuration_words"]):
        yield "text-speaks-of-configuration"
    if any(" " in line and mentions(line, options["answer_words"]) for line in said.splitlines()):
        yield "comes-with-a-message"
    if mentions(said, options["package_words"]):
        yield "speaks-of-a-package"


def is_a_setting(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is named like a setting, or belongs to an object that holds settings."""
    owner, _, name = dotted(value).rpartition(".")
    if mentions(name, options["setting_words"]) or mentions(owner, options["settings_words"]):
        return True
    keys = module.below(value, cst.SimpleString)
    return isinstance(value, (cst.Call, cst.Subscript)) and any(
        mentions(key.raw_value, options["setting_words"]) for key in keys
    )


def comes_from_settings(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value was taken, some assignments back, from an object that holds settings."""
    return derives_from(
        value,
        module,
        lambda part: isinstance(part, (cst.Name, cst.Attribute)) and mentions(dotted(part), options["settings_words"]),
    )


def _is_a_switch(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a value is on or off, and off is nothing amiss: ``os.environ.get("QUIET") == "1"``."""
    bound = values_of(value.value, value, module) if isinstance(value, cst.Name) else []
    return bool(bound) and all(isinstance(made, cst.Comparison) for made in bound)


def _is_taken_from_settings(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value was looked up in an object that holds settings: ``get_settings().get("BOT.TOKEN")``."""
    taken = values_of(value.value, value, module) if isinstance(value, cst.Name) else [value]
    return any(
        isinstance(call, cst.Call)
        and last_name(call.func) in ("get", "getattr", "get_secret")
        and mentions(dotted(call.func), options["settings_words"])
        for call in taken
    )


def comes_from_the_environment(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a value was read from the environment, in the function or where the module gives it a value."""
    if derives_from(value, module, reads_the_environment, 3):
        return True
    if not isinstance(value, cst.Name):
        return False
    for assign in module.below(module.tree, cst.Assign):
        if any(dotted(target.target) == value.value for target in assign.targets):
            return any(reads_the_environment(call) for call in module.below(assign.value, cst.Call, cst.Subscript))
    return False


def _is_a_message(node: cst.CSTNode, options: Options) -> bool:
    name = last_name(node.func if isinstance(node, cst.Call) else node)
    return isinstance(node, (cst.Name, cst.Attribute, cst.Call)) and mentions(name, options["message_words"])


def _is_an_argument(value: cst.BaseExpression, module: ParsedModule) -> bool:
    function = module.function_of(value)
    if function is None or isinstance(value, cst.Attribute):
        return False
    return dotted(value).partition(".")[0] in {param.name.value for param in parameters(function)}


def _is_an_own_part(value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a value is a component of an object: ``self.vector_db``, ``context.handler``."""
    return isinstance(value, cst.Attribute) and mentions(value.attr.value, options["component_words"])


def _is_an_item(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a value belongs to the item of a loop around it."""
    loop = module.enclosing(value, cst.For, cst.FunctionDef)
    return isinstance(loop, cst.For) and bool(module.names_in(value) & module.names_in(loop.target))


def appended_texts(value: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the texts that the function around `value` appends to it: the names of what is missing."""
    function = module.function_of(value)
    if function is None or not isinstance(value, cst.Name):
        return ""
    calls = [
        call
        for call in module.below(function.body, cst.Call)
        if last_name(call.func) in ("append", "extend") and dotted(call.func).partition(".")[0] == value.value
    ]
    return " ".join(code(arg.value) for call in calls for arg in call.args)
