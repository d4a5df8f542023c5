"""Name the function that a call runs, in a form that holds across files.

``:Agent.fetch`` is a function of the same file, ``package.module.Agent.fetch`` or ``..module.fetch`` one that was
imported; "" is one that cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import dotted, statements

_OWN = ("self", "cls")


def reference(callee: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the reference of the function that ``callee(...)`` runs, or that a decorator names."""
    if isinstance(callee, cst.Call):
        callee = callee.func
    if isinstance(callee, cst.Name):
        return module.imports.get(callee.value) or next(_defined(callee.value, module), "")
    if not isinstance(callee, cst.Attribute):
        return ""
    owner = dotted(callee.value)
    if owner.partition(".")[0] in module.imports:
        return module.resolve(callee)
    if owner in _OWN:
        return _method(module.enclosing(callee, cst.ClassDef), callee.attr.value, module)
    kind = _class_of(callee.value, module)
    return f"{kind}.{callee.attr.value}" if kind else ""


def own_reference(callee: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the reference of what ``callee(...)`` runs, also where its function was left out when the file was cut.

    A plain name or a method of self that is found nowhere is taken for one of this file.
    """
    if found := reference(callee, module):
        return found
    if isinstance(callee, cst.Name):
        return f":{callee.value}"
    if isinstance(callee, cst.Attribute) and dotted(callee.value) in _OWN:
        around = module.enclosing(callee, cst.ClassDef)
        return f":{module.symbol(around)}.{callee.attr.value}" if around else ""
    return ""


def functions_run(callee: cst.BaseExpression, module: ParsedModule) -> list[cst.FunctionDef]:
    """Return the functions of this file that ``callee(...)`` runs: at most one, but for names defined twice."""
    target = reference(callee, module)
    if not target.startswith(":"):
        return []
    named = module.functions.get(target.rpartition(".")[2].lstrip(":"), ())
    return [function for function in named if module.symbol(function) == target[1:]]


def _defined(name: str, module: ParsedModule) -> Iterator[str]:
    """Yield the references of plain functions called `name`; a method is not reached by its plain name."""
    for function in module.functions.get(name, ()):
        if not isinstance(module.enclosing(function, cst.ClassDef, cst.FunctionDef), cst.ClassDef):
            yield f":{module.symbol(function)}"


def _method(owner: cst.ClassDef | None, name: str, module: ParsedModule) -> str:
    """Return the reference of a method, looked up in the class, then in its bases of this file, then elsewhere."""
    seen: set[str] = set()
    pending = [owner] if owner else []
    elsewhere = ""
    while pending:
        current = pending.pop(0)
        if module.symbol(current) in seen:
            continue
        seen.add(module.symbol(current))
        if any(isinstance(item, cst.FunctionDef) and item.name.value == name for item in statements(current.body)):
            return f":{module.symbol(current)}.{name}"
        for base in current.bases:
            origin = module.resolve(base.value)
            here = module.classes.get(origin, [])
            pending += here
            if not here and origin and not elsewhere:
                elsewhere = f"{origin}.{name}"
    return elsewhere


def _class_of(value: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the reference of the class of a parameter with an annotation, or of what was made by calling it."""
    name = dotted(value)
    function = module.function_of(value)
    if isinstance(value, cst.Name) and function is not None:
        for param in (*function.params.params, *function.params.kwonly_params):
            if param.name.value == name and param.annotation:
                return _class_named(param.annotation.annotation, module)
    scope = module.enclosing(value, cst.ClassDef) if name.startswith("self.") else function
    if not name or scope is None:
        return ""
    for assign in module.all_below(scope, cst.Assign):
        if isinstance(assign.value, cst.Call) and any(dotted(target.target) == name for target in assign.targets):
            return _class_named(assign.value.func, module)
    for annotated in module.all_below(scope, cst.AnnAssign):
        if dotted(annotated.target) in (name, name.removeprefix("self.")):
            return _class_named(annotated.annotation.annotation, module)
    return ""


def _class_named(node: cst.BaseExpression, module: ParsedModule) -> str:
    origin = module.resolve(node)
    last = origin.rpartition(".")[2]
    if not last[:1].isupper():
        return ""
    return f":{origin}" if origin in module.classes else origin
