"""What a model is asked with: keyword arguments, also those that a dictionary brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.tree import dotted, last_name

_PROMPTS = {"messages", "prompt", "contents", "input", "system", "inputs", "preamble", "chat_history"}
_SETTINGS = {"model", "modelId", "max_tokens", "temperature", "max_output_tokens", "instructions", "top_p", "tools"}


@dataclass(frozen=True)
class Arguments:
    """The keyword arguments of a call.

    `packed` maps a key of a dictionary to the expression that reads it, ``params["model"]``, and `values` to what it
    was written with; `later` holds keys that such a dictionary may get after that; `complete`: there are no others.
    """

    plain: dict[str, cst.BaseExpression]
    packed: dict[str, str]
    values: dict[str, cst.BaseExpression]
    later: frozenset[str]
    complete: bool

    def has_prompt(self) -> bool:
        """Say whether the model is given something to answer to."""
        return bool(_PROMPTS & self.names())

    def has_settings(self) -> bool:
        """Say whether the model, or how it shall answer, is named."""
        return bool(_SETTINGS & self.names())

    def names(self) -> set[str]:
        """Return every keyword that is known to be given."""
        return {*self.plain, *self.values, *self.later}

    def value(self, key: str) -> cst.BaseExpression | None:
        """Return the expression that a keyword is given, wherever it stands."""
        return self.plain.get(key) or self.values.get(key)


def arguments_of(given: Sequence[cst.Arg], module: ParsedModule) -> Arguments:
    """Read the arguments of a call."""
    plain: dict[str, cst.BaseExpression] = {}
    packed: dict[str, str] = {}
    values: dict[str, cst.BaseExpression] = {}
    later: set[str] = set()
    complete = True
    for arg in given:
        if arg.keyword is not None:
            plain[arg.keyword.value] = arg.value
        elif arg.star == "**":
            entries, whole = _entries(arg.value, module)
            complete = complete and whole
            holder = dotted(arg.value) if isinstance(arg.value, (cst.Name, cst.Attribute)) else ""
            later |= _keys_set(holder, arg.value, module) if holder else set()
            for key, value in entries.items():
                values[key] = value
                if holder:
                    packed[key] = f'{holder}["{key}"]'
        elif arg.star:
            complete = False
    return Arguments(plain, packed, values, frozenset(later), complete)


def entries_of(value: cst.BaseExpression, module: ParsedModule) -> dict[str, cst.BaseExpression]:
    """Return the keys and values that a dictionary is written with, in place or where its name is bound."""
    return _entries(value, module)[0]


def _entries(value: cst.BaseExpression, module: ParsedModule) -> tuple[dict[str, cst.BaseExpression], bool]:
    if isinstance(value, cst.Dict):
        return _written(value)
    if isinstance(value, cst.Call) and last_name(value.func) == "dict":
        return {arg.keyword.value: arg.value for arg in value.args if arg.keyword}, not any(a.star for a in value.args)
    name = dotted(value) if isinstance(value, (cst.Name, cst.Attribute)) else ""
    bound = values_of(name, value, module) if name else []
    if len(bound) != 1 or isinstance(bound[0], (cst.Name, cst.Attribute)):
        return {}, False
    entries, whole = _entries(bound[0], module)
    return entries, whole and not _is_changed(name, value, module)


def _written(value: cst.Dict) -> tuple[dict[str, cst.BaseExpression], bool]:
    found: dict[str, cst.BaseExpression] = {}
    whole = True
    for element in value.elements:
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            key = element.key.evaluated_value
            if isinstance(key, str):
                found[key] = element.value
        else:
            whole = False
    return found, whole


def _keys_set(name: str, place: cst.CSTNode, module: ParsedModule) -> set[str]:
    """Return the keys that the function around `place` gives to a dictionary one by one."""
    function = module.function_of(place)
    found = set()
    for target in module.below(function.body if function else module.tree, cst.AssignTarget):
        place_set = target.target
        if isinstance(place_set, cst.Subscript) and dotted(place_set) == name and len(place_set.slice) == 1:
            index = place_set.slice[0].slice
            if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
                found.add(str(index.value.evaluated_value))
    return found


def _is_changed(name: str, place: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a dictionary gets more keys after it was written."""
    function = module.function_of(place)
    root: cst.CSTNode = function.body if function else module.tree
    for target in module.below(root, cst.AssignTarget):
        if isinstance(target.target, cst.Subscript) and dotted(target.target) == name:
            return True
    return any(dotted(call.func) in (f"{name}.update", f"{name}.setdefault") for call in module.below(root, cst.Call))
