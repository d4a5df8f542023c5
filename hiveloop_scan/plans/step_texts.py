"""How a step tells what it is: the expression that gives its text, and the list of all texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.plans.walks import Walk, body_of
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_TEXTS = ("description", "title", "name", "action", "task", "objective", "instruction", "text", "subject", "goal")
LISTS_OF_TEXT = ("list[str]", "List[str]", "Sequence[str]", "tuple[str, ...]", "Iterable[str]")


def text_of_step(walk: Walk, module: ParsedModule) -> str | None:
    """Return the expression that is the step's text inside the loop; None when that is not certain."""
    if walk.step is None:
        return None
    if are_texts(walk.items, module):
        return walk.step
    field = _field_read(walk.step, body_of(walk.loop, module), module) or _field_declared(walk.items, module)
    return field.replace(_STEP, walk.step) if field else None


def texts_of(items: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the expression that lists the texts of steps, as a ``list[str]``; None when that is not certain."""
    shown = code(items)
    if are_texts(items, module):
        return shown if isinstance(items, (cst.List, cst.Name, cst.Attribute)) else f"list({shown})"
    field = _field_declared(items, module) or _field_walked(items, module)
    return f"[{field.replace(_STEP, 'step')} for step in {shown}]" if field else None


_STEP = "\0"


def are_texts(items: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a collection is known to hold text: a literal list of it, or a name declared as one."""
    for value in (items, *_bound(items, module)):
        if isinstance(value, (cst.List, cst.Tuple)) and value.elements:
            return all(isinstance(element.value, (cst.SimpleString, cst.FormattedString)) for element in value.elements)
    return _annotation(items, module) in LISTS_OF_TEXT


def _field_read(step: str, body: Sequence[cst.CSTNode], module: ParsedModule) -> str | None:
    """Return the first field of `step` with a text that the body reads."""
    for field in _TEXTS:
        for node in module.below(body, cst.Attribute, cst.Subscript):
            if isinstance(node, cst.Attribute) and node.attr.value == field and code(node.value) == step:
                called = module.parent(node)
                if not (isinstance(called, cst.Call) and called.func is node):
                    return f"{_STEP}.{field}"
            if isinstance(node, cst.Subscript) and code(node) in (f'{step}["{field}"]', f"{step}['{field}']"):
                return f'{_STEP}["{field}"]'
    return None


def _field_walked(items: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the field that a loop of this function over the same collection reads of each step."""
    function = module.function_of(items)
    if function is None:
        return None
    for loop in module.below(function.body, cst.For, cst.CompFor):
        over: cst.BaseExpression = loop.iter
        if isinstance(over, cst.Call) and last_name(over.func) == "enumerate" and over.args:
            over = over.args[0].value
        target: cst.BaseExpression = loop.target
        if isinstance(target, cst.Tuple) and target.elements:
            target = target.elements[-1].value
        if code(over) == code(items) and (field := _field_read(code(target), body_of(loop, module), module)):
            return field
    return None


def _field_declared(items: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the first text field of the class of the steps, where this file declares both."""
    for name in _classes_of(items, module):
        for kind in module.nodes(cst.ClassDef):
            if kind.name.value == name:
                declared = {
                    code(node.target): code(node.annotation.annotation)
                    for node in statements(kind.body)
                    if isinstance(node, cst.AnnAssign)
                }
                return next((f"{_STEP}.{field}" for field in _TEXTS if declared.get(field) == "str"), None)
    return None


def _classes_of(items: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    """Yield the classes that the items of a collection may have: what it is declared or built as."""
    annotation = _annotation(items, module)
    if annotation.lower().startswith(("list[", "sequence[")):
        yield annotation.partition("[")[2].rstrip("]").strip("\"'")
    for value in (items, *_bound(items, module)):
        if isinstance(value, cst.ListComp) and isinstance(value.elt, cst.Call):
            yield last_name(value.elt.func)
        if isinstance(value, cst.List) and value.elements and isinstance(value.elements[0].value, cst.Call):
            yield last_name(value.elements[0].value.func)


def _annotation(items: cst.BaseExpression, module: ParsedModule) -> str:
    """Return how a name is annotated: a parameter, a local name, or a field of a class of this file."""
    if isinstance(items, cst.Name):
        return _declared_type(items.value, items, module)
    if isinstance(items, cst.Attribute):
        owner = items.value
        kind = _declared_type(dotted(owner), items, module)
        if dotted(owner) == "self":
            around = module.enclosing(items, cst.ClassDef)
            kind = around.name.value if around else ""
        elif not kind:
            made = (value for value in values_of(dotted(owner), items, module) if isinstance(value, cst.Call))
            kind = next((last_name(call.func) for call in made if last_name(call.func)[:1].isupper()), "")
        for declared in module.nodes(cst.ClassDef):
            if declared.name.value == kind:
                for node in statements(declared.body):
                    if isinstance(node, cst.AnnAssign) and code(node.target) == items.attr.value:
                        return code(node.annotation.annotation)
    return ""


def _declared_type(name: str, place: cst.CSTNode, module: ParsedModule) -> str:
    function = module.function_of(place)
    if function is None:
        return ""
    for param in parameters(function):
        if param.name.value == name and param.annotation:
            return code(param.annotation.annotation)
    for annotated in module.below(function.body, cst.AnnAssign):
        if code(annotated.target) == name:
            return code(annotated.annotation.annotation)
    return ""


def _bound(items: cst.BaseExpression, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a plain name is bound to in its function, where it is bound once."""
    found = values_of(items.value, items, module) if isinstance(items, cst.Name) else []
    return found if len(found) == 1 else []
