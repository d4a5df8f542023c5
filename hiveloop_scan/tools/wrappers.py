"""The last layer of a tool's run: a function is given the tool, or an object of a class around one is the tool."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, is_name
from hiveloop_scan.tools.access import bare, member_of
from hiveloop_scan.tools.dispatch import Dispatch
from hiveloop_scan.tools.identity import Identity
from hiveloop_scan.tools.lookups import Lookup
from hiveloop_scan.tools.runs import Run

_TOOLS = ("tool", "skill", "action")
_ARGUMENTS = ("args", "arguments", "input", "inputs", "kwargs", "params", "parameters", "payload")
_ENDS = [(word,) for word in _ARGUMENTS]
_INSIDE = ("func", "function", "fn", "callable", "coroutine", "entrypoint", "tool", "implementation", "impl")
_OWN_RUNS = ("run", "arun", "call", "acall", "execute", "aexecute", "invoke", "ainvoke", "forward")


def given_with_arguments(run: Run, dispatch: Dispatch) -> Lookup | None:
    """Return a lookup made elsewhere: ``def execute_tool(tool, arguments): return tool.run(**arguments)``."""
    scope = dispatch.scope
    callee = run.callee
    is_called_itself = isinstance(callee, cst.Name)
    if isinstance(callee, cst.Attribute) and (words(callee.attr.value)[-1:] or ("",))[0] in (*_OWN_RUNS, *_INSIDE):
        callee = callee.value
    if not isinstance(callee, cst.Name) or not scope.is_own_param(callee.value) or not scope.functions:
        return None
    noun = words(callee.value)[-1:]
    if noun not in [(word,) for word in _TOOLS] or not dispatch.verbs.names_a_run(scope.functions[0].name.value):
        return None
    for arg in run.arguments:
        says_so = _stands_for_arguments(arg.value, dispatch)
        if says_so and (arg.star == "**" or (noun == ("tool",) and not is_called_itself)):
            return Lookup(callee.value, None, Identity.NONE, handed_in="tool-comes-with-its-arguments")
    return None


def _stands_for_arguments(value: cst.BaseExpression, dispatch: Dispatch) -> bool:
    """Say whether a value is a parameter that is named for arguments, or what a call has made of one."""
    scope = dispatch.scope
    if not isinstance(value, cst.Name):
        return False
    if scope.is_own_param(value.value):
        return words(value.value)[-1:] in _ENDS
    bound = [binding.value for binding in scope.bindings.get(value.value, ()) if not binding.each and not binding.part]
    calls = [part for one in bound for part in bare(one) if isinstance(part, cst.Call)]
    given = [dotted(arg.value) for call in calls for arg in call.args if isinstance(arg.value, cst.Name)]
    return any(scope.is_own_param(name) and words(name)[-1:] in _ENDS for name in given)


def kept_with_arguments(run: Run, dispatch: Dispatch) -> Lookup | None:
    """Return the tool of an object that keeps it beside its arguments: ``self.tool.invoke(**self.args)``."""
    callee = run.callee
    if not isinstance(callee, cst.Attribute) or words(callee.attr.value)[-1:] not in [(word,) for word in _OWN_RUNS]:
        return None
    held = member_of(callee.value)
    if held is None or not is_name(held[0], "self") or words(held[1])[-1:] != ("tool",):
        return None
    for arg in run.arguments:
        bound = dispatch.scope.bindings.get(arg.value.value, ()) if isinstance(arg.value, cst.Name) else ()
        for value in (arg.value, *(binding.value for binding in bound if not binding.each)):
            parts = value.args if isinstance(value, cst.Call) else (cst.Arg(value),)
            members = [member for part in parts if (member := member_of(part.value)) is not None]
            if any(is_name(owner, "self") and words(name)[-1:] in _ENDS for owner, name in members):
                return Lookup(dotted(callee.value), None, Identity.NONE, handed_in="tool-comes-with-its-arguments")
    return None


def around_one_tool(run: Run, dispatch: Dispatch) -> Lookup | None:
    """Return the function or tool that an object was made around, where a method of its class runs it.

    ``class FunctionTool: def run(self, **kwargs): return self.func(**kwargs)``
    """
    functions = dispatch.scope.functions
    around = dispatch.module.enclosing(run.call, cst.ClassDef)
    if functions and functions[-1].name.value == "__call__":  # what it is called with comes from code, not from a model
        return None
    if not functions or around is None or not {"tool", "tools"} & set(words(around.name.value)):
        return None
    runs = any((words(function.name.value)[-1:] or ("",))[0] in _OWN_RUNS for function in functions)
    if not runs and not (dispatch.requests.are_at_hand and dispatch.verbs.names_a_run(functions[0].name.value)):
        return None
    if not any(arg.star and _comes_from_outside(arg.value, functions, dispatch) for arg in run.arguments):
        return None
    inside = _inside(run.callee, dispatch)
    return Lookup(inside, None, Identity.NONE, handed_in="class-is-made-around-it") if inside else None


def _inside(callee: cst.BaseExpression, dispatch: Dispatch) -> str:
    """Return the attribute of the object that holds what is run: ``self.func``, ``self._tool.run``."""
    bound = dispatch.scope.bindings.get(callee.value, ()) if isinstance(callee, cst.Name) else ()
    values = [part for binding in bound if not binding.each for part in bare(binding.value)]
    for value in (callee, *values):
        member = member_of(value)
        while member is not None:
            owner, name = member
            if is_name(owner, "self"):
                held = words(name)[-1:]
                return dotted(value) if held in [(word,) for word in _INSIDE] else ""
            if (words(name)[-1:] or ("",))[0] not in (*_OWN_RUNS, *_INSIDE):
                break
            member = member_of(owner)
    return ""


def _comes_from_outside(value: cst.BaseExpression, functions: list[cst.FunctionDef], dispatch: Dispatch) -> bool:
    """Say whether a value is a parameter, or what a call has made of one: ``args = self.parse(tool_call)``."""
    if _is_parameter(value, functions):
        return True
    bound = dispatch.scope.bindings.get(value.value, ()) if isinstance(value, cst.Name) else ()
    made = [part for binding in bound if not binding.each for part in bare(binding.value) if isinstance(part, cst.Call)]
    return any(
        _is_parameter(arg.value, functions) or dispatch.requests.is_request(_root(arg.value))
        for call in made
        for arg in call.args
    )


def _root(value: cst.BaseExpression) -> cst.BaseExpression:
    """Return the object of which a member is read: ``call`` for ``call.function.arguments``."""
    while (member := member_of(value)) is not None:
        value = member[0]
    return value


def _is_parameter(value: cst.BaseExpression, functions: list[cst.FunctionDef]) -> bool:
    """Say whether a value is a parameter of a function, those that take all the rest included."""
    for function in functions:
        params = function.params
        rest = [one for one in (params.star_arg, params.star_kwarg) if isinstance(one, cst.Param)]
        if any(is_name(value, param.name.value) for param in (*params.params, *params.kwonly_params, *rest)):
            return True
    return False
