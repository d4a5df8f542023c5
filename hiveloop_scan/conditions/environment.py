"""Values that are the environment's own: read from it, perhaps trimmed or defaulted, and nothing made out of them."""

from __future__ import annotations

from collections import defaultdict

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.tree import dotted, last_name

_READS = ("os.getenv", "os.environ", "os.environ.get", "environ.get", "getenv", "environ")
_READERS = ("get_env", "getenv", "get_env_var", "read_env", "env_var", "get_environment_variable")
_SAME = ("strip", "rstrip", "lstrip", "lower", "split", "expanduser", "resolve", "get_secret_value")
_WRAPPERS = ("Path", "str", "bool", "int", "SecretStr", "set", "list")
_MOST_STEPS = 3


def is_read_from_the_environment(value: cst.BaseExpression, module: ParsedModule, steps: int = _MOST_STEPS) -> bool:
    """Say whether a value is one of the environment, and not just made with the help of one."""
    if isinstance(value, (cst.Call, cst.Attribute, cst.Subscript)) and reads_the_environment(value):
        return True
    if isinstance(value, cst.BooleanOperation):
        return any(is_read_from_the_environment(part, module, steps) for part in (value.left, value.right))
    if isinstance(value, cst.Call):
        return any(is_read_from_the_environment(part, module, steps) for part in _same_in(value))
    if steps == 0 or not isinstance(value, (cst.Name, cst.Attribute)):
        return False
    return any(is_read_from_the_environment(bound, module, steps - 1) for bound in _bound_to(value, module))


def reads_the_environment(node: cst.CSTNode) -> bool:
    """Say whether an expression is the environment, or takes a variable from it."""
    return dotted(node) in _READS or (isinstance(node, cst.Call) and last_name(node.func) in _READERS)


def _same_in(call: cst.Call) -> list[cst.BaseExpression]:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _SAME:
        return [call.func.value]
    return [call.args[0].value] if dotted(call.func) in _WRAPPERS and call.args else []


def _bound_to(value: cst.Name | cst.Attribute, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a name is bound to in its function; what an attribute, or a name of the module, is anywhere."""
    name = dotted(value)
    found = values_of(name, value, module)
    if found:
        return found
    return [
        assign.value
        for assign in module.once(_assigned, module.tree).get(name, ())
        if isinstance(value, cst.Attribute) or module.function_of(assign) is None
    ]


def _assigned(tree: cst.CSTNode, module: ParsedModule) -> dict[str, list[cst.Assign]]:
    """Return all assignments of a file by the dotted names that they bind."""
    found: dict[str, list[cst.Assign]] = defaultdict(list)
    for assign in module.all_below(tree, cst.Assign):
        for name in dict.fromkeys(dotted(target.target) for target in assign.targets):
            found[name].append(assign)
    return found
