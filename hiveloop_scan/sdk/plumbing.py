"""Which names and attributes hold a task or an agent at a place, and which functions give one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings, parameters
from hiveloop_scan.sdk.handle import Handle, Source
from hiveloop_scan.sdk.handles import handle_of
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.sdk.signs import uses_sdk
from hiveloop_scan.sdk.spelled import getter_named
from hiveloop_scan.syntax.tree import dotted, is_name


@dataclass(frozen=True, slots=True)
class Holder:
    """A name or attribute that holds a handle at a place, spelled as code there can read it."""

    name: str
    handle: Handle


@dataclass(frozen=True, slots=True)
class Getter:
    """A function that gives a handle: its name as this file has it, its full name, and how many arguments it needs.

    `needs` is None for a function of another file, which nobody has read.
    """

    name: str
    origin: str
    kind: Kind
    needs: int | None
    sure: bool


def holders_at(place: cst.CSTNode, module: ParsedModule) -> list[Holder]:
    """Return the names and attributes that hold a handle of the SDK at `place`, the closest to it first.

    A task that a with statement enters counts inside of its body only, a name of the function only behind its binding.
    """
    found: dict[str, Handle] = {}
    seen: set[str] = set()
    for name, node in _in_reach(place, module):
        handle = handle_of(node, module) if name and name not in seen else None
        seen.add(name)  # whatever it holds, it hides those of the same name further out
        if handle and (handle.source is not Source.BLOCK or _is_open(handle, place, module)):
            found[name] = handle
    return [Holder(name, handle) for name, handle in found.items()]


def getters(module: ParsedModule) -> list[Getter]:
    """Return the functions that this file has or imports and that give a task or an agent."""
    found = []
    for name, origin in module.imports.items():
        if "." in origin and (named := getter_named(origin)):
            found.append(Getter(name, origin, named[0], None, named[1] or uses_sdk(module)))
    for functions in module.functions.values():
        for function in functions:
            if module.enclosing(function, cst.ClassDef, cst.FunctionDef) is None and (
                handle := _gives(function, module)
            ):
                needs = sum(param.default is None for param in parameters(function))
                name = function.name.value
                found.append(Getter(name, f":{name}", handle.kind, needs, handle.sure))
    return found


def _gives(function: cst.FunctionDef, module: ParsedModule) -> Handle | None:
    """Return the handle that a function of this file gives at every return, or None."""
    returned = [node.value for node in module.below(function.body, cst.Return) if node.value is not None]
    given = [handle_of(value, module) for value in returned if not is_name(value, "None")]
    handles = [handle for handle in given if handle is not None]
    if not handles or len(handles) < len(given) or len({handle.kind for handle in handles}) > 1:
        return None
    return handles[0]


def _in_reach(place: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[str, cst.CSTNode]]:
    """Yield what code at `place` can read: each name with a node that stands for it, the innermost scope first."""
    function = module.function_of(place)
    before = place
    while function is not None:
        own = [target for target, _ in bindings(function.body, module) if module.is_before(target, before)]
        for target in reversed(own):
            yield dotted(target), target
        for param in parameters(function):
            yield param.name.value, param.name
        before, function = function, module.function_of(function)
    around = module.enclosing(place, cst.ClassDef)
    if around is not None:
        for attribute in module.all_below(around, cst.Attribute):
            if dotted(attribute.value) in ("self", "cls"):
                yield dotted(attribute), attribute
    for target, _ in bindings(module.tree, module):
        yield dotted(target), target


def _is_open(handle: Handle, place: cst.CSTNode, module: ParsedModule) -> bool:
    block = module.enclosing(handle.origin, cst.With)
    return block is None or module.is_below(place, [block.body])
