"""Find tools that a model picks, tracked under one name for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.sdk.tracked import is_about_telemetry, tracked_by
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.visitor import detector


@detector(cst.With, cst.FunctionDef)
def fixed_name_for_dynamic_tool(
    node: cst.With | cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[Match]:
    """``with agent.track_context("tool"): registry.execute(call.name, call.arguments)``."""
    call = tracked_by(node, module) if isinstance(node, cst.With) else _decorator(node, module)
    if call is None or len(texts_given(call.argument("action_name"), module)) != 1:
        return
    for inner in module.below(node.body, cst.Call):
        name = None if is_about_telemetry(inner, module) else _tool_named(inner, module, options)
        if name is not None and (isinstance(node, cst.With) or _is_parameter(name, node)):
            fixed = texts_given(call.argument("action_name"), module)[0]
            yield complaint(call, "tool-is-picked-at-run-time", fixed=fixed, name=short(name))
            return


def _decorator(function: cst.FunctionDef, module: ParsedModule) -> SdkCall | None:
    for decorator in function.decorators:
        call = sdk_call(decorator.decorator, module) if isinstance(decorator.decorator, cst.Call) else None
        if call is not None and call.method == "track":
            return call
    return None


def _tool_named(call: cst.Call, module: ParsedModule, options: Options) -> cst.BaseExpression | None:
    """Return the expression that names the tool which a call runs."""
    func = call.func
    if isinstance(func, cst.Subscript) and len(func.slice) == 1 and isinstance(func.slice[0].slice, cst.Index):
        given = func.slice[0].slice.value
        return given if mentions(dotted(func.value), options["tool_words"]) and dotted(given) else None
    if not mentions(last_name(func), options["run_words"]):
        return None
    for arg in call.args[:2]:
        if isinstance(arg.value, (cst.Name, cst.Attribute)) and _is_a_tools_name(dotted(arg.value), options):
            return arg.value
    return None


def _is_a_tools_name(name: str, options: Options) -> bool:
    """``tool_name``, ``call.name``, ``call.function.name``."""
    spoken = words(name)
    return spoken[-1:] == ("name",) and not options["tool_words"].isdisjoint(spoken)


def _is_parameter(name: cst.BaseExpression, function: cst.FunctionDef) -> bool:
    return dotted(name).partition(".")[0] in {param.name.value for param in parameters(function)}
