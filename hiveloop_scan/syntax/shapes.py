"""Shapes of code that the standard parser's tree tells cheaply, before libcst is asked to look closer.

A shape is a promise that nothing is lost: where it is absent, no detector that names it can match.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.again_shapes import RENAMED_RETRY, SELF_SHAPES
from hiveloop_scan.syntax.condition_shapes import has_count_in_handler
from hiveloop_scan.syntax.handing_shapes import (
    TOOL_RUN_SIGNS,
    goes_to_another_agent,
    has_agent_switch,
    has_answers_with_labels,
    runs_own_tool,
)
from hiveloop_scan.syntax.lookup_shapes import LOOKUP_SHAPES
from hiveloop_scan.syntax.loop_shapes import LOOP_SHAPES
from hiveloop_scan.syntax.model_shapes import MODEL_SHAPES
from hiveloop_scan.syntax.queue_shapes import QUEUE_SHAPES
from hiveloop_scan.syntax.sdk_shapes import SDK_USE
from hiveloop_scan.syntax.signs import Shape, holding, like, whole
from hiveloop_scan.syntax.tool_shapes import TOOL_SHAPES
from hiveloop_scan.syntax.waiting_shapes import WAITING_SHAPES
from hiveloop_scan.syntax.walking import nodes
from hiveloop_scan.syntax.worded_shapes import WORDED_SHAPES

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_TRY = (ast.Try, ast.TryStar)
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")


def statements_below(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement in and below a block, nested functions and classes included."""
    pending: list[ast.stmt] = list(block)
    while pending:
        node = pending.pop()
        yield node
        for name in _BLOCKS:
            below = getattr(node, name, None)
            if below:
                pending.extend(below)
        for handler in getattr(node, "handlers", ()):
            pending.extend(handler.body)
        for case in getattr(node, "cases", ()):
            pending.extend(case.body)


def _has_try(unit: Unit) -> bool:
    return any(bool(node.handlers) for node in nodes(unit, ast.Try, ast.TryStar))


def _has_retry_method_call(unit: Unit) -> bool:
    """``self.retry(...)``, as tasks of a worker call it."""
    return any(isinstance(node.func, ast.Attribute) and node.func.attr == "retry" for node in nodes(unit, ast.Call))


def _is_decorated(unit: Unit) -> bool:
    own = [unit, *statements_below(unit.body)]
    return any(isinstance(node, (*_Function, ast.ClassDef)) and bool(node.decorator_list) for node in own)


def _is_any(unit: Unit) -> bool:
    return True


SHAPES: dict[str, Shape] = {
    "any": Shape(_is_any),
    "sdk-use": SDK_USE,
    **LOOP_SHAPES,
    **SELF_SHAPES,
    "renamed-retry": Shape(_is_any, text_in_file=RENAMED_RETRY),
    "try": Shape(_has_try, [[whole("except")]]),
    "retry-method-call": Shape(_has_retry_method_call, [[whole("retry")]]),
    "decorated": Shape(_is_decorated, glance=holding(b"@")),
    "agent-switch": Shape(has_agent_switch, [[like("agent|assistant|target|switch_to")]]),
    "goes-to-another-agent": Shape(goes_to_another_agent),
    "own-tool-run": Shape(runs_own_tool, TOOL_RUN_SIGNS),
    "answers-with-labels": Shape(has_answers_with_labels, [[whole("return")]]),
    **QUEUE_SHAPES,
    "count-in-handler": Shape(has_count_in_handler, [[whole("except")]], glance=holding(rb"\+=")),
    **WORDED_SHAPES,
    **MODEL_SHAPES,
    **WAITING_SHAPES,
    **TOOL_SHAPES,
    **LOOKUP_SHAPES,
}
"""What the needs of rules name; those of `WORDED_SHAPES` ask for the words of a need themselves."""
