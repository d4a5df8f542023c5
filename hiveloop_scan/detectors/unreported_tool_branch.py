"""Find branches that are chosen by the name of a tool and do what that tool does."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.tools.branches import Chain, chains_in, is_chosen, names_the_work, work_of
from hiveloop_scan.tools.captures import tool_captures
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.runs import Run, run_of
from hiveloop_scan.tools.scopes import Root
from hiveloop_scan.visitor import detector

_ONE_BY_ONE = 6
"""Branches up to which each is reported; a longer chain is reported once, as it is told by one block around it."""


@detector(cst.FunctionDef, cst.Module)
def unreported_tool_branch(root: Root, module: ParsedModule, options: Options) -> Iterator[Match]:
    dispatch = Dispatch(root, module, options)
    for chain in chains_in(dispatch.scope):
        identity = _identity_of(chain.name, dispatch)
        chosen = is_chosen(chain.name, dispatch.scope, options["choose_words"])
        if identity is Identity.NONE:
            continue
        works = [run_of(call) for branch in chain.branches if (call := work_of(branch, chain, module)) is not None]
        if len(works) < 2:
            continue
        for run in works if len(works) <= _ONE_BY_ONE else works[:1]:
            facts = [*_facts(chain, run, identity, chosen, dispatch)]
            yield Match(run.call, tool_captures(run, chain.name, dispatch, is_key=True), facts, dispatch.clues(run))


def _identity_of(name: cst.BaseExpression, dispatch: Dispatch) -> Identity:
    found = dispatch.identities.of(name)
    if found is Identity.NONE and words(dotted(name))[-1:] == ("tool",):
        return Identity.NAMED
    return found


def _facts(chain: Chain, run: Run, identity: Identity, chosen: bool, dispatch: Dispatch) -> Iterator[str]:
    yield "chosen-by-the-name-in-a-tool-call" if identity is Identity.REQUESTED else "chosen-by-the-name-of-a-tool"
    if chosen:
        yield "name-was-chosen-by-a-call"
    if len(chain.branches) > 2:
        yield "several-branches"
    functions = [function.name.value for function in dispatch.scope.functions]
    given = isinstance(chain.name, cst.Name) and dispatch.scope.is_own_param(chain.name.value)
    if any(dispatch.verbs.runs_tools(name) or (given and dispatch.verbs.runs(name)) for name in functions[:1]):
        yield "function-runs-tools"
    if any(mentions(name, dispatch.options["look_words"]) for name in functions[:1]):
        yield "function-only-looks"
    if _is_given_what_came_along(chain, run, dispatch):
        yield "arguments-came-with-the-name"
    if not run.arguments:
        yield "is-given-nothing"
    yield from dispatch.shared_facts(run)


def _is_given_what_came_along(chain: Chain, run: Run, dispatch: Dispatch) -> bool:
    """Say whether the work is given something of the object that holds the name, or the tool's arguments."""
    root = names_the_work(chain.name)
    read = {name for arg in run.arguments for name in dispatch.module.names_in(arg.value)}
    if isinstance(chain.name, (cst.Attribute, cst.Subscript)) and root in read and root not in ("self", "cls"):
        return True
    return any(set(words(name)) & dispatch.options["argument_words"] for name in read)
