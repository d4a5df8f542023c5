"""What the files of a project offer to generated code: getters of the task and the agent, helpers, agents."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from hiveloop_scan.files import absolute
from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.sdk.spelled import getter_named
from hiveloop_scan.syntax.names import words

HELPERS = ("tell_task", "tell_agent", "track", "track_awaitable", "track_call", "track_step")
"""What the module that `hiveloop-scan init` writes offers besides its getters."""

SHIPPED = "hiveloop.integrations.claude_agent_sdk"
"""The part of the SDK that has getters of its own."""

_SHIPPED_GETTERS = {Handle.TASK: "get_current_task", Handle.AGENT: "get_current_agent"}
_PLAIN_GETTERS = {"get_current_task": Handle.TASK, "get_current_agent": Handle.AGENT}
"""Getters whose names say nothing of HiveLoop: their files do, or else the project uses the SDK."""

_GETTER = re.compile(rb"^def (?:get|current|active|the)_\w*(?:task|agent)\b", re.MULTILINE)
_MAKERS = ("hiveloop.init", "hiveloop.HiveBoard")


class Form(StrEnum):
    """How an offer is used: it is called, or read as it is."""

    FUNCTION = "function"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something at the top of a file of the project that gives a handle or helps; `required`: arguments it must get."""

    path: Path
    name: str
    gives: Handle
    required: int = 0
    form: Form = Form.FUNCTION


@dataclass(frozen=True)
class Plumbing:
    """What the project offers, by what it is for: a handle, or the name of a helper; whether it uses the SDK at all."""

    offers: dict[str, list[Offer]] = field(default_factory=dict)
    uses_sdk: bool = False
    uses_shipped_getters: bool = False

    def offer(self, wanted: str) -> Offer | None:
        """Return something that is offered for `wanted`; None where nothing is."""
        return next(iter(self.offers.get(wanted, ())), None)


def find_plumbing(paths: Iterable[Path]) -> Plumbing:
    """Look through the project's files for what gives the task, the agent and the helpers of `hiveloop-scan init`."""
    offers: dict[str, list[Offer]] = {}
    uses_sdk = uses_shipped = False
    unsure: list[tuple[str, Offer]] = []
    for path in dict.fromkeys(map(absolute, paths)):
        data = path.read_bytes() if path.is_file() else b""
        speaks = b"hiveloop" in data
        if not speaks and not (_GETTER.search(data) and b"ContextVar" in data):
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError, RecursionError):
            continue
        imported = _imported(tree)
        uses_sdk = uses_sdk or any(name.partition(".")[0] == "hiveloop" for name in imported.values())
        uses_shipped = uses_shipped or any(name.startswith(SHIPPED) for name in imported.values())
        for wanted, offer in _offers_of(tree, path, imported):
            if speaks:
                offers.setdefault(wanted, []).append(offer)
            else:
                unsure.append((wanted, offer))
    for wanted, offer in unsure if uses_sdk else ():
        offers.setdefault(wanted, []).append(offer)
    return Plumbing(offers, uses_sdk, uses_shipped)


def shipped_getter(handle: Handle) -> str:
    """Return the name of the SDK's own getter of `handle`."""
    return _SHIPPED_GETTERS[handle]


def _offers_of(tree: ast.Module, path: Path, imported: dict[str, str]) -> Iterator[tuple[str, Offer]]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in HELPERS:
            if all(ast.unparse(item).endswith("contextmanager") for item in node.decorator_list):
                yield node.name, Offer(path, node.name, Handle.TASK)
        elif isinstance(node, ast.FunctionDef) and not node.decorator_list:
            if wanted := _gives(node, path):
                yield wanted, Offer(path, node.name, wanted, _required(node))
        elif isinstance(node, ast.ClassDef) and node.name == "track":
            yield "track", Offer(path, "track", Handle.TASK)
    clients = {name for name, value in _globals(tree) if _makes_client(value, imported)}
    for name, value in _globals(tree):
        if _makes_agent(value, clients, imported):
            yield f"made {Handle.AGENT}", Offer(path, name, Handle.AGENT, form=Form.OBJECT)


def _gives(function: ast.FunctionDef, path: Path) -> Handle | None:
    """Return the handle that a function gives, by its name and that of its module."""
    if function.name in _PLAIN_GETTERS:
        return _PLAIN_GETTERS[function.name]
    named = getter_named(f"project.{path.stem}.{function.name}")
    if named is None or words(function.name)[-1] not in (Handle.TASK, Handle.AGENT):
        return None
    return Handle(named[0].value)


def _globals(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a module binds whatever happens, with what they are given."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _makes_client(value: ast.expr, imported: dict[str, str]) -> bool:
    return isinstance(value, ast.Call) and _full_name(value.func, imported) in _MAKERS


def _makes_agent(value: ast.expr, clients: set[str], imported: dict[str, str]) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=client), attr="agent")):
            return client in clients
        case ast.Call(func=ast.Attribute(value=maker, attr="agent")):
            return _makes_client(maker, imported)
        case _:
            return False


def _full_name(node: ast.expr, imported: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return imported.get(name, name)
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return f"{imported.get(name, name)}.{attr}"
        case _:
            return ""


def _imported(tree: ast.Module) -> dict[str, str]:
    """Map the names that a file imports of other packages to their full names."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return found


def _required(function: ast.FunctionDef) -> int:
    """Count the arguments that a call has to give."""
    args = function.args
    positional = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    return positional + sum(default is None for default in args.kw_defaults)
