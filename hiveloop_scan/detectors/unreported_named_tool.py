"""Find calls that run a tool by its name, which is known only at run time: ``session.call_tool(name, arguments)``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.tools.captures import tool_captures
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.runs import Run
from hiveloop_scan.tools.scopes import Root
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef, cst.Module)
def unreported_named_tool(root: Root, module: ParsedModule, options: Options) -> Iterator[Match]:
    dispatch = Dispatch(root, module, options)
    for run in dispatch.runs():
        name = dotted(run.callee)
        if not dispatch.verbs.runs(name) or dispatch.lookups.of(run.callee) is not None:
            continue
        key = _name_given(run, dispatch)
        if key is None:
            continue
        facts = list(_facts(run, name, key, dispatch))
        yield Match(run.call, tool_captures(run, key, dispatch), facts, dispatch.clues(run))


def _name_given(run: Run, dispatch: Dispatch) -> cst.BaseExpression | None:
    """Return the argument that names the tool: one of the first two, or one with a keyword that says so."""
    for index, arg in enumerate(run.arguments):
        says_so = arg.keyword is not None and arg.keyword.value in dispatch.options["name_keywords"]
        if arg.star or not (says_so or (arg.keyword is None and index < 2)):
            continue
        named = dispatch.identities.of(arg.value) is Identity.NAMED or _is_own_name(run, arg.value, dispatch)
        named = named or (says_so and _is_read_off(run, arg.value, dispatch))
        if named or (index == 0 and _is_told(run, arg.value, dispatch)):
            return arg.value
    return None


def _is_own_name(run: Run, value: cst.BaseExpression, dispatch: Dispatch) -> bool:
    """Say whether an object that stands for one tool of a server has it called: ``session.call_tool(self.name, args)``.

    The model chose the object; nobody but it knows the name.
    """
    if not _tells_a_server(run) or not isinstance(value, cst.Attribute):
        return False
    owner, _, name = dotted(value).rpartition(".")
    return owner.partition(".")[0] == "self" and "name" in words(name) and bool(dispatch.scope.functions)


def _is_read_off(run: Run, value: cst.BaseExpression, dispatch: Dispatch) -> bool:
    """Say whether a server is told a name that was read off what describes the tool: ``tool_name = described.name``."""
    if not _tells_a_server(run) or len(run.arguments) < 2 or not isinstance(value, cst.Name):
        return False
    bound = [binding.value for binding in dispatch.scope.bindings.get(value.value, ()) if not binding.each]
    return any(isinstance(read, cst.Attribute) and "name" in words(read.attr.value) for read in bound)


def _tells_a_server(run: Run) -> bool:
    """Say whether a call is the one by which clients of the Model Context Protocol have a tool run."""
    found = tuple(word for word in words(last_name(run.callee)) if word not in ("async", "sync"))
    return isinstance(run.callee, cst.Attribute) and found in (("call", "tool"), ("acall", "tool"))


def _is_told(run: Run, value: cst.BaseExpression, dispatch: Dispatch) -> bool:
    """Say whether a function passes a name that it was given to a ``call_tool``, whose first argument is the name."""
    return (
        words(last_name(run.callee)) == ("call", "tool")
        and isinstance(value, cst.Name)
        and dispatch.scope.is_own_param(value.value)
        and "name" in words(value.value)
    )


def _facts(run: Run, name: str, key: cst.BaseExpression, dispatch: Dispatch) -> Iterator[str]:
    yield f"name-of-a-{dispatch.noun_of(key)}-is-given"
    if dispatch.verbs.speaks_of_tools(last_name(run.callee)):
        yield "callee-runs-tools"
    elif dispatch.verbs.speaks_of_tools(name):
        yield "owner-keeps-tools"
    elif run.arguments[0].value is not key or run.arguments[0].keyword is not None:
        yield "name-is-one-of-several-facts"
    if len(run.arguments) > 1:
        yield "arguments-are-given"
    if any(arg.star == "**" for arg in run.arguments):
        yield "arguments-are-unpacked"
    if _is_bound_around(key, dispatch):
        yield "name-is-that-of-a-closure"
    yield from dispatch.verb_facts(run)
    yield from dispatch.shared_facts(run)


def _is_bound_around(key: cst.BaseExpression, dispatch: Dispatch) -> bool:
    """Say whether the name was given to a function around that makes this one, and that runs no tools itself."""
    param = dispatch.scope.params.get(key.value) if isinstance(key, cst.Name) else None
    if param is None or dispatch.scope.is_own_param(param.name.value):
        return False
    function = dispatch.module.enclosing(param, cst.FunctionDef)
    return function is None or not dispatch.verbs.runs_tools(function.name.value)
