"""Find tools that are looked up at run time, by the name that a model has given, and run."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted
from hiveloop_scan.tools.access import member_of
from hiveloop_scan.tools.captures import tool_captures
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.lookups import Lookup
from hiveloop_scan.tools.runs import Run
from hiveloop_scan.tools.scopes import Root
from hiveloop_scan.tools.wrappers import around_one_tool, given_with_arguments, kept_with_arguments
from hiveloop_scan.visitor import detector

_NAMES = ("name", "tool_name", "tool", "function_name")


@detector(cst.FunctionDef, cst.Module)
def unreported_tool_lookup(root: Root, module: ParsedModule, options: Options) -> Iterator[Match]:
    dispatch = Dispatch(root, module, options)
    found = [(run, lookup) for run in dispatch.runs() if (lookup := _looked_up(run, dispatch)) is not None]
    for run, lookup in found:  # one for tools that are awaited and one for others are two: each has to be wrapped
        if not _is_made_to_be_run(run, found):
            facts = list(_facts(run, lookup, dispatch))
            yield Match(run.call, tool_captures(run, lookup.key, dispatch, is_key=True), facts, dispatch.clues(run))


def _looked_up(run: Run, dispatch: Dispatch) -> Lookup | None:
    """Return how the thing was looked up that is run, itself or by one of its methods."""
    found = dispatch.lookups.of(run.callee)
    if found is None and isinstance(run.callee, cst.Attribute) and _runs(run.callee.attr.value, dispatch):
        owner = run.callee.value
        found = dispatch.lookups.of(owner) or dispatch.lookups.of_instance(owner)
        if found is None and dispatch.verbs.runs_tools(dotted(run.callee)):
            found = dispatch.lookups.of_made_from(owner)
    return (
        found
        or _handed_in(run, dispatch)
        or dispatch.lookups.beside_a_request(run)
        or given_with_arguments(run, dispatch)
        or around_one_tool(run, dispatch)
        or kept_with_arguments(run, dispatch)
    )


def _runs(method: str, dispatch: Dispatch) -> bool:
    """Say whether a method runs what it belongs to; "call" says so of a thing that was looked up."""
    return dispatch.verbs.runs(method) or method in ("call", "acall")


def _handed_in(run: Run, dispatch: Dispatch) -> Lookup | None:
    """Return how the tool was looked up that something which runs tools is given: ``call_tool(tool, arguments)``."""
    if not dispatch.verbs.runs_tools(dotted(run.callee)):
        return None
    plain = [arg.value for arg in run.arguments if not arg.star and isinstance(arg.value, cst.Name)]
    return next((found for value in plain if (found := dispatch.lookups.of(value)) is not None), None)


def _is_made_to_be_run(run: Run, found: list[tuple[Run, Lookup]]) -> bool:
    """Say whether a call only makes the object that another one runs: ``tool = kind(**args); tool.run()``."""
    return any(
        other.call is not run.call and isinstance(other.callee, cst.Attribute) and lookup.made_by is run.call
        for other, lookup in found
    )


def _facts(run: Run, found: Lookup, dispatch: Dispatch) -> Iterator[str]:
    if found.handed_in:
        yield found.handed_in
    elif found.identity is Identity.REQUESTED:
        yield "looked-up-by-the-name-in-a-tool-call"
    elif found.identity is Identity.NAMED:
        yield f"looked-up-by-the-name-of-a-{dispatch.noun_of(found.key)}"
    named = words(f"{found.source} {dotted(run.callee)} {code(found.key) if found.key is not None else ''}")
    if any(word in dispatch.options["tool_words"] for word in named):
        yield "place-holds-tools"
    elif any(word in dispatch.options["function_words"] for word in named):
        yield "place-holds-functions"
    if found.is_attribute:
        yield "is-an-attribute"
    if isinstance(run.callee, cst.Attribute):
        yield "method-runs-it"
    if run.unpacks:
        yield "arguments-are-unpacked"
    elif not run.arguments and found.made_by is None:
        yield "is-given-nothing"
    if _names_and_feeds(found, run, dispatch):
        yield "name-and-arguments-of-one-thing"
    if any(word in dispatch.options["class_words"] for word in words(f"{found.source} {dotted(run.callee)}")):
        yield "makes-an-object"
    if mentions(found.source.rpartition(".")[2], dispatch.options["other_places"]):
        yield "place-holds-no-tools"
    functions = [function.name.value for function in dispatch.scope.functions]
    if any(dispatch.verbs.runs_tools(name) for name in functions):
        yield "function-runs-tools"
    if dispatch.lookups.comes_from_a_loop(found.key):
        yield "goes-through-names"
    if found.handed_in != "class-is-made-around-it":
        yield from dispatch.shared_facts(run)


def _come_together(key: cst.BaseExpression, run: Run, dispatch: Dispatch) -> bool:
    """Say whether one call has given both the name and what the tool is given: ``name, text = self.parse(reply)``."""
    given = {dotted(arg.value) for arg in run.arguments if isinstance(arg.value, cst.Name)}
    for body in dispatch.scope.bodies if isinstance(key, cst.Name) else ():
        for assign in dispatch.scope.module.below(body, cst.Assign):
            target = assign.targets[0].target
            if isinstance(target, cst.Tuple) and isinstance(assign.value, (cst.Call, cst.Await, cst.Tuple)):
                names = {dotted(element.value) for element in target.elements}
                if dotted(key) in names and given & (names - {dotted(key)}):
                    return True
    return False


def _names_and_feeds(found: Lookup, run: Run, dispatch: Dispatch) -> bool:
    """Say whether one thing has both the name and the arguments: ``getattr(x, f"do_{b.name}")(**b.input)``."""
    if found.key is None:
        return False
    if _come_together(found.key, run, dispatch):
        return True
    parts = dispatch.scope.module.below(found.key, cst.Attribute, cst.Subscript)
    named = [member for part in parts if (member := member_of(part)) is not None and member[1] in _NAMES]
    given = [member for arg in run.arguments if arg.star == "**" and (member := member_of(arg.value)) is not None]
    return any(
        key in dispatch.options["argument_keys"] and dotted(owner) == dotted(other)
        for owner, key in given
        for other, _ in named
    )
