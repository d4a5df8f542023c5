"""Shapes that ask for the words of a need in one place of the code, not anywhere in it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from hiveloop_scan.syntax.asker_shapes import ASKER_SHAPES
from hiveloop_scan.syntax.asking_shapes import branches_on_an_answer, finds_steps_alike
from hiveloop_scan.syntax.condition_shapes import (
    branches_on,
    changes_a_count,
    compares_a_share,
    has_branch_with_text,
    has_limit_test,
    sets_to_a_state,
    sets_to_a_time,
    tells_absence,
    tests_a_measure,
)
from hiveloop_scan.syntax.disk_shapes import asks_the_environment, finds_a_bad_setting, misses_a_file
from hiveloop_scan.syntax.handing_shapes import HANDING_SHAPES
from hiveloop_scan.syntax.keeping_shapes import KEEPING_SHAPES
from hiveloop_scan.syntax.model_shapes import OBJECT_SHAPES
from hiveloop_scan.syntax.named_shapes import (
    flags_in_handler,
    has_named_handlers,
    keeps_and_clears_an_error,
    sets_up_a_service,
    tests_a_status,
    tries_a_probe,
)
from hiveloop_scan.syntax.order_shapes import ORDER_SHAPES
from hiveloop_scan.syntax.plan_shapes import (
    has_item_by_position,
    has_listed_values,
    has_loop_over_answer,
    has_loop_over_named,
    has_main_method,
    has_position_kept,
    has_status_set,
    has_value_named,
)
from hiveloop_scan.syntax.queue_shapes import WORDED_QUEUE_SHAPES
from hiveloop_scan.syntax.said_shapes import SAID_SHAPES
from hiveloop_scan.syntax.spelling import Words
from hiveloop_scan.syntax.tool_shapes import TOOL_RUNS
from hiveloop_scan.syntax.trying_shapes import TRYING_SHAPES

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
WORDED_SHAPES: dict[str, tuple[bytes, Callable[[Unit, Words, Words], bool]]] = {
    "limit-test": (rb"[<>=]=|<|>", has_limit_test),
    "change-of-a-count": (rb"=|\.|\bdel\b", changes_a_count),
    "set-to-a-state": (rb"=|\(", sets_to_a_state),
    "set-to-a-time": (rb"=", sets_to_a_time),
    "share-test": (rb"[<>]", compares_a_share),
    "named-with-handler": (rb"\bexcept\b", has_named_handlers),
    "probe-in-try": (rb"\bexcept\b", tries_a_probe),
    "named-with-status-test": (rb"\bif\b", tests_a_status),
    "absence-that-is-told": (rb"\bif\b", tells_absence),
    "environment-that-is-asked": (rb"env", asks_the_environment),
    "file-that-is-not-there": (rb"exists|is_?file|is_?dir", misses_a_file),
    "setting-found-bad": (rb"\bif\b|\bexcept\b", finds_a_bad_setting),
    "flag-in-handler": (rb"\bexcept\b", flags_in_handler),
    "service-set-up": (rb"\bexcept\b", sets_up_a_service),
    "error-kept-and-cleared": (rb"\bexcept\b", keeps_and_clears_an_error),
    "steps-alike": (rb"\bset\(|\.count\(", finds_steps_alike),
    "measure-test": (rb"\bif\b", tests_a_measure),
    "branch-on-answer": (rb"\bif\b", branches_on_an_answer),
    "branch-with-text": (rb"\bif\b", has_branch_with_text),
    "branch-on": (rb"\bif\b|\bexcept\b", branches_on),
    "loop-over-named": (rb"\b(?:for|while)\b", has_loop_over_named),
    "value-named": (rb"", has_value_named),
    "main-method": (rb"run|forward|__call__|invoke|act|execute", has_main_method),
    "position-kept": (rb"\[|\+|\blen\b", has_position_kept),
    "status-set": (rb"status|state|phase|done|complete|finished", has_status_set),
    "item-by-position": (rb"\[|\.\w*(?:current|next|pending|remaining|upcoming|first|ready|pop)", has_item_by_position),
    "listed-values": (rb"[\[(,]", has_listed_values),
    "loop-over-answer": (rb"\bfor\b", has_loop_over_answer),
    **ASKER_SHAPES,
    **ORDER_SHAPES,
    **SAID_SHAPES,
    **HANDING_SHAPES,
    **KEEPING_SHAPES,
    **OBJECT_SHAPES,
    **TOOL_RUNS,
    **TRYING_SHAPES,
    **WORDED_QUEUE_SHAPES,
}
"""Shape name -> the bytes a file needs, and the test on one function, given the `words` and `also` of its need."""

SPOKEN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(WORDED_SHAPES, ()),
    **dict.fromkeys(
        [
            "limit-test", "change-of-a-count", "set-to-a-state", "set-to-a-time", "error-kept-and-cleared",
            "steps-alike", "measure-test", "branch-with-text", "branch-on", "loop-over-named", "listed-values",
            "position-kept", "loop-over-workers", "loop-over-made", "built-units", "counter-test",
            "environment-that-is-asked", "kept-value", "probe-in-try", "told-step", "flag-in-handler",
        ],
        ("words",),
    ),
    "call-again-in-branch": ("also",),
    **dict.fromkeys(
        [
            "value-named", "main-method", "item-by-position", "loop-over-answer", "named-with-handler",
            "named-with-status-test", "service-set-up", "branch-on-answer", "run-in-order",
            "same-argument-in-handler", "state-in-handler", "put-in-failure", "file-that-is-not-there",
            "setting-found-bad", *ASKER_SHAPES, *HANDING_SHAPES, *OBJECT_SHAPES, *SAID_SHAPES,
        ],
        ("words", "also"),
    ),
}  # fmt: skip
"""Worded shape -> which words of its need stand in the text of every function that has it; other shapes say all."""
