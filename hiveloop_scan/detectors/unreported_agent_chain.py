"""Find loops that let one worker after the other go on with what the one before has made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.carrying import is_carried_on, places_made_from
from hiveloop_scan.plans.nouns import last_noun
from hiveloop_scan.plans.step_captures import loop_captures
from hiveloop_scan.plans.step_loops import StepLoop
from hiveloop_scan.plans.walks import Walk, body_of, names_made_from, walk_of
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name, statements
from hiveloop_scan.visitor import detector

_SHORTEST_STEM = 5


@detector(cst.For)
def unreported_agent_chain(loop: cst.For, module: ParsedModule, options: Options) -> Iterator[Match]:
    walk = walk_of(loop, module)
    if walk is None or not _walks_over_workers(walk, options):
        return
    body = body_of(loop, module)
    call = _work(walk, body, module, options)
    if call is None:
        return
    facts = ["each-worker-is-run"]
    if is_carried_on(call, walk, module):
        facts.append("each-goes-on-with-the-last-result")
    elif _is_named_for(last_name(call.func), walk) and places_made_from(call, walk, module):
        facts.append("each-adds-to-the-result")
    facts += _against(call, walk, module, options)
    yield Match(loop, loop_captures(StepLoop(walk, call, tuple(facts)), module), facts)


def _walks_over_workers(walk: Walk, options: Options) -> bool:
    noun = last_noun(walk.items)
    if any(mentions(word, options["item_words"]) for word in (noun, *walk.names)):
        return False
    return any(mentions(word, options["worker_words"], options["part_words"]) for word in (noun, *walk.names))


def _work(walk: Walk, body: Sequence[cst.CSTNode], module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the first call that lets the worker work: ``agent.run(text)``, ``execute_agent(agent, text)``."""
    names = names_made_from(walk.names, body, module)
    for call in module.below(body, cst.Call):
        method = last_name(call.func)
        if not call.args or not words(method) or words(method)[0] in options["idle_words"]:
            continue
        owned = isinstance(call.func, cst.Attribute) and dotted(call.func).partition(".")[0] in names
        if owned and mentions(method, options["run_words"]):
            return call
        if not any(mentions(word, options["worker_words"]) for word in (last_noun(walk.items), *walk.names)):
            continue
        if owned and words(method)[0] in options["work_words"]:
            return call
        if owned and _is_named_for(method, walk):
            return call
        handed = any(isinstance(arg.value, cst.Name) and arg.value.value in walk.names for arg in call.args)
        if handed and mentions(method, options["run_words"]) and not method[:1].isupper():
            return call
    return None


def _is_named_for(method: str, walk: Walk) -> bool:
    """Say whether a worker is named for what it does: a ``collector`` that collects."""
    verb = words(method)[0]
    stem = verb[:-1] if verb.endswith("e") else verb
    return len(stem) >= _SHORTEST_STEM and any(part.startswith(stem) for name in walk.names for part in words(name))


def _against(call: cst.Call, walk: Walk, module: ParsedModule, options: Options) -> Iterator[str]:
    if module.enclosing(walk.loop, cst.For, cst.While, cst.FunctionDef) is not module.function_of(walk.loop):
        yield "takes-turns"
    if _answers_with_the_first(call, walk, module):
        yield "tries-one-after-the-other"
    function = module.function_of(walk.loop)
    name = function.name.value if function else ""
    if mentions(name, options["idle_words"] - {"build", "make"}) or mentions(name, options["reading_words"]):
        yield "only-reads-the-workers"
    if mentions(module.symbol(walk.loop), options["other_words"]):
        yield "another-kind-of-plan"


def _answers_with_the_first(call: cst.Call, walk: Walk, module: ParsedModule) -> bool:
    """Say whether the first result that will do ends the loop: workers are tried until one has an answer."""
    made = places_made_from(call, walk, module)
    body = body_of(walk.loop, module)
    if any(
        module.is_below(call, [answer]) or made & _names(answer, module) for answer in module.below(body, cst.Return)
    ):
        return True
    return any(
        made & _names(branch.test, module)
        and not isinstance(branch.test, cst.UnaryOperation)
        and any(isinstance(last, cst.Break) for last in statements(branch.body))
        for branch in module.below(body, cst.If)
    )


def _names(node: cst.CSTNode, module: ParsedModule) -> set[str]:
    return {name.value for name in module.all_below(node, cst.Name)}
