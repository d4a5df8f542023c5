"""Positions kept outside of loops: ``self.current_step += 1``, ``plan[0]``, ``steps[state["current_step"]]``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.nouns import last_noun, noun_of
from hiveloop_scan.plans.walks import taken_from
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, statements


def position_moved(node: cst.Assign | cst.AugAssign, options: Options) -> cst.BaseExpression | None:
    """Return the attribute or key that a statement moves on by one, where it is called a position among steps."""
    target = node.target if isinstance(node, cst.AugAssign) else node.targets[0].target
    if not isinstance(target, (cst.Attribute, cst.Subscript)) or not mentions(
        last_noun(target), options["position_words"]
    ):
        return None
    value = node.value
    if isinstance(node, cst.Assign):
        if not isinstance(value, cst.BinaryOperation) or not isinstance(value.operator, cst.Add):
            return None
        value = value.right
    elif not isinstance(node.operator, cst.AddAssign):
        return None
    return target if isinstance(value, cst.Integer) and value.value == "1" else None


def reads_the_position(place: cst.BaseExpression, node: cst.CSTNode, module: ParsedModule, options: Options) -> bool:
    """Say whether steps are picked, or their number compared, by the position, in the class or function around."""
    scope = module.enclosing(node, cst.ClassDef) or module.function_of(node) or module.tree
    field = last_noun(place)
    for read in module.all_below(scope, cst.Subscript):
        if mentions(last_noun(read.value), options["step_words"]) and field in noun_of_slice(read):
            return True
    return any(
        field in code(compared.left)
        and any(
            "len(" in code(part.comparator) and mentions(code(part.comparator), options["step_words"])
            for part in compared.comparisons
        )
        for compared in module.all_below(scope, cst.Comparison)
    )


def noun_of_slice(read: cst.Subscript) -> str:
    """Return the text of what a subscript asks for, where it is a position."""
    key = read.slice[0].slice
    return code(key.value) if isinstance(key, cst.Index) and not isinstance(key.value, cst.SimpleString) else ""


def steps_taken(
    function: cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[tuple[str, cst.BaseExpression, str | None]]:
    """Yield the names to which a function binds one step of a plan, the plan, and the position."""
    for assign in module.below(statements(function.body), cst.Assign):
        target = assign.targets[0].target
        taken = taken_from(assign.value) if isinstance(target, cst.Name) else None
        if taken is None:
            continue
        items, index = taken
        noun = last_noun(items)
        if not mentions(noun, options["step_words"]) or mentions(noun_of(items), options["past_words"]):
            continue
        yield code(target), items, index
