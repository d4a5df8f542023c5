"""Find steps that are counted from one: HiveBoard counts them from nought."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices, number_given, texts_given
from hiveloop_scan.sdk.plans import counts_by_hand, loops_counting, plans_of, steps_written
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import code, dotted
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def one_based_step_index(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``for number, step in enumerate(steps, 1): task.plan_step(number, ...)``."""
    call = sdk_call(node, module)
    index = call.argument("step_index") if call and call.method == "plan_step" else None
    if call is None or index is None:
        return
    reason = _names_another_step(call, module)
    if not reason and not _has_steps_in_front(call, module):
        reason = _counts_from_one(index, module) or _adds_one(call, index, module)
    if reason:
        yield complaint(call, reason, at=index, index=short(index))


def _names_another_step(call: SdkCall, module: ParsedModule) -> str | None:
    """The text is that of a step of the plan, and the index that of another."""
    number = number_given(call.argument("step_index"), module)
    plans = plans_of(call, module)
    steps = steps_written(plans[-1], module) if plans else None
    said = texts_given(call.argument("summary"), module)
    if number is None or not steps or len(said) != 1:
        return None
    places = [place for place, step in enumerate(steps) if text_of(step) == said[0]]
    return "text-is-that-of-another-step" if places and number not in places else None


def _has_steps_in_front(call: SdkCall, module: ParsedModule) -> bool:
    """Say whether the plan is put together of parts: what is counted may be the later ones."""
    written = [choice for plan in plans_of(call, module) for choice in choices(plan.argument("steps"), module)]
    return any(
        isinstance(steps, cst.BinaryOperation)
        or (isinstance(steps, cst.List) and any(isinstance(step, cst.StarredElement) for step in steps.elements))
        for steps in written
    )


def _counts_from_one(index: cst.BaseExpression, module: ParsedModule) -> str | None:
    if not isinstance(index, cst.Name):
        return None
    if any(start == 1 for _, start in loops_counting(index.value, index, module)):
        return "counts-from-one"
    by_hand = counts_by_hand(index.value, index, module)
    if by_hand is None or by_hand[0] != 1:
        return None
    return "counts-from-one" if any(module.is_before(index, step) for step in by_hand[1]) else None


def _adds_one(call: SdkCall, index: cst.BaseExpression, module: ParsedModule) -> str | None:
    """One is added to what counts from nought, and no call in the loop goes without."""
    if not isinstance(index, cst.BinaryOperation) or not isinstance(index.operator, cst.Add):
        return None
    if code(index.right) != "1" or not isinstance(index.left, cst.Name):
        return None
    for loop, start in loops_counting(index.left.value, index, module):
        others = [step for step in sdk_calls(module, "plan_step") if module.is_below(step.node, [loop.body])]
        if start == 0 and all(dotted(step.argument("step_index")) != index.left.value for step in others):
            return "one-is-added"
    return None
