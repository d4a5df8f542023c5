"""The ways in which agent frameworks let a person decide: calls that pause, arguments that make them pause."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name

_CALLS = {
    "interrupt": ("langgraph",),
    "NodeInterrupt": ("langgraph",),
    "human_feedback": ("crewai",),
    "HumanInTheLoopMiddleware": ("langchain",),
    "HumanApprovalCallbackHandler": ("langchain", "langchain_community"),
    "HumanInputRun": ("langchain", "langchain_community"),
    "AskActionMessage": ("chainlit",),
    "ApprovalRequired": ("pydantic_ai",),
    "pause_flow_run": ("prefect",),
    "suspend_flow_run": ("prefect",),
    "InputRequiredEvent": ("llama_index",),
    "HumanInputTool": ("langchain", "crewai_tools"),
}
"""Last name of what is called -> the packages that it has to come from."""

_WAIT_HERE = (
    "interrupt",
    "AskActionMessage",
    "pause_flow_run",
    "suspend_flow_run",
    "NodeInterrupt",
    "ApprovalRequired",
)
_SWITCHES = {
    "human_input": ("crewai",),
    "needs_approval": ("agents",),
    "requires_approval": ("pydantic_ai",),
    "requires_confirmation": ("agno", "phi"),
    "requires_user_input": ("agno", "phi"),
    "require_confirmation": ("google",),
}
"""Keyword -> the packages of which the file has to import one; any value that may be true turns the pause on."""

_OF_RECORDS = ("requires_confirmation", "requires_user_input")
"""Keywords that records of a pause take as well: they count only where something is made that can be confirmed."""

_CONFIRMED = {
    "tool",
    "Function",
    "Step",
    "Steps",
    "Loop",
    "Router",
    "Condition",
    "Parallel",
    "Toolkit",
    "Agent",
    "Team",
}
"""What agno lets a person confirm; its records of a pause take the same keywords."""

_MODES = {"human_input_mode": ("ALWAYS", "TERMINATE"), "approval_mode": ("always_require",)}
_STOPS = ("interrupt_before", "interrupt_after", "interrupt_on")
_MESSAGES = ("message", "prompt", "hint", "reason", "content", "value", "question", "description")
_INTERRUPTIBLE = {"context", "ctx", "event"}


@dataclass(frozen=True)
class Pause:
    """A pause for a person: what asks for it, the expression of the question.

    `waits_here` tells that this very call returns with the answer, `is_certain` that no variable decides over it.
    """

    asked_by: str
    summary: cst.BaseExpression | None
    is_certain: bool = True
    waits_here: bool = False


def pause_in(call: cst.Call, module: ParsedModule) -> Pause | None:
    """Return the pause that a framework makes for this call; None when it makes none."""
    name = last_name(call.func)
    origin = module.resolve(call.func)
    packages = _CALLS.get(name)
    if packages and origin.partition(".")[0].split("_core")[0] in packages:
        return Pause(name, _summary(call), waits_here=name in _WAIT_HERE)
    if name == "UserProxyAgent" and origin.startswith(("autogen", "ag2", "pyautogen")):
        return _user_proxy(call)
    if name == "require_approval" and _imports(module, ("humanlayer",)):
        return Pause(name, None)
    if name in ("elicit", "elicit_form") and isinstance(call.func, cst.Attribute) and _names_a_message(call):
        return Pause(name, _summary(call), waits_here=True)
    if name == "request_confirmation" and _argument(call, ("hint", "payload")) is not None:
        owner = last_name(call.func.value) if isinstance(call.func, cst.Attribute) else ""
        asks = mentions(owner, ("context", "ctx"))
        return Pause(dotted(call.func), _argument(call, ("hint",)), waits_here=True) if asks else None
    if name == "interrupt" and isinstance(call.func, cst.Attribute) and call.args:
        of_a_tool = set(words(last_name(call.func.value))) & _INTERRUPTIBLE
        if of_a_tool and (_argument(call, ("reason",)) is not None or _imports(module, ("strands",))):
            return Pause(dotted(call.func), _argument(call, ("reason",)), waits_here=True)
    return _by_argument(call, module)


def _user_proxy(call: cst.Call) -> Pause | None:
    """A user proxy asks its user unless it is told never to."""
    mode = _argument(call, ("human_input_mode",))
    if mode is None:
        return Pause("UserProxyAgent", None)
    if isinstance(mode, cst.SimpleString):
        return Pause("human_input_mode", None) if mode.evaluated_value != "NEVER" else None
    return Pause("human_input_mode", None, is_certain=False)


def _by_argument(call: cst.Call, module: ParsedModule) -> Pause | None:
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword else ""
        if keyword in _MODES:
            if isinstance(arg.value, cst.SimpleString) and arg.value.evaluated_value in _MODES[keyword]:
                return Pause(keyword, _summary(call))
        elif keyword in _STOPS and (_has_elements(arg.value) or _is_constant_name(arg.value)):
            return Pause(keyword, None)
        elif keyword in _SWITCHES and _imports(module, _SWITCHES[keyword]):
            if keyword in _OF_RECORDS and last_name(call.func) not in _CONFIRMED:
                continue
            if isinstance(arg.value, cst.Name) and arg.value.value in ("True", "False", "None"):
                return Pause(keyword, _summary(call)) if arg.value.value == "True" else None
            if last_name(arg.value) != keyword and not isinstance(arg.value, cst.Subscript):
                certain = isinstance(arg.value, cst.Lambda) or last_name(arg.value) in module.functions
                return Pause(keyword, _summary(call), is_certain=certain)
    return None


def _has_elements(value: cst.BaseExpression) -> bool:
    if isinstance(value, (cst.List, cst.Tuple, cst.Dict, cst.Set)):
        return bool(value.elements)
    return isinstance(value, cst.SimpleString) and value.evaluated_value == "*"


def _is_constant_name(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value.isupper()


def _argument(call: cst.Call, names: tuple[str, ...]) -> cst.BaseExpression | None:
    return next((arg.value for name in names for arg in call.args if arg.keyword and arg.keyword.value == name), None)


def _names_a_message(call: cst.Call) -> bool:
    return _argument(call, ("message", "schema", "response_type", "requested_schema", "requestedSchema")) is not None


def _summary(call: cst.Call) -> cst.BaseExpression | None:
    named = _argument(call, _MESSAGES)
    if named is not None or last_name(call.func) != "interrupt":
        return named
    return call.args[0].value if call.args and call.args[0].keyword is None else None


def _imports(module: ParsedModule, packages: tuple[str, ...]) -> bool:
    return any(origin.partition(".")[0] in packages for origin in module.imports.values())
