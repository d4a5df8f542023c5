"""Find health checks that fail and something is done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.blocks import branch_around, rest_after
from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.health import (
    asks_for_health,
    is_put_out_of_use,
    marks_as_ill,
    marks_as_well,
    says_that_it_is_ill,
    says_that_it_is_well,
)
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.log_lines import grave_lines, text_of
from hiveloop_scan.conditions.probes import bad_answer, is_probe, keeps_what_a_probe_says, missing_on_disk
from hiveloop_scan.conditions.reactions import Reaction, reaction_of
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.flow import Flow, flow_of_suite, is_true
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_TELLS = {"log", "logger", "logging", "print", "echo"}
_REMOVES = ("pop", "remove", "discard", "evict", "drop", "terminate", "kill")
Loop = cst.For | cst.While
Place = cst.If | cst.ExceptHandler | cst.Assign | Loop


@detector(cst.If, cst.ExceptHandler, cst.Assign, cst.For, cst.While)
def unreported_ill_health(node: Place, module: ParsedModule, options: Options) -> Iterator[Match]:
    if isinstance(node, cst.If):
        found = list(_failed_check(node, module, options))
        found = found or list(_bad_answer(node, module, options))
        yield from found or _said_to_be_ill(node, module, options)
    elif isinstance(node, cst.ExceptHandler):
        yield from _failed_probe(node, module, options)
    elif isinstance(node, (cst.For, cst.While)):
        yield from _asked_in_vain(node, module, options)
    else:
        yield from _marked(node, module, options)


def _failed_check(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``if not client.ping(): ...``, or ``if healthy: return`` and what comes after it."""
    if says_that_it_is_ill(node.test, module, options):
        block: Sequence[cst.CSTNode] = statements(node.body)
    elif says_that_it_is_well(node.test, module, options):
        if isinstance(node.orelse, cst.Else):
            block = statements(node.orelse.body)
        elif node.orelse is None and flow_of_suite(node.body) == Flow.RETURN:
            block = rest_after(node, module)
        else:
            return
    else:
        return
    reaction = reaction_of(block, module)
    if not block or reaction.only_raises or mentions(module.text(block[0]), options["recovered_words"]):
        return
    if not reaction.changes and not reaction.acts and _has_told_already(node.test, module, options):
        return
    facts = ["health-is-found-bad", *_reaction_facts(reaction)]
    if _keeps_the_failure(block, reaction, module, options):
        facts.append("failure-is-kept")
    called = [last_name(call.func) for call in module.below(block, cst.Call)]
    if "recovery-is-tried" not in facts and any(_handles(name, options) for name in called):
        facts.append("recovery-is-tried")
    if len(facts) > 1 and (
        reaction.level or reaction.alerts or block[0] is not next(iter(rest_after(node, module)), None)
    ):
        yield Match(
            node, _captures(node, block, reaction, node.test, module), [*facts, *_place_facts(node, module, options)]
        )


def _has_told_already(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether the check that a test asks for stands in this file, and tells of what it catches itself."""
    asked = module.below(test, cst.Call)
    for name in module.below(test, cst.Name):
        asked += [call for value in values_of(name.value, test, module) for call in module.below(value, cst.Call)]
    return any(
        asks_for_health(function.name.value, options)
        and module.below(function.body, cst.ExceptHandler)
        and grave_lines(function.body, module)
        for call in asked
        for function in functions_run(call.func, module)
    )


def _keeps_the_failure(
    block: Sequence[cst.CSTNode], reaction: Reaction, module: ParsedModule, options: Options
) -> bool:
    """Say whether a block counts a failure, or marks something as ill, for longer than the call."""
    if any(mentions(change.rpartition(".")[2], options["counting_words"]) for change in reaction.changes):
        return True
    return any(marks_as_ill(assign, module, options) for assign in module.below(block, cst.Assign))


def _handles(name: str, options: Options) -> bool:
    """Say whether a function of that name deals with something ill: ``_handle_service_unhealthy``."""
    return mentions(name, options["handling_words"]) and mentions(name, options["ill_words"])


def _failed_probe(node: cst.ExceptHandler, module: ParsedModule, options: Options) -> Iterator[Match]:
    """A handler in a function that does nothing but ask for health."""
    function = module.function_of(node)
    if function is None or _is_about_a_package(node):
        return
    if not is_probe(function, module, options) and not keeps_what_a_probe_says(node, module, options):
        return
    block = statements(node.body)
    reaction = reaction_of(block, module)
    if flow_of_suite(node.body) == Flow.RAISE or not (reaction.level or reaction.alerts):
        return
    if module.enclosing(node, cst.For, cst.While, cst.FunctionDef) is not function or _is_a_later_handler(node, module):
        return
    facts = ["health-probe-fails", *_reaction_facts(reaction), *_place_facts(node, module, options)]
    yield Match(node, _captures(node, block, reaction, None, module), facts)


def _said_to_be_ill(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``if link: log.info("link is unhealthy, making a new one"); self.links.pop(name)``: told, and acted on."""
    block = statements(node.body)
    calls = [call for call in module.below(block, cst.Call) if branch_around(call, module) is node]
    said = "\n".join(text_of(call, module) for call in calls if _TELLS.intersection(words(dotted(call.func))))
    if not mentions(said, options["ill_words"]) or mentions(said, options["recovered_words"]):
        return
    reaction = reaction_of(block, module)
    removes = any(last_name(call.func) in _REMOVES for call in calls)
    if (reaction.acts or removes) and not reaction.only_raises and module.function_of(node) is not None:
        facts = ["health-is-found-bad", "recovery-is-tried", *_place_facts(node, module, options)]
        yield Match(node, _captures(node, block, reaction, node.test, module), facts)


def _asked_in_vain(loop: Loop, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``while waited < limit: if ping(): return True``, and what is said and answered when the loop has run out."""
    function = module.function_of(loop)
    if (
        function is None
        or not is_probe(function, module, options)
        or (isinstance(loop, cst.While) and is_true(loop.test))
    ):
        return
    leaves = module.below(statements(loop.body), cst.Return)
    rest = rest_after(loop, module) if module.parent(module.parent(loop) or loop) is function else ()
    reaction = reaction_of(rest, module)
    no = any(leaf.value is not None and code(leaf.value) == "False" for leaf in module.below(rest, cst.Return))
    if leaves and no and (reaction.level or reaction.alerts):
        facts = ["health-probe-fails", *_reaction_facts(reaction), *_place_facts(loop, module, options)]
        yield Match(rest[0], _captures(loop, rest, reaction, None, module), facts)


def _bad_answer(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``if response.status == 200: ... else: log.error(...)`` in a function that looks whether a service works."""
    function = module.function_of(node)
    if function is None:
        return
    found = bad_answer(node, module, options) if is_probe(function, module, options) else None
    found = found or missing_on_disk(node, function, module, options)
    if found is None:
        return
    branch, block = found
    reaction = reaction_of(block, module)
    if reaction.only_raises or not (reaction.level or reaction.alerts):
        return
    facts = ["probe-answers-badly", *_reaction_facts(reaction), *_place_facts(node, module, options)]
    yield Match(branch, _captures(branch, block, reaction, node.test, module), facts)


def _is_about_a_package(node: cst.ExceptHandler) -> bool:
    return node.type is not None and mentions(code(node.type), ("import", "import_error", "module_not_found"))


def _is_a_later_handler(node: cst.ExceptHandler, module: ParsedModule) -> bool:
    """Say whether an earlier handler of the same try statement tells somebody already."""
    owner = module.parent(node)
    earlier = owner.handlers if isinstance(owner, cst.Try) else ()
    return any(
        handler is not node and module.is_before(handler, node) and reaction_of(statements(handler.body), module).level
        for handler in earlier
    )


def _marked(node: cst.Assign, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``self.healthy = False``, ``server.status = Status.UNHEALTHY``."""
    if is_put_out_of_use(node, module, options):
        handler = branch_around(node, module)
        assert handler is not None
        reaction = reaction_of(statements(handler.body), module)
        facts = ["is-marked-as-ill", "in-a-failing-branch", *(["somebody-is-told"] if reaction.level else [])]
        yield Match(node, _captures(node, (), reaction, None, module), [*facts, *_place_facts(node, module, options)])
        return
    if not marks_as_ill(node, module, options):
        return
    if not any(marks_as_well(other, module, options) for other in module.nodes(cst.Assign)):
        return
    branch = branch_around(node, module)
    if isinstance(branch, cst.If) and says_that_it_is_ill(branch.test, module, options):
        return
    function = module.function_of(node)
    if isinstance(branch, cst.ExceptHandler) and function is not None and asks_for_health(function.name.value, options):
        return
    block = statements(branch.body) if branch is not None else ()
    reaction = reaction_of(block, module)
    facts = ["is-marked-as-ill"]
    if branch is not None:
        facts.append("in-a-failing-branch")
    if reaction.level or reaction.alerts:
        facts.append("somebody-is-told")
    yield Match(node, _captures(node, (), reaction, None, module), [*facts, *_place_facts(node, module, options)])


def _reaction_facts(reaction: Reaction) -> Iterator[str]:
    if reaction.level or reaction.alerts:
        yield "somebody-is-told"
    if reaction.changes:
        yield "what-lasts-is-changed"
    if reaction.acts:
        yield "recovery-is-tried"


def _place_facts(node: cst.CSTNode, module: ParsedModule, options: Options) -> Iterator[str]:
    function = module.function_of(node)
    if function is None:
        return
    if any(mentions(code(decorator.decorator), options["endpoint_words"]) for decorator in function.decorators):
        yield "answers-a-request"
    if mentions(function.name.value, options["inspection_words"]):
        yield "function-only-inspects"


def _captures(
    node: Place | cst.Else,
    block: Sequence[cst.CSTNode],
    reaction: Reaction,
    test: cst.BaseExpression | None,
    module: ParsedModule,
) -> dict[str, Capture]:
    place = node.targets[0].target if isinstance(node, cst.Assign) else None
    asked = next((last_name(call.func) for call in module.below(test, cst.Call)), "") if test is not None else ""
    category = category_of([code(place) if place else code(test) if test else "", "health"])
    owner = place.value if isinstance(place, cst.Attribute) else None
    subject = subject_of([dotted(owner).removeprefix("self")] if owner is not None else [], node, module)
    function = module.function_of(node)
    condition = Condition(
        what=code(place)
        if place
        else asked or (code(test) if test is not None else function.name.value if function else "health"),
        severity="critical" if reaction.stops else "high",
        category=category,
        identity=issue_id(category, subject, key_of(place) if place else None),
        test=test,
    )
    return issue_captures(condition, node, block, module)
