"""Find the places that know that a lasting problem is over: counters set back, circuits closed, health regained."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.blocks import branch_around, rest_after
from hiveloop_scan.conditions.breakers import changes_in, closing_facts, opening_facts, place_of
from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.counters import (
    Reset,
    all_resets,
    counts_exceptions,
    is_nought,
    kept_place,
    leaf_of,
    limits_in,
    name_of_counter,
    reset_place,
    steps_of,
)
from hiveloop_scan.conditions.health import marks_as_ill, marks_as_well
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import resolve_captures
from hiveloop_scan.conditions.kept_errors import kept_errors
from hiveloop_scan.conditions.log_lines import gravest_level, text_of
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_MOST_OF_A_RESET = 3


@detector(cst.Module)
def unreported_recovery(tree: cst.Module, module: ParsedModule, options: Options) -> Iterator[Match]:
    closed = [match for node in changes_in(module) for match in _closed(node, module, options)]
    yield from _first_of_each_branch(closed, module)
    blocks = {id(module.enclosing(match.node, cst.IndentedBlock)) for match in closed}
    for reset in all_resets(module):
        if id(module.enclosing(reset, cst.IndentedBlock)) not in blocks:
            yield from _set_back(reset, module, options)
    for call in module.nodes(cst.Expr):
        yield from _told_to_set_back(call, module, options)
    for assign in module.nodes(cst.Assign):
        yield from _well_again(assign, module, options)
    yield from _error_cleared(module, options)
    for branch in module.nodes(cst.If):
        yield from _said_to_be_over(branch, module, options)


def _first_of_each_branch(matches: list[Match], module: ParsedModule) -> Iterator[Match]:
    """A circuit that closes changes several places in a row: state, count, time."""
    seen: set[int] = set()
    for match in matches:
        block = id(module.enclosing(match.node, cst.IndentedBlock))
        if block not in seen:
            seen.add(block)
            yield match


def _closed(node: cst.Assign | cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    facts = list(closing_facts(node, module, options))
    if not facts:
        return
    if any(True for other in changes_in(module) for _ in opening_facts(other, module, options)):
        facts.append("is-opened-in-this-file")
    yield Match(node, _captures(place_of(node), node, module), [*facts, *_place_facts(node, module, options)])


def _set_back(reset: Reset, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``self.failures = 0`` where the file compares the failures with a limit."""
    place = reset_place(reset)
    name = name_of_counter(place, module)
    named = mentions(name, options["failure_words"])
    if mentions(name, options["other_words"]) or not (named or counts_exceptions(place, module)):
        return
    lasting = outlives_the_call(place, module) or (
        isinstance(place, cst.Name) and kept_place(place, module) is not None and isinstance(reset, cst.Assign)
    )
    if not lasting or not steps_of(place, module):
        return
    limits = [limit for test in module.nodes(cst.If) for limit in limits_in(test, module)]
    kept = [
        limit for limit in limits if (there := kept_place(limit.counter, module)) and leaf_of(there) == leaf_of(place)
    ]
    returned = [limit for leaf in module.nodes(cst.Return) for limit in limits_in(leaf, module)]
    if not kept and not any(leaf_of(limit.counter) == leaf_of(place) for limit in returned):
        return
    facts = ["failure-counter-is-set-back", "limit-is-tested-in-this-file", *_place_facts(reset, module, options)]
    if any(module.is_below(reset, limit.reached) for limit in kept):
        facts.append("in-the-branch-of-the-limit")
    if named and not mentions(name, options["sure_words"]):
        if not name.startswith("self.") or all(reaction_of(limit.reached, module).only_raises for limit in kept):
            return
        facts.append("counter-is-named-for-tries")
    yield Match(reset, _captures(place, reset, module), facts)


def _told_to_set_back(node: cst.Expr, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``self.reset_failures()`` after a success, where the function itself is not in the file or sets nothing back."""
    call = node.value.expression if isinstance(node.value, cst.Await) else node.value
    if not isinstance(call, cst.Call) or module.function_of(node) is None:
        return
    name = last_name(call.func)
    if not (mentions(name, options["reset_words"]) and mentions(name, options["sure_words"])):
        return
    run = [function for function in functions_run(call.func, module) for _ in _resets_in(function, module, options)]
    limited = any(
        mentions(f"{code(limit.counter)} {code(place)}", options["failure_words"])
        for test in module.nodes(cst.If)
        for limit in limits_in(test, module)
        if (place := kept_place(limit.counter, module)) is not None
    )
    if limited and not run:
        facts = ["failure-counter-is-set-back", "limit-is-tested-in-this-file", *_place_facts(node, module, options)]
        yield Match(node, _captures(call.func, node, module), facts)


def _resets_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[cst.CSTNode]:
    for assign in module.below(statements(function.body), cst.Assign):
        if is_nought(assign.value) and mentions(code(assign.targets[0].target), options["failure_words"]):
            yield assign


def _well_again(node: cst.Assign, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``self.healthy = True``, where the file also says that it is not."""
    if not marks_as_well(node, module, options):
        return
    if not any(marks_as_ill(other, module, options) for other in module.nodes(cst.Assign)):
        return
    place = node.targets[0].target
    yield Match(node, _captures(place, node, module), ["is-marked-as-well", *_place_facts(node, module, options)])


def _error_cleared(module: ParsedModule, options: Options) -> Iterator[Match]:
    """``self.last_error = None`` after the work has been done, where a handler keeps the error in that place."""
    seen: set[int] = set()
    for handler in module.nodes(cst.ExceptHandler):
        for kept in kept_errors(handler, module, options):
            if id(kept.cleared) not in seen:
                seen.add(id(kept.cleared))
                facts = ["kept-error-is-cleared", *_place_facts(kept.cleared, module, options)]
                yield Match(kept.cleared, _captures(kept.place, kept.cleared, module), facts)


def _said_to_be_over(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``if not self.was_up: log.info("recovered")``: a state that outlives the call was bad before."""
    if module.function_of(node) is None:
        return
    called = [call.func for call in module.below(node.test, cst.Call)]
    asked = [
        part
        for part in module.below(node.test, cst.Attribute)
        if outlives_the_call(part, module)
        and not any(part is callee for callee in called)
        and mentions(part.attr.value, options["former_words"])
    ]
    if not asked or gravest_level(statements(node.body), module) or _is_set_back_beside(asked[0], node, module):
        return
    said = " ".join(text_of(call, module) for call in module.below(statements(node.body), cst.Call))
    if mentions(said, options["over_words"]) and not mentions(said, options["not_over_words"]):
        facts = ["says-that-it-is-over", "asks-for-the-former-state", *_place_facts(node, module, options)]
        yield Match(node, _captures(asked[0], node, module), facts)


def _is_set_back_beside(place: cst.BaseExpression, node: cst.If, module: ParsedModule) -> bool:
    """Say whether the statement after `node` sets a counter back: it is the recovery, and `node` only tells of it."""
    following = rest_after(node, module)[:1]
    return any(
        code(assign.targets[0].target) == code(place) and is_nought(assign.value)
        for assign in module.below(following, cst.Assign)
    )


def _place_facts(node: cst.CSTNode, module: ParsedModule, options: Options) -> Iterator[str]:
    function = module.function_of(node)
    name = function.name.value if function is not None else ""
    if mentions(name, options["success_words"]):
        yield "function-is-about-success"
    if mentions(name, options["start_words"]) or _starts_anew(function):
        yield "at-a-start"
    elif mentions(name, options["by_hand_words"]):
        yield "is-done-by-hand"
    if isinstance(branch_around(node, module), cst.ExceptHandler):
        yield "in-a-handler"


def _starts_anew(function: cst.FunctionDef | None) -> bool:
    """Say whether a function called reset sets more than a counter and its time back: it begins something new."""
    if function is None or function.name.value.lstrip("_") != "reset":
        return False
    return len(statements(function.body)) > _MOST_OF_A_RESET


def _captures(place: cst.BaseExpression, node: cst.CSTNode, module: ParsedModule) -> dict[str, Capture]:
    owner = module.enclosing(node, cst.ClassDef)
    category = category_of([code(place).partition("[")[0], owner.name.value if isinstance(owner, cst.ClassDef) else ""])
    subject = subject_of([code(place).partition("[")[0]], node, module)
    return resolve_captures(
        dotted(place) or code(place), category, issue_id(category, subject, key_of(place)), node, module
    )
