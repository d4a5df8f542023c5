"""Where generated code gets the task and the agent from: what the project offers, and what of it holds at a place."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.imports import Import, callable_name, first_use_allowed
from hiveloop_scan.fix.names import bound_around
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

_GETTERS = {
    Handle.TASK: ("get_current_task", "get_hiveloop_task"),
    Handle.AGENT: ("get_hiveloop_agent", "get_current_agent"),
}
HELPERS = ("tell_task", "tell_agent", "track", "track_step")
"""What the module that `hiveloop-scan init` writes offers besides its getters."""

INIT_HINT = "run 'hiveloop-scan init' to write a module that gives the current task and agent"


@dataclass(frozen=True, slots=True)
class Offer:
    """A function of the project that gives a handle or helps: the file it stands in, and what it must be given."""

    path: Path
    name: str
    required: int = 0


@dataclass(frozen=True)
class Plumbing:
    """What the project offers, by what it is for: a handle, or the name of a helper."""

    offers: dict[str, list[Offer]] = field(default_factory=dict)

    def offer(self, wanted: str) -> Offer | None:
        """Return the one function that is offered for `wanted`; refuse where there are several."""
        found = self.offers.get(wanted, [])
        if len(found) > 1:
            files = ", ".join(sorted(str(offer.path) for offer in found))
            raise Refusal(f"several functions give the {wanted}: {files}", "leave one of them in the scanned folder")
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Accessor:
    """An expression that gives a handle, and the import that it needs."""

    expression: str
    imports: frozenset[Import] = frozenset()


def find_plumbing(paths: Iterable[Path]) -> Plumbing:
    """Look through the project's files for what gives the task, the agent and the helpers of `hiveloop-scan init`."""
    offers: dict[str, list[Offer]] = {}
    for path in paths:
        data = path.read_bytes() if path.is_file() else b""
        if b"hiveloop" not in data:
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                for wanted in _wanted_of(node.name):
                    offers.setdefault(wanted, []).append(Offer(path, node.name, _required(node)))
    return Plumbing(offers)


def accessor_of(handle: Handle, place: ast.stmt, source: Source, path: Path, plumbing: Plumbing) -> Accessor:
    """Return how code in front of `place` in the file at `path` gets `handle`; refuse where nothing gives it."""
    if handle is Handle.TASK and (name := _entered_task(place, source)):
        return Accessor(name)
    offer = plumbing.offer(handle)
    if offer is None:
        raise Refusal(f"nothing gives the {handle} here", INIT_HINT)
    if offer.required:
        raise Refusal(f"{offer.name}() wants to be told which {handle}", "give its parameter a default")
    called, imports = imported(offer, place, source, path)
    return Accessor(f"{called}()", imports)


def imported(
    offer: Offer, place: ast.stmt, source: Source, path: Path, alias: str = ""
) -> tuple[str, frozenset[Import]]:
    """Return how code at `place` calls what `offer` names, and the imports that this needs.

    With an `alias` the code calls it by that name only: calls that the user wrote are told apart by it.
    """
    if offer.path == path:
        if alias:
            raise Refusal("this is the module that gives the task and the agent")
        return offer.name, frozenset()
    module = module_name(offer.path, path)
    if alias:
        known = bound_around(place, source)
        return alias, frozenset(() if alias in known else {Import(module, offer.name, alias)})
    called, needed = callable_name(module, offer.name, place, source)
    if needed and place.lineno <= first_use_allowed(source):
        raise Refusal("the place runs before the imports of the file")
    return called, frozenset({needed} if needed else ())


def module_name(target: Path, user: Path) -> str:
    """Return how the file `user` imports the file `target`; refuse where no import leads there."""
    folder = target.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    if folder == user.parent or folder in user.parents:
        return module_name_of(target)
    raise Refusal(f"no import leads to {target}")


def module_name_of(file: Path) -> str:
    """Return the full name of the module in a file, by the packages around it."""
    parts = [file.stem] if file.stem != "__init__" else []
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _entered_task(place: ast.stmt, source: Source) -> str:
    """Return the name of the task whose ``with agent.task(...) as name`` is around `place` in the same function."""
    for outer in source.ancestors(place):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            return ""
        if isinstance(outer, ast.With) and b"hiveloop" in source.data:
            for item in outer.items:
                match item:
                    case ast.withitem(ast.Call(ast.Attribute(attr="task"), args=[_, *_]), ast.Name(id=name)):
                        return name
    return ""


def _wanted_of(name: str) -> list[str]:
    return [handle for handle, names in _GETTERS.items() if name in names] + [name] * (name in HELPERS)


def _required(function: ast.FunctionDef) -> int:
    """Count the arguments that a call has to give."""
    args = function.args
    positional = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    return positional + sum(default is None for default in args.kw_defaults)
