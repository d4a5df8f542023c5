"""Loops that carry out the steps of a plan: the facts that speak for and against one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.plans.execution import branches_by_step, executions
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, last_noun, noun_of
from hiveloop_scan.plans.replies import has_parts_of_a_reply
from hiveloop_scan.plans.sources import listed_steps, planner_call_behind
from hiveloop_scan.plans.status import mark_of
from hiveloop_scan.plans.walks import Loop, Walk, body_of, names_made_from, taking_walks, walk_of
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_AGAINST = {
    "steps-are-over", "only-reads-the-steps", "another-kind-of-plan", "runs-a-composition", "items-may-be-anything",
}  # fmt: skip
_TOO_LITTLE = {"stands-where-plans-are-run", "steps-are-listed-here"}
"""Facts that make steps of items only together with another name or source."""

_ORDERS = ("execution_order", "topological_order", "run_order", "execution_levels", "execution_sequence")
"""Names of collections that hold steps in the order in which they are to be carried out."""

ENDINGS = frozenset({"cleanup", "teardown", "shutdown", "closers", "finalizers", "rollback"})
"""What is done when the work is over, in an order as well."""

_GROUPING = ("group", "groups", "batches", "waves", "levels", "layers", "order", "ordered", "sort", "topological")
_STAFF = ("agent", "agents", "worker", "workers", "crew", "team", "tool", "tools", "prompt", "prompts", "nodes")

_SURENESS = ("each-step-is-executed", "each-step-is-worked-on", "each-step-is-awaited")


@dataclass(frozen=True)
class StepLoop:
    """A walk over what may be the steps of a plan, the call that carries a step out, and the facts."""

    walk: Walk
    call: cst.Call
    facts: tuple[str, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether a fact speaks against it."""
        return not _AGAINST.isdisjoint(self.facts)


def step_loop(loop: Loop, module: ParsedModule, options: Options) -> StepLoop | None:
    """Look at a loop as one over the steps of a plan; None where no step is carried out."""
    if isinstance(loop, cst.While):
        walks = [walk for walk in taking_walks(loop, module) if _takes_steps(walk, module, options)]
    else:
        walk = walk_of(loop, module)
        walks = [walk] if walk else []
    for walk in walks:
        noun = noun_of(walk.items)
        if (
            words(last_noun(walk.items)) == ("tools",)
            or any(mentions(word, options["item_words"]) for word in (last_noun(walk.items), *walk.names))
            or is_another_kind_of_plan(noun, options)
        ):
            continue
        body = body_of(loop, module)
        names = names_made_from(walk.names, body, module)
        found = dict(_by_sureness(executions(body, names, module, options)))
        chosen = branches_by_step(body, names, module, options) if not found and _is_planned(walk, options) else None
        if chosen is not None:
            found = {"each-step-is-executed": chosen}
        if found:
            sure = next(fact for fact in _SURENESS if fact in found)
            naming = [*_naming(walk, module, options), *_running(walk, found[sure], options)]
            if sure == "each-step-is-awaited" and set(naming) <= _TOO_LITTLE | {"steps-come-from-a-model"}:
                continue
            if not set(naming) - _TOO_LITTLE:
                if sure == "each-step-is-awaited" or maker_of(walk.items, module, options) is None:
                    continue
                naming.append("items-may-be-anything")
            facts = [sure, *naming, *_handling(walk, found[sure], body, module, options)]
            return StepLoop(walk, found[sure], (*facts, *_against(walk, found[sure], module, options)))
    return None


def maker_of(items: cst.BaseExpression, module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the call of a function that may have thought of the items: ``ideas = self.suggest_ideas(topic)``."""
    for value in (items, *(values_of(items.value, items, module) if isinstance(items, cst.Name) else ())):
        call = value.expression if isinstance(value, cst.Await) else value
        verb = words(last_name(call.func))[:1] if isinstance(call, cst.Call) else ()
        if isinstance(call, cst.Call) and verb and verb[0] in options["thinking_verbs"]:
            return None if last_name(call.func)[:1].isupper() else call
    return None


def _takes_steps(walk: Walk, module: ParsedModule, options: Options) -> bool:
    """Say whether what a while loop takes its items from holds steps, by its name or by where it comes from."""
    return is_step_like(walk, options) or planner_call_behind(walk.items, module, options) is not None


def is_step_like(walk: Walk, options: Options) -> bool:
    """Say whether what is walked over is called the steps of something; ``search_step(node)`` takes one itself."""
    called = words(last_name(walk.items.func)) if isinstance(walk.items, cst.Call) else ()
    if called[-1:] == ("step",) and not isinstance(walk.loop, cst.While):
        return False
    return mentions(last_noun(walk.items), options["step_words"]) or _is_grouped(walk.items, options)


def _is_grouped(items: cst.BaseExpression, options: Options) -> bool:
    """Say whether a call sorts steps into groups or an order: ``for group in self._group_units(plan)``."""
    if not isinstance(items, cst.Call) or not mentions(last_name(items.func), _GROUPING):
        return False
    return any(mentions(last_noun(arg.value), options["step_words"]) for arg in items.args)


def _is_planned(walk: Walk, options: Options) -> bool:
    """Say whether what is walked over is called steps or a plan: ``plans`` that were read from a text."""
    return is_step_like(walk, options) or mentions(last_noun(walk.items), options["plan_names"])


def _by_sureness(found: Iterator[tuple[cst.Call, str]]) -> Iterator[tuple[str, cst.Call]]:
    """Yield the first call of each sureness."""
    seen: set[str] = set()
    for call, fact in found:
        if fact not in seen:
            seen.add(fact)
            yield fact, call


def _naming(walk: Walk, module: ParsedModule, options: Options) -> Iterator[str]:
    if is_step_like(walk, options) or any(mentions(name, options["step_names"]) for name in walk.names):
        yield "walks-over-steps"
    words_of_items = (last_noun(walk.items), *walk.names)
    of_a_queue = any(mentions(word, options["queue_words"]) for word in words_of_items)
    if (
        not of_a_queue
        and any(mentions(word, options["unit_words"]) for word in words_of_items)
        and _is_marked(walk, module)
    ):
        yield "items-are-marked"
    if _are_commands(walk, module, options):
        yield "commands-are-worked-off"
    if mentions(last_noun(walk.items), _ORDERS):
        yield "order-is-worked-out"
    if mentions(noun_of(walk.items), options["plan_words"]):
        yield "steps-of-a-plan"
    elif mentions(module.symbol(walk.loop), options["plan_words"]):
        yield "stands-where-plans-are-run"
    if listed_steps(walk.items, module):
        yield "steps-are-listed-here"
    elif planner_call_behind(walk.items, module, options):
        yield "steps-come-from-a-planner"
    elif has_parts_of_a_reply(walk.items, module, options):
        yield "steps-come-from-a-model"


def _running(walk: Walk, call: cst.Call, options: Options) -> Iterator[str]:
    """Yield that the items are units of work which are run: ``task.run()``, ``execute_task(task)``."""
    noun = words(last_noun(walk.items))
    if not isinstance(walk.loop, cst.For) or isinstance(walk.items, cst.Call) or walk.step is None or not noun:
        return
    if noun[-1] not in options["run_units"] or mentions(last_noun(walk.items), options["queue_words"]):
        return
    method = words(last_name(call.func))
    runs = not options["run_words"].isdisjoint(method[:1])
    itself = dotted(call.func).rpartition(".")[0] == walk.step and len(method) == 1
    named = method[-1:] == (noun[-1].removesuffix("s"),) and any(code(arg.value) == walk.step for arg in call.args)
    if runs and (itself or named):
        yield "units-are-run"


def _are_commands(walk: Walk, module: ParsedModule, options: Options) -> bool:
    """Say whether the commands that a function is given are run, and how each ended is kept in a list."""
    if not isinstance(walk.items, cst.Name) or not mentions(walk.items.value, options["command_names"]):
        return False
    function = module.function_of(walk.loop)
    if function is None or walk.items.value not in {param.name.value for param in parameters(function)}:
        return False
    kept = {
        dotted(put.func).rpartition(".")[0]
        for put in module.below(body_of(walk.loop, module), cst.Call)
        if last_name(put.func) == "append" and put.args
    }
    return any(code(answer.value) in kept for answer in module.below(function.body, cst.Return) if answer.value)


def _is_marked(walk: Walk, module: ParsedModule) -> bool:
    """Say whether a round tells of its item how it ended: ``task.status = Status.DONE``."""
    marks = [mark_of(node, module) for node in module.below(body_of(walk.loop, module), cst.Assign)]
    return any(
        mark.known and mark.action != "started" and code(mark.owner) in walk.names for mark in marks if mark is not None
    )


def _handling(
    walk: Walk, call: cst.Call, body: Sequence[cst.CSTNode], module: ParsedModule, options: Options
) -> Iterator[str]:
    kept = _names_bound_to(call, module)
    if kept & module.names_in(*call.args) or _assigns_what_it_is_given(call, module):
        yield "result-goes-to-the-next-step"
    elif kept or _is_kept(call, module):
        yield "results-are-kept"
    for assign in module.below(body, cst.Assign):
        target = dotted(assign.targets[0].target)
        place = code(assign.targets[0].target)
        if target.partition(".")[0] in walk.names and mentions(place, options["status_words"]):
            yield "status-of-the-step-changes"
        if walk.index and code(assign.value) == walk.index and mentions(place, options["position_words"]):
            yield "position-is-kept"


def _against(walk: Walk, call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    noun = noun_of(walk.items)
    if mentions(noun, options["past_words"]) or mentions(noun, ENDINGS):
        yield "steps-are-over"
    function = module.function_of(walk.loop)
    name = function.name.value if function else ""
    if (
        any(word in options["idle_words"] for word in words(name)[:1])
        or mentions(name, options["reading_words"])
        or _staffs_the_steps(name, options)
    ):
        yield "only-reads-the-steps"
    if is_another_kind_of_plan(module.symbol(walk.loop), options):
        yield "another-kind-of-plan"
    method = last_name(call.func)
    if (method == name and method in options["composition_words"]) or _only_transforms(
        walk, call, name, module, options
    ):
        yield "runs-a-composition"


def _only_transforms(walk: Walk, call: cst.Call, name: str, module: ParsedModule, options: Options) -> bool:
    """Say whether each item is a function that makes one text of another: ``text = step(text)``."""
    if not isinstance(call.func, cst.Name) or call.func.value != walk.step or len(call.args) != 1:
        return False
    runs = mentions(name, options["run_words"]) or mentions(module.symbol(walk.loop), options["plan_words"])
    return (
        not runs
        and listed_steps(walk.items, module) is None
        and code(call.args[0].value) in _names_bound_to(call, module)
    )


def _staffs_the_steps(name: str, options: Options) -> bool:
    """Say whether a function makes a worker for each step, and lets none work: ``create_agents(plan)``."""
    return bool(words(name)) and words(name)[0] in options["making_verbs"] and mentions(name, _STAFF)


def _names_bound_to(call: cst.Call, module: ParsedModule) -> set[str]:
    """Return the names that take the result of a call, awaited or not."""
    around = module.parent(call)
    if isinstance(around, cst.Await):
        around = module.parent(around)
    if isinstance(around, cst.Assign):
        return {name for target in around.targets for name in module.names_in(target.target)}
    return set()


def _assigns_what_it_is_given(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call is given what its result replaces: ``state.data = step.run(state.data)``."""
    around = module.enclosing(call, cst.Assign, cst.FunctionDef)
    if not isinstance(around, cst.Assign):
        return False
    return any(code(arg.value) == code(target.target) for target in around.targets for arg in call.args)


def _is_kept(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the result of a call is put somewhere: returned, yielded, appended, part of an expression."""
    around = module.parent(call)
    if isinstance(around, cst.Await):
        around = module.parent(around)
    return not isinstance(around, cst.Expr)
