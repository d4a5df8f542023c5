"""What this file puts where: into attributes, globals, registries and context variables."""

from __future__ import annotations

from collections import defaultdict

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.tree import dotted

_Values = dict[str, list[cst.BaseExpression]]


def attribute_values(name: str, place: cst.CSTNode, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what attributes called `name` are given: in the class around `place`, else anywhere in the file."""
    around = module.enclosing(place, cst.ClassDef)
    own = module.once(_attributes, around).get(name, []) if around else []
    return own or module.once(_attributes, module.tree).get(name, [])


def global_values(name: str, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a name of the module is bound to, also by functions that declare it global."""
    found = list(values_of(name, module.tree, module))
    for statement in module.nodes(cst.Global):
        if any(item.name.value == name for item in statement.names):
            found += values_of(name, statement, module)
    return found


def stored_values(name: str, place: cst.CSTNode, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return the values that this file stores under keys of the container called `name`."""
    if not name:
        return []
    last = name.rpartition(".")[2]
    found = list(module.once(_entries, module.tree).get(last, []))
    held = [*values_of(name, place, module), *values_of(name, module.tree, module)]
    if "." in name:
        held += attribute_values(last, place, module)
    for value in held:
        if isinstance(value, cst.Dict):
            found += [item.value for item in value.elements]
        elif isinstance(value, cst.DictComp):
            found.append(value.value)
    return found


def set_values(name: str, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what ``name.set(...)`` is given anywhere in this file: the values of a context variable."""
    return module.once(_set, module.tree).get(name, [])


def _attributes(root: cst.CSTNode, module: ParsedModule) -> _Values:
    found: _Values = defaultdict(list)
    for assign in module.all_below(root, cst.Assign):
        for target in assign.targets:
            if isinstance(target.target, cst.Attribute):
                found[target.target.attr.value].append(assign.value)
    for annotated in module.all_below(root, cst.AnnAssign):
        if annotated.value is not None and isinstance(annotated.target, cst.Attribute):
            found[annotated.target.attr.value].append(annotated.value)
    for item in module.all_below(root, cst.WithItem):
        if item.asname is not None and isinstance(item.asname.name, cst.Attribute):
            found[item.asname.name.attr.value].append(item.item)
    return dict(found)


def _entries(root: cst.CSTNode, module: ParsedModule) -> _Values:
    found: _Values = defaultdict(list)
    for assign in module.nodes(cst.Assign):
        for target in assign.targets:
            if isinstance(target.target, cst.Subscript):
                found[dotted(target.target.value).rpartition(".")[2]].append(assign.value)
    return dict(found)


def _set(root: cst.CSTNode, module: ParsedModule) -> _Values:
    found: _Values = defaultdict(list)
    for call in module.nodes(cst.Call):
        owner, _, method = dotted(call.func).rpartition(".")
        if method == "set" and owner and len(call.args) == 1:
            found[owner].append(call.args[0].value)
    return dict(found)
