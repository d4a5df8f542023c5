"""What made an object: followed through variables, attributes, parameters and one function of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings, parameters, values_of
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_MOST_STEPS = 6
_DRESSED = {
    "bind_tools", "with_structured_output", "bind", "with_config", "with_retry", "with_fallbacks", "with_options",
    "bind_functions", "with_types", "configurable_fields",
}  # fmt: skip
"""Methods that hand out the same object with other settings."""

_DOTTED = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(frozen=True)
class Maker:
    """What an object comes from: the full name of a class, function or annotation, the call if there is one.

    `dressed` holds the methods that changed its settings on the way, and "|" when it became part of a pipe.
    `known` is False where the search ended at a name that nothing in the file binds.
    """

    name: str
    call: cst.Call | None = None
    dressed: frozenset[str] = frozenset()
    known: bool = True


def makers_of(value: cst.BaseExpression, module: ParsedModule) -> list[Maker]:
    """Return everything that `value` may have been made by, as far as this file tells."""
    found: list[Maker] = []
    seen: set[int] = set()
    pending: list[tuple[cst.CSTNode, frozenset[str], int]] = [(value, frozenset(), _MOST_STEPS)]
    while pending:
        node, dressed, left = pending.pop(0)
        if id(node) in seen or left == 0:
            continue
        seen.add(id(node))
        for item in _one_step(node, module):
            if isinstance(item, Maker):
                found.append(replace(item, dressed=dressed | item.dressed))
            else:
                inner, how = item
                pending.append((inner, dressed | how, left - 1))
    return found


_Step = Maker | tuple[cst.CSTNode, frozenset[str]]
_PLAIN: frozenset[str] = frozenset()


def _one_step(node: cst.CSTNode, module: ParsedModule) -> Iterator[_Step]:
    if isinstance(node, cst.Await):
        yield node.expression, _PLAIN
    elif isinstance(node, cst.BooleanOperation):
        yield from ((side, _PLAIN) for side in (node.left, node.right))
    elif isinstance(node, cst.IfExp):
        yield from ((side, _PLAIN) for side in (node.body, node.orelse))
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        yield from ((side, frozenset({"|"})) for side in (node.left, node.right))
    elif isinstance(node, cst.Call):
        yield from _of_call(node, module)
    elif isinstance(node, cst.Name):
        yield from _of_name(node, module)
    elif isinstance(node, cst.Attribute):
        yield from _of_attribute(node, module)


def _of_call(call: cst.Call, module: ParsedModule) -> Iterator[_Step]:
    method = last_name(call.func)
    if isinstance(call.func, cst.Attribute) and method in _DRESSED:
        yield Maker(method, call, frozenset({method}))
        yield call.func.value, frozenset({method})
        return
    functions = functions_run(call.func, module)
    for function in functions:
        yield from _of_function(function, module)
    if not functions:
        yield Maker(module.resolve(call.func), call)


def _of_function(function: cst.FunctionDef, module: ParsedModule) -> Iterator[_Step]:
    """What a function hands out: by its annotation, else by what it returns."""
    if function.returns is not None:
        yield from _of_annotation(function.returns, module)
    for answer in module.below(statements(function.body), cst.Return):
        if answer.value is not None:
            yield answer.value, _PLAIN


def _of_name(name: cst.Name, module: ParsedModule) -> Iterator[_Step]:
    """Look in the function around, then in those around it, then in the module."""
    place: cst.CSTNode = name
    while True:
        function = module.function_of(place)
        bound = values_of(name.value, place, module)
        given = [param for param in parameters(function) if param.name.value == name.value] if function else []
        annotations = [param.annotation for param in given if param.annotation is not None]
        yield from ((value, _PLAIN) for value in bound)
        for annotation in annotations:
            yield from _of_annotation(annotation, module)
        if given and not annotations and not bound:
            yield Maker(name.value, known=False)
        if bound or given or function is None:
            break
        place = function
    if not bound and not given:
        imported = name.value in module.imports
        yield Maker(module.resolve(name), known=imported)


def _of_attribute(attribute: cst.Attribute, module: ParsedModule) -> Iterator[_Step]:
    name = dotted(attribute)
    owner = module.enclosing(attribute, cst.ClassDef)
    found = False
    if isinstance(attribute.value, cst.Name) and attribute.value.value in ("self", "cls") and owner is not None:
        for step in _of_class(owner, name, module):
            found = True
            yield step
    elif bound := values_of(name, attribute, module):
        found = True
        yield from ((value, _PLAIN) for value in bound)
    if not found:
        yield Maker(module.resolve(attribute), known=name.partition(".")[0] in module.imports)


def _of_class(owner: cst.ClassDef, name: str, module: ParsedModule) -> Iterator[_Step]:
    """What the methods of a class, or of its bases in this file, keep in ``self.name``."""
    plain = name.partition(".")[2]
    for kind in _line_of(owner, module):
        for item in statements(kind.body):
            if isinstance(item, cst.AnnAssign) and dotted(item.target) == plain:
                yield from _of_annotation(item.annotation, module)
            if isinstance(item, cst.FunctionDef):
                if item.name.value == plain:
                    yield from _of_function(item, module)
                for target, value in bindings(_first(item), module):
                    if dotted(target) == f"self.{plain}" and not isinstance(target, cst.Subscript):
                        yield value, _PLAIN
                for annotated in module.below(item.body, cst.AnnAssign):
                    if dotted(annotated.target) == f"self.{plain}":
                        yield from _of_annotation(annotated.annotation, module)


def _first(function: cst.FunctionDef) -> cst.CSTNode:
    """Return a node that runs with a function."""
    return function.body


def _line_of(owner: cst.ClassDef, module: ParsedModule) -> Iterator[cst.ClassDef]:
    pending, seen = [owner], set()
    while pending:
        current = pending.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        names = {dotted(base.value) for base in current.bases}
        pending += [kind for kind in module.nodes(cst.ClassDef) if module.symbol(kind) in names]


def _of_annotation(annotation: cst.Annotation, module: ParsedModule) -> Iterator[Maker]:
    """Every class that an annotation speaks of, also inside of ``Optional[...]`` and of quotes."""
    for name in _DOTTED.findall(module.text(annotation.annotation)):
        first, _, rest = name.partition(".")
        origin = module.imports.get(first, first)
        yield Maker(f"{origin}.{rest}" if rest else origin)
