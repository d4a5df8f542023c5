"""Signs of the SDK in a file that need no tracing of values: imports, annotations, names, what calls are given."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.references import functions_run
from hiveloop_scan.sdk.shapes import methods_called_on, text_of
from hiveloop_scan.sdk.signatures import Kind, methods_of
from hiveloop_scan.sdk.spelled import kind_spelled
from hiveloop_scan.syntax.tree import dotted, last_name

_CLASSES = {"hiveloop.Task": Kind.TASK, "hiveloop.Agent": Kind.AGENT, "hiveloop.HiveBoard": Kind.CLIENT}


def uses_sdk(module: ParsedModule) -> bool:
    """Say whether this file imports the SDK."""
    return any(origin.partition(".")[0] == "hiveloop" for origin in module.imports.values())


def is_imported(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a dotted name begins with something that was imported from another project than the SDK."""
    origin = module.imports.get(dotted(node).partition(".")[0], "")
    return "." in module.resolve(node) and bool(origin) and origin.partition(".")[0] != "hiveloop"


def arguments_for(param: cst.Param, function: cst.FunctionDef, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield what this file's calls of `function` give for `param`."""
    place = next((index for index, own in enumerate(parameters(function)) if own is param), -1)
    for call in module.nodes(cst.Call):
        if last_name(call.func) != function.name.value or function not in functions_run(call.func, module):
            continue
        for index, arg in enumerate(call.args):
            if arg.keyword.value == param.name.value if arg.keyword else index == place and not arg.star:
                yield arg.value


def kind_annotated(annotation: cst.BaseExpression, module: ParsedModule) -> Kind | None:
    """Return the kind that an annotation names, ``Optional[...]``, ``... | None`` and quoted ones included."""
    spelled = [module.resolve(part) for part in (*module.below(annotation, cst.Name, cst.Attribute),)]
    for text in module.below(annotation, cst.SimpleString):
        first, _, rest = (text_of(text) or "").partition(" ")[0].partition(".")
        origin = module.imports.get(first, first)
        spelled.append(f"{origin}.{rest}" if rest else origin)
    return next((_CLASSES[name] for name in spelled if name in _CLASSES), None)


def kind_of_name(name: str, module: ParsedModule) -> Kind | None:
    """Return what a name that speaks of HiveLoop holds: by its other words, else by what is called on it."""
    if kind := kind_spelled(name):
        return kind
    called = methods_called_on(name, module)
    for kind in (Kind.CLIENT, Kind.TASK):
        if called & methods_of(kind) - methods_of(Kind.AGENT):
            return kind
    return Kind.AGENT


def is_entered(value: cst.BaseExpression, module: ParsedModule) -> bool:
    return isinstance(module.parent(value), (cst.WithItem, cst.For, cst.CompFor))
