"""Where generated code gets the task and the agent from: what is at hand at the place, else what is offered."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hiveloop_scan.files import absolute
from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.cycles import imports_in_circles
from hiveloop_scan.fix.held import Held, held_at
from hiveloop_scan.fix.import_runs import first_use_allowed
from hiveloop_scan.fix.imports import Import, callable_name, imports_of
from hiveloop_scan.fix.lookups import arguments_of, lookup_at
from hiveloop_scan.fix.modules import module_name, resolved
from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.offers import SHIPPED, Form, Offer, Plumbing, shipped_getter
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

_ALIASES = {
    (Form.FUNCTION, Handle.TASK): "get_current_task",
    (Form.FUNCTION, Handle.AGENT): "get_hiveloop_agent",
    (Form.OBJECT, Handle.AGENT): "made_agent",
}
"""What a thing is called, behind our prefix, where its own name is taken."""

INIT_HINT = "run 'hiveloop-scan init' to write a module that gives the current task and agent"


@dataclass(frozen=True, slots=True)
class Accessor:
    """An expression that gives a handle, and the imports that it needs.

    `own_import` is one that has to be made where it is used: at the top of the file it would go in a circle.
    """

    expression: str
    imports: frozenset[Import] = frozenset()
    own_import: Import | None = None


def accessor_of(handle: Handle, place: ast.stmt, source: Source, path: Path, plumbing: Plumbing) -> Accessor:
    """Return how code in front of `place` in the file at `path` gets `handle`; refuse where nothing gives it.

    What is at hand in the function or its object goes first, then a getter of the project or of the SDK, then a look-up
    that the code around makes, then an agent of the module's.
    """
    path = absolute(path)
    if handle is Handle.TASK and (name := _entered_task(place, source, path, plumbing)):
        return Accessor(name)
    held = list(held_at(handle, place, source, plumbing.uses_sdk))
    for item in held:
        if item.is_local:
            return Accessor(item.expression)
    offers = plumbing.offers.get(handle, [])
    if offers:
        return _called(_choice(offers, handle, source, path), handle, place, source, path)
    if plumbing.uses_shipped_getters:
        called, needed = callable_name(SHIPPED, shipped_getter(handle), place, source)
        return Accessor(f"{called}()", _if_in_time(needed, place, source))
    if lookup := lookup_at(handle, place, source):
        return Accessor(lookup)
    return _of_module(held, handle, place, source, path, plumbing)


def helper_of(name: str, place: ast.stmt, source: Source, path: Path, plumbing: Plumbing) -> Accessor:
    """Return how code at `place` calls a helper of the module that `hiveloop-scan init` writes.

    It goes by a name with our prefix: that tells generated calls from those that the user has written.
    """
    path = absolute(path)
    offers = plumbing.offers.get(name, [])
    if not offers:
        raise Refusal(f"the project has no {name}()", INIT_HINT)
    return _imported(_choice(offers, name, source, path), place, source, path, alias=f"{PREFIX}{name}")


def _imported(offer: Offer, place: ast.stmt, source: Source, path: Path, alias: str = "") -> Accessor:
    """Return how code at `place` reads what `offer` names, by `alias` if given, and the imports that this needs."""
    if offer.path == path:
        if alias:
            raise Refusal("this is the module that gives the task and the agent", "leave it as it is")
        return Accessor(offer.name)
    for module in _modules_that_lead_to(offer.path, source, path):
        called, needed = callable_name(module, offer.name, place, source, alias)
        if needed is None:
            return Accessor(called)
    module, other = module_name(offer.path, path, source), PREFIX + _ALIASES[offer.form, offer.gives]
    if imports_in_circles(offer.path, path):
        return _imported_in_place(Import(module, offer.name, alias or other), offer, place, source)
    called, needed = callable_name(module, offer.name, place, source, alias)
    if needed and needed.alias and not alias:
        called, needed = other, replace(needed, alias=other)
    return Accessor(called, _if_in_time(needed, place, source))


def _imported_in_place(needed: Import, offer: Offer, place: ast.stmt, source: Source) -> Accessor:
    """Return what is read by an import of its own, which only runs when the modules of the circle are there."""
    if not isinstance(source.scope_of(place), (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise Refusal(
            f"{offer.path.name} imports this file itself, so this file cannot import it",
            f"move {offer.name}() to a module that imports nothing of the project",
        )
    return Accessor(needed.alias, own_import=needed)


def _called(offer: Offer, handle: Handle, place: ast.stmt, source: Source, path: Path) -> Accessor:
    getter = _imported(offer, place, source, path)
    arguments = arguments_of(offer.name, place, source) if offer.required else ""
    if arguments is None:
        raise Refusal(
            f"{offer.name}() wants to be told which {handle}, and nothing around here tells",
            f"give the parameter of {offer.name}() a default",
        )
    return replace(getter, expression=f"{getter.expression}({arguments})")


def _of_module(
    held: Sequence[Held], handle: Handle, place: ast.stmt, source: Source, path: Path, plumbing: Plumbing
) -> Accessor:
    """Return an object that a module of the project has made: of this file, else of another."""
    if held:
        return Accessor(held[0].expression)
    made = plumbing.offers.get(f"made {handle}", [])
    if not made:
        raise Refusal(f"nothing gives the {handle} here", INIT_HINT)
    return _imported(_choice(made, handle, source, path), place, source, path)


def _choice(offers: Sequence[Offer], wanted: str, source: Source, path: Path) -> Offer:
    """Return the one offer that counts in the file at `path`: its own, one that it imports, the closest; or refuse."""
    if len(offers) == 1:
        return offers[0]
    own = [offer for offer in offers if offer.path == path]
    named = [offer for offer in offers if any(True for _ in _modules_that_lead_to(offer.path, source, path))]
    for choice in (own, named, _closest(offers, path)):
        if len(choice) == 1:
            return choice[0]
    files = ", ".join(sorted({offer.path.name for offer in offers}))
    raise Refusal(f"several functions give the {wanted}: in {files}", "import the right one in this file")


def _closest(offers: Sequence[Offer], path: Path) -> list[Offer]:
    """Return the offers in the files that share most of the folders with `path`."""
    shared = {offer: len(Path(os.path.commonpath([offer.path.parent, path.parent])).parts) for offer in offers}
    return [offer for offer in offers if shared[offer] == max(shared.values())]


def _modules_that_lead_to(target: Path, source: Source, path: Path) -> list[str]:
    """Return the modules, as the file at `path` spells them, by which it imports something of the file `target`."""
    return [
        "." * level + module
        for level, module in dict.fromkeys(imports_of(source))
        if resolved(level, module, path) == target
    ]


def _if_in_time(needed: Import | None, place: ast.stmt, source: Source) -> frozenset[Import]:
    if needed and place.lineno <= first_use_allowed(source):
        raise Refusal("the place runs before the imports of the file")
    return frozenset({needed} if needed else ())


def _entered_task(place: ast.stmt, source: Source, path: Path, plumbing: Plumbing) -> str:
    """Return the name of a task that a with statement around `place` begins with an agent of another module."""
    for outer in source.ancestors(place):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            return ""
        if isinstance(outer, ast.With) and any(place in set(ast.walk(item)) for item in outer.body):
            for item in outer.items:
                match item:
                    case ast.withitem(ast.Call(ast.Attribute(ast.Name(id=agent), attr="task")), ast.Name(id=name)):
                        if _is_made_elsewhere(agent, source, path, plumbing):
                            return name
    return ""


def _is_made_elsewhere(name: str, source: Source, path: Path, plumbing: Plumbing) -> bool:
    """Say whether `name` is imported from a module of the project that has made an agent of that name."""
    made = {(offer.path, offer.name) for offer in plumbing.offers.get(f"made {Handle.AGENT}", ())}
    for statement in source.tree.body if made else ():
        if isinstance(statement, ast.ImportFrom):
            target = resolved(statement.level, statement.module or "", path)
            for alias in statement.names:
                if target and (alias.asname or alias.name) == name and (target, alias.name) in made:
                    return True
    return False
