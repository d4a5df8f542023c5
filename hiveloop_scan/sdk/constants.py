"""Values that are written in the code: what an argument is known to be."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.sdk.shapes import text_of


def choices(node: cst.CSTNode | None, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return the expressions one of which `node` is: both of ``a if c else b``, what a name bound once stands for."""
    if isinstance(node, cst.IfExp):
        return [*choices(node.body, module), *choices(node.orelse, module)]
    if isinstance(node, cst.Name) and node.value not in ("True", "False", "None"):
        bound = values_of(node.value, node, module)
        if not bound and not _is_parameter(node, module):
            bound = values_of(node.value, module.tree, module)
        return choices(bound[0], module) if len(bound) == 1 and bound[0] is not node else [node]
    return [node] if isinstance(node, cst.BaseExpression) else []


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
