"""Values that are written in the code: what an argument is known to be."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import is_name


def choices(node: cst.CSTNode | None, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return the expressions one of which `node` is: both of ``a if c else b``, what a name given once stands for."""
    if isinstance(node, cst.IfExp):
        return [*choices(node.body, module), *choices(node.orelse, module)]
    if isinstance(node, cst.Name) and node.value not in ("True", "False", "None"):
        value = _assigned_once(node, module)
        return [node] if value is None else choices(value, module)
    return [node] if isinstance(node, cst.BaseExpression) else []


def _assigned_once(name: cst.Name, module: ParsedModule) -> cst.BaseExpression | None:
    """Return the one value that a name is assigned, in its function or else in the module."""
    bound = values_of(name.value, name, module)
    scope: cst.CSTNode = module.function_of(name) or module.tree
    if not bound and not _is_parameter(name, module):
        bound, scope = values_of(name.value, module.tree, module), module.tree
    if len(bound) != 1 or module.is_below(name, [bound[0]]):
        return None
    around = module.parent(bound[0])
    plain = isinstance(around, (cst.AnnAssign, cst.NamedExpr)) or (
        isinstance(around, cst.Assign) and all(isinstance(target.target, cst.Name) for target in around.targets)
    )
    raised = any(is_name(step.target, name.value) for step in module.all_below(scope, cst.AugAssign))
    return bound[0] if plain and not raised else None


def texts_given(node: cst.CSTNode | None, module: ParsedModule) -> list[str]:
    """Return the plain texts that `node` can be, as far as they are written in the code."""
    return [text for choice in choices(node, module) if (text := text_of(choice)) is not None]


def number_given(node: cst.CSTNode | None, module: ParsedModule) -> int | None:
    """Return the whole number that `node` is; None where the code does not say."""
    values = choices(node, module)
    if len(values) != 1:
        return None
    value = values[0]
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        return -value.expression.evaluated_value if isinstance(value.expression, cst.Integer) else None
    return value.evaluated_value if isinstance(value, cst.Integer) else None


def _is_parameter(node: cst.Name, module: ParsedModule) -> bool:
    function = module.function_of(node)
    while function is not None:
        params = function.params
        if any(
            param.name.value == node.value for param in (*params.params, *params.kwonly_params, *params.posonly_params)
        ):
            return True
        function = module.function_of(function)
    return False
