"""Where a value is kept, and whether it is still there when the call has ended."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.syntax.tree import dotted

_OWN = ("self", "cls")
_CONTAINERS = (cst.Dict, cst.List, cst.Set, cst.Tuple, cst.DictComp, cst.ListComp)


def outlives_the_call(place: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether what `place` (a name, attribute or subscript) holds lasts longer than the function's call."""
    while isinstance(place, cst.Subscript):
        place = place.value
    if isinstance(place, cst.Call):
        return False
    owner = dotted(place).partition(".")[0]
    if owner in _OWN:
        return dotted(place) not in _OWN
    if isinstance(place, cst.Attribute):
        return not _is_made_here(owner, place, module)
    return isinstance(place, cst.Name) and (is_declared_outside(place, module) or _is_global(place, module))


def is_declared_outside(name: cst.Name, module: ParsedModule) -> bool:
    """Say whether the function around `name` says that it belongs to the module or to an outer function."""
    function = module.function_of(name)
    if function is None:
        return False
    said = module.below(function.body, cst.Global, cst.Nonlocal)
    return any(item.name.value == name.value for statement in said for item in statement.names)


def _is_global(name: cst.Name, module: ParsedModule) -> bool:
    """Say whether a name that the function itself does not bind is one of the module."""
    function = module.function_of(name)
    if function is None or name.value in {param.name.value for param in parameters(function)}:
        return False
    if values_of(name.value, name, module):
        return False
    return name.value in module_names(module) or _is_of_an_outer_function(name, function, module)


def _is_of_an_outer_function(name: cst.Name, inner: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether a function around the one that reads `name` binds it: it lives as long as that one."""
    outer = module.enclosing(inner, cst.FunctionDef)
    while outer is not None:
        if values_of(name.value, outer.body, module):
            return True
        outer = module.enclosing(outer, cst.FunctionDef)
    return False


def module_names(module: ParsedModule) -> set[str]:
    """Return the plain names that the module itself gives a value."""
    return set(_assigned(module))


def _assigned(module: ParsedModule) -> Iterator[str]:
    for assign in module.below(module.tree, cst.Assign):
        yield from (dotted(target.target) for target in assign.targets)
    for annotated in module.below(module.tree, cst.AnnAssign):
        yield dotted(annotated.target)


def _is_made_here(owner: str, place: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether the function makes the object itself: a container, or an object of a class."""
    made = values_of(owner, place, module)
    return any(isinstance(value, _CONTAINERS) or _makes_an_object(value) for value in made)


def _makes_an_object(value: cst.BaseExpression) -> bool:
    name = dotted(value).rpartition(".")[2]
    return isinstance(value, cst.Call) and name[:1].isupper() and not name.isupper()
