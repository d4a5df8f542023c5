"""The pieces of a model call that a `task.llm_call(...)` is made of."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Capture
from hiveloop_scan.models.apis import Api
from hiveloop_scan.models.arguments import Arguments
from hiveloop_scan.models.makers import Maker
from hiveloop_scan.models.runs import Outcome, Run, outcome_of
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, dotted

_WHOLE_ANSWERS = {
    "choices", "usage", "content", "output", "output_text", "text", "candidates", "usage_metadata", "tool_calls",
    "stop_reason", "message", "parts",
}  # fmt: skip
"""What only a whole answer has: the pieces of a stream are iterated over."""


def answer_captures(
    run: Run, api: Api, arguments: Arguments, makers: tuple[Maker, ...], wrapped: bool, module: ParsedModule
) -> dict[str, Capture]:
    """Describe one model call: what is asked, which model, where the answer is and how it counts its tokens.

    `model`, `tokens_in` and `tokens_out` are expressions that hold at `insert_after_line`, the last line of the
    statement with the call (None: the answer is used on the spot or streams, there is no such line), and None where
    they are not certain. `insert_line` is the first line of that statement, where a clock would start. `streaming` is
    None when it depends on arguments that cannot be seen. `call_name` is the function that asks.
    """
    outcome = outcome_of(run.node, module)
    streams = None if wrapped else _streams(api, arguments, outcome, run, module)
    whole = streams is False and outcome.name is not None and not wrapped
    counted = whole and "response_model" not in arguments.names()  # else the answer is an object of that class
    function = module.function_of(run.node)
    span = module.span(outcome.statement) if outcome.statement is not None else None
    return {
        "operation": dotted(run.callee) or None,
        "model": _model(api, arguments, makers, outcome if counted else None),
        "tokens_in": _filled(api.tokens_in, outcome) if counted else None,
        "tokens_out": _filled(api.tokens_out, outcome) if counted else None,
        "response": outcome.name,
        "streaming": streams,
        "awaited": outcome.awaited,
        "call_name": function.name.value.strip("_") or None if function else None,
        "insert_line": span.line if span else None,
        "insert_after_line": span.end_line if span and outcome.is_whole and streams is False else None,
    }


def _filled(template: str | None, outcome: Outcome) -> str | None:
    return template.format(answer=outcome.name) if template else None


def _streams(api: Api, arguments: Arguments, outcome: Outcome, run: Run, module: ParsedModule) -> bool | None:
    """Say whether the answer comes in pieces, by the method, the arguments or what is done with the answer."""
    if api.streams is not None:
        return api.streams
    if outcome.iterated or outcome.entered:
        return True
    said = arguments.value("stream")
    if said is not None and "stream" not in arguments.later:
        return {"True": True, "False": False}.get(code(said))
    if arguments.complete and "stream" not in arguments.names():
        return False
    return _by_use(outcome, run, module)


def _by_use(outcome: Outcome, run: Run, module: ParsedModule) -> bool | None:
    """Read off what is done with the answer whether it is whole; None when both are done, or neither."""
    function = module.function_of(run.node)
    holder = module.parent(run.node)
    if isinstance(holder, cst.Await):
        holder = module.parent(holder)
    if isinstance(holder, cst.Attribute):
        return False if holder.attr.value in _WHOLE_ANSWERS else None
    if function is None or outcome.name is None:
        return None
    loops = module.below(function.body, cst.For, cst.CompFor)
    iterated = any(dotted(loop.iter) == outcome.name for loop in loops)
    whole = any(
        dotted(attribute.value) == outcome.name and attribute.attr.value in _WHOLE_ANSWERS
        for attribute in module.below(function.body, cst.Attribute)
    )
    return iterated if iterated != whole else None


def _model(api: Api, arguments: Arguments, makers: tuple[Maker, ...], outcome: Outcome | None) -> str | None:
    """Return the expression of the model; the answer's own word where the argument would have to be worked out anew."""
    for key in api.model_keys:
        if key in arguments.plain:
            given = arguments.plain[key]
            return code(given) if _is_plain(given) else _of_answer(api, outcome)
        if key in arguments.packed and key not in arguments.later:
            return arguments.packed[key]
    if named := _named_by_maker(makers):
        return named
    return _of_answer(api, outcome)


def _of_answer(api: Api, outcome: Outcome | None) -> str | None:
    return f"{outcome.name}.model" if api.answer_names_model and outcome is not None else None


def _is_plain(value: cst.BaseExpression) -> bool:
    """Say whether an expression can be read twice: names, attributes and texts, nothing that runs."""
    if isinstance(value, cst.Attribute):
        return _is_plain(value.value)
    if isinstance(value, cst.Subscript):
        return _is_plain(value.value)
    if isinstance(value, cst.BooleanOperation):
        return _is_plain(value.left) and _is_plain(value.right)
    return isinstance(value, (cst.Name, cst.SimpleString))


def _named_by_maker(makers: tuple[Maker, ...]) -> str | None:
    """Return the model that the object was made with: a text, or an attribute of the object around."""
    named = set()
    for maker in makers:
        for index, arg in enumerate(maker.call.args if maker.call else ()):
            keyword = arg.keyword.value if arg.keyword else "model_name" if index == 0 else ""
            if keyword in ("model", "model_name", "model_id") and _holds_anywhere(arg.value):
                named.add(code(arg.value))
    return named.pop() if len(named) == 1 and len(makers) == 1 else None


def _holds_anywhere(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.SimpleString) or (
        isinstance(value, cst.Attribute) and dotted(value).startswith("self.")
    )
