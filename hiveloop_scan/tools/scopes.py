"""A function with those around it: what their names are bound to, one by one or as a whole, and what they call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import dotted, last_name

Root = cst.FunctionDef | cst.Module
_SAME_ITEMS = ("list", "tuple", "sorted", "reversed", "iter", "set", "tqdm", "as_completed")


@dataclass(frozen=True)
class Binding:
    """A value that a name is given; `each` when the name stands for its items, `part` when for one of several parts."""

    value: cst.BaseExpression
    each: bool = False
    part: bool = False


class Scope:
    """The function `root`, or the statements of a module outside of functions."""

    def __init__(self, root: Root, module: ParsedModule) -> None:
        """Take the function and the file it stands in."""
        self.root, self.module = root, module

    @cached_property
    def functions(self) -> list[cst.FunctionDef]:
        """The function and those around it, innermost first."""
        around = (self.root, *self.module.ancestors(self.root))
        return [node for node in around if isinstance(node, cst.FunctionDef)]

    @cached_property
    def bodies(self) -> list[cst.CSTNode]:
        """The code of the function and of those around it, innermost first."""
        return [function.body for function in self.functions] or [self.module.tree]

    @cached_property
    def calls(self) -> list[cst.Call]:
        """The calls of the function itself, those of its lambdas included."""
        body = self.bodies[0]
        lambdas = [node.body for node in self.module.below(body, cst.Lambda)]
        return [call for root in (body, *lambdas) for call in self.module.below(root, cst.Call)]

    @cached_property
    def text(self) -> str:
        """The source of the outermost function: what is done with a result stands there."""
        return self.module.text(self.functions[-1]) if self.functions else self.module.text(self.module.tree)

    @cached_property
    def params(self) -> dict[str, cst.Param]:
        """The parameters of the function and of those around it; the innermost one of a name counts."""
        found: dict[str, cst.Param] = {}
        for function in self.functions:
            listed = (*function.params.posonly_params, *function.params.params, *function.params.kwonly_params)
            for param in listed:
                found.setdefault(param.name.value, param)
        return found

    def is_own_param(self, name: str) -> bool:
        """Say whether the function itself, and not one around it, takes `name`."""
        return name in self.params and self.module.enclosing(self.params[name], cst.FunctionDef) is self.root

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """What each dotted name of the function and of those around it is bound to, in source order."""
        found: dict[str, list[Binding]] = defaultdict(list)
        for body in self.bodies:
            for name, binding in _bindings_in(body, self.module):
                found[name].append(binding)
        return found


def _bindings_in(body: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[str, Binding]]:
    for assign in module.below(body, cst.Assign):
        for target in assign.targets:
            yield from _bound(target.target, Binding(assign.value))
    for annotated in module.below(body, cst.AnnAssign):
        if annotated.value is not None:
            yield from _bound(annotated.target, Binding(annotated.value))
    for walrus in module.below(body, cst.NamedExpr):
        yield from _bound(walrus.target, Binding(walrus.value))
    for item in module.below(body, cst.WithItem):
        if item.asname is not None:
            yield from _bound(item.asname.name, Binding(item.item))
    for loop in module.below(body, cst.For, cst.CompFor):
        yield from _each(loop.target, loop.iter)


def _each(target: cst.BaseExpression, items: cst.BaseExpression) -> Iterator[tuple[str, Binding]]:
    """Yield what a loop over `items` binds; the numbers of enumerate are left out, zip is taken apart."""
    called = last_name(items) if isinstance(items, cst.Call) else ""
    args = [arg.value for arg in items.args] if isinstance(items, cst.Call) else []
    targets = [element.value for element in target.elements] if isinstance(target, cst.Tuple) else []
    if called == "enumerate" and args and len(targets) == 2:
        yield from _each(targets[1], args[0])
    elif called == "zip" and targets and len(args) == len(targets):
        for one, values in zip(targets, args, strict=True):
            yield from _each(one, values)
    elif called in _SAME_ITEMS and args:
        yield from _each(target, args[0])
    elif isinstance(items, cst.Call) and called == "values" and isinstance(items.func, cst.Attribute):
        yield from _each(target, items.func.value)
    else:
        yield from _bound(target, Binding(items, each=True))


def _bound(target: cst.BaseExpression, binding: Binding) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, (cst.Tuple, cst.List)):
        values = binding.value
        if not binding.each and isinstance(values, cst.Tuple) and len(values.elements) == len(target.elements):
            for element, value in zip(target.elements, values.elements, strict=True):
                yield from _bound(element.value, Binding(value.value))
            return
        for element in target.elements:
            yield from _bound(element.value, Binding(values, binding.each, part=True))
    elif isinstance(target, (cst.Name, cst.Attribute)) and dotted(target):
        yield dotted(target), binding
