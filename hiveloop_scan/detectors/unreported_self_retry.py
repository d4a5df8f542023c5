"""Find functions that call themselves again after a failure."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.paths import exception_names
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_OWN = ("self", "cls")


@detector(cst.FunctionDef)
def unreported_self_retry(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    parameters = [parameter.name.value for parameter in _parameters(function) if parameter.name.value not in _OWN]
    for call in module.below(statements(function.body), cst.Call):
        is_again = _is_self_call(call, function) or _is_copy_of_own_class(call, function, module, options)
        if not is_again:
            continue
        branch = module.enclosing(call, cst.ExceptHandler, cst.If, cst.Else)
        if branch is None or module.function_of(branch) is not function:
            continue
        if facts := _facts(call, branch, parameters, module, options):
            yield Match(call, _captures(call, function, options, module), facts)


def _facts(
    call: cst.Call,
    branch: cst.ExceptHandler | cst.If | cst.Else,
    parameters: list[str],
    module: ParsedModule,
    options: Options,
) -> list[str]:
    facts = []
    counts_own = isinstance(branch, cst.ExceptHandler) and _counts_own_parameter(call, module)
    if _attempt_argument(call, options) or counts_own:
        facts.append("passes-on-the-attempt-number")
    if _tried_argument(call, options):
        facts.append("says-that-it-was-tried")
    speaks = mentions(_branch_text(branch, module), options["again_words"])
    unchanged = all(code(arg.value) in (*_OWN, *parameters) or arg.star for arg in call.args)
    around = branch if isinstance(branch, cst.ExceptHandler) else module.enclosing(branch, cst.ExceptHandler)
    handler = around is not None
    waits = around is not branch and around is not None and all("Timeout" in name for name in exception_names(around))
    if not facts and not (unchanged and (speaks or (handler and not waits))):
        return []
    if unchanged:
        facts.append("same-arguments-again")
    facts.append("inside-an-except-handler" if handler else "inside-a-failure-branch")
    if speaks:
        facts.append("branch-speaks-of-a-retry")
    function = module.function_of(call)
    called = work_calls(statements(function.body), module) if function else []
    if any(last_name(inner.func) in options["human_words"] for inner in called):
        facts.append("asks-a-human")
    loop = module.enclosing(call, cst.For)
    if isinstance(loop, cst.For) and module.names_in(loop.target) & module.names_in(*call.args):
        facts.append("walks-a-structure")
    return facts


def _branch_text(branch: cst.ExceptHandler | cst.If | cst.Else, module: ParsedModule) -> str:
    """Return the text of a branch without its test and without the branches that follow it."""
    return module.text(branch.body)


def _parameters(function: cst.FunctionDef) -> Iterator[cst.Param]:
    yield from function.params.posonly_params
    yield from function.params.params
    yield from function.params.kwonly_params


def _is_self_call(call: cst.Call, function: cst.FunctionDef) -> bool:
    owner, _, name = dotted(call.func).rpartition(".")
    return name == function.name.value and owner in ("", *_OWN)


def _is_copy_of_own_class(call: cst.Call, function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a call makes an object of the class around it with one attempt fewer."""
    owner = module.enclosing(function, cst.ClassDef)
    return (
        isinstance(owner, cst.ClassDef)
        and dotted(call.func) == owner.name.value
        and _attempt_argument(call, options) is not None
    )


def _attempt_argument(call: cst.Call, options: Options) -> cst.BinaryOperation | None:
    """Return the argument that passes an attempt number on: ``attempt + 1``, ``retries - 1``."""
    for arg in call.args:
        value = arg.value
        if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Subtract)):
            name = f"{dotted(value.left)} {arg.keyword.value if arg.keyword else ''}"
            if isinstance(value.right, cst.Integer) and mentions(name, options["retry_words"]):
                return value
    return None


def _counts_own_parameter(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call passes on a parameter that starts at a whole number, one more or one less."""
    function = module.function_of(call)
    counted = (
        {parameter.name.value for parameter in _parameters(function) if _default_of(parameter) is not None}
        if function
        else set()
    )
    sums = (arg.value for arg in call.args if isinstance(arg.value, cst.BinaryOperation))
    return any(isinstance(sum_.operator, (cst.Add, cst.Subtract)) and dotted(sum_.left) in counted for sum_ in sums)


def _tried_argument(call: cst.Call, options: Options) -> bool:
    """Say whether an argument tells the next call that it is a retry: ``_retried=True``, ``retry=False``."""
    return any(
        arg.keyword is not None
        and mentions(arg.keyword.value, options["retry_words"])
        and code(arg.value) in ("True", "False", "0")
        for arg in call.args
    )


def _captures(call: cst.Call, function: cst.FunctionDef, options: Options, module: ParsedModule) -> dict[str, Capture]:
    argument = _attempt_argument(call, options)
    counts_up = argument is not None and isinstance(argument.operator, cst.Add)
    name = dotted(argument.left) if argument is not None else ""
    start = next((_default_of(parameter) for parameter in _parameters(function) if parameter.name.value == name), None)
    branch = module.enclosing(call, cst.ExceptHandler, cst.If, cst.Else)
    sleep = first_sleep(statements(branch.body), module) if branch else None
    handler = module.enclosing(call, cst.ExceptHandler)
    error = handler.name if handler and module.function_of(handler) is function else None
    return {
        "operation": function.name.value,
        "attempt": (name if start == 1 else f"{name} + 1") if counts_up else None,
        "attempt_base": (1 if start == 1 else 0) if counts_up else None,
        "backoff_seconds": sleep.seconds if sleep else None,
        "backoff_has_call": bool(sleep and sleep.has_call),
        "exception": code(error.name) if error else None,
        "another_attempt": "certain",
        "insert_line": module.span(sleep.call if sleep else call).line,
    }


def _default_of(parameter: cst.Param) -> int | None:
    return int(parameter.default.value, 0) if isinstance(parameter.default, cst.Integer) else None
