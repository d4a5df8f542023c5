"""Shapes that ask for the words of a need in one place of the code, not anywhere in it."""

from __future__ import annotations

from hiveloop_scan.syntax.again_shapes import AGAIN_SHAPES
from hiveloop_scan.syntax.asker_shapes import ASKER_SHAPES
from hiveloop_scan.syntax.asking_shapes import branches_on_an_answer, finds_steps_alike
from hiveloop_scan.syntax.condition_shapes import (
    ABSENCE_SIGNS,
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
from hiveloop_scan.syntax.disk_shapes import ON_DISK, asks_the_environment, finds_a_bad_setting, misses_a_file
from hiveloop_scan.syntax.handing_shapes import HANDING_SHAPES
from hiveloop_scan.syntax.keeping_shapes import KEEPING_SHAPES
from hiveloop_scan.syntax.loop_shapes import WORDED_LOOPS
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
    MAIN_METHODS,
    STATES,
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
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, holding, whole
from hiveloop_scan.syntax.tool_shapes import TOOL_RUNS
from hiveloop_scan.syntax.trying_shapes import TRYING_SHAPES

_BRANCH, _HANDLER, _LOOP = whole("if"), whole("except"), whole("for", "while")
WORDED_SHAPES = {
    "limit-test": Shape(has_limit_test, [[WORDS]], glance=holding(rb"(?<!-)>|<|==")),
    "change-of-a-count": Shape(changes_a_count, [[WORDS]]),
    "set-to-a-state": Shape(sets_to_a_state, [[WORDS]]),
    "set-to-a-time": Shape(sets_to_a_time, [[WORDS]]),
    "share-test": Shape(compares_a_share, glance=holding(rb"(?<!-)>|<")),
    "named-with-handler": Shape(has_named_handlers, [[_HANDLER, WORDS, ALSO]]),
    "probe-in-try": Shape(tries_a_probe, [[_HANDLER, WORDS]]),
    "named-with-status-test": Shape(tests_a_status, [[_BRANCH, WORDS, ALSO]]),
    "absence-that-is-told": Shape(tells_absence, ABSENCE_SIGNS),
    "environment-that-is-asked": Shape(asks_the_environment, [[_BRANCH, WORDS]]),
    "file-that-is-not-there": Shape(misses_a_file, [[_BRANCH, ON_DISK, WORDS, ALSO]]),
    "setting-found-bad": Shape(finds_a_bad_setting, [[_BRANCH, WORDS, ALSO], [_HANDLER, WORDS, ALSO]]),
    "flag-in-handler": Shape(flags_in_handler, [[_HANDLER, WORDS]]),
    "service-set-up": Shape(sets_up_a_service, [[_HANDLER, WORDS, ALSO]]),
    "error-kept-and-cleared": Shape(keeps_and_clears_an_error, [[_HANDLER, WORDS]]),
    "steps-alike": Shape(finds_steps_alike, [[WORDS, whole("set")], [WORDS, whole("count")]]),
    "measure-test": Shape(tests_a_measure, [[_BRANCH, WORDS]]),
    "branch-on-answer": Shape(branches_on_an_answer, [[_BRANCH, WORDS, ALSO]]),
    "branch-with-text": Shape(has_branch_with_text, [[_BRANCH, WORDS]]),
    "branch-on": Shape(branches_on, [[_BRANCH, WORDS], [_HANDLER, WORDS]]),
    "loop-over-named": Shape(has_loop_over_named, [[_LOOP, WORDS]]),
    "value-named": Shape(has_value_named, [[WORDS, ALSO]]),
    "main-method": Shape(has_main_method, [[whole(*MAIN_METHODS), WORDS, ALSO]]),
    "position-kept": Shape(has_position_kept, [[WORDS]]),
    "status-set": Shape(has_status_set, [[STATES, WORDS], [STATES, whole("self")], [WORDS]]),
    "item-by-position": Shape(has_item_by_position, [[WORDS, ALSO]]),
    "listed-values": Shape(has_listed_values, [[WORDS]]),
    "loop-over-answer": Shape(has_loop_over_answer, [[whole("for"), WORDS, ALSO]]),
    **ORDER_SHAPES,
    **SAID_SHAPES,
    **AGAIN_SHAPES,
    **ASKER_SHAPES,
    **HANDING_SHAPES,
    **KEEPING_SHAPES,
    **OBJECT_SHAPES,
    **WORDED_LOOPS,
    **TOOL_RUNS,
    **TRYING_SHAPES,
    **WORDED_QUEUE_SHAPES,
}
"""Their tests are given the `words` and `also` of a need as well."""
