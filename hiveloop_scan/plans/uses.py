"""What becomes of a plan in the function that has it: worked off, handed on, kept."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.plans.step_loops import StepLoop, step_loop
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements


def uses_of(
    name: cst.BaseExpression | None,
    node: cst.CSTNode,
    function: cst.FunctionDef,
    module: ParsedModule,
    options: Options,
) -> list[str]:
    """Return the facts about the use of what a statement binds to `name`, or returns."""
    if name is None:
        return ["plan-is-kept"]  # it is returned, or put into a plan that was there
    shown, facts = code(name), []
    if any(_is_root(shown, code(found.walk.items)) for found in loops_over_steps(name, function, module, options)):
        facts.append("steps-are-worked-off")
    elif _is_handed_to_a_runner(shown, node, function, module, options):
        facts.append("plan-is-handed-on")
    outside = isinstance(name, cst.Attribute) or (
        isinstance(name, cst.Subscript) and not _is_written_out_here(name, module)
    )
    if outside or _is_kept(shown, node, function, module):
        facts.append("plan-is-kept")
    return facts


def is_thought_of_and_worked_off(
    node: cst.Assign | cst.AnnAssign | cst.Return,
    value: cst.Call,
    function: cst.FunctionDef,
    module: ParsedModule,
    options: Options,
) -> bool:
    """Say whether a loop works off what a function, which may ask a model, answers: ``suggest_ideas(topic)``."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else getattr(node, "target", None)
    verb = words(last_name(value.func))[:1]
    if not isinstance(target, cst.Name) or not verb or verb[0] not in options["thinking_verbs"]:
        return False
    for loop in module.below(statements(function.body), cst.For):
        if target.value in module.text(loop.iter) and module.is_before(node, loop):
            found = step_loop(loop, module, options)
            if found and code(found.walk.items) == target.value and not (set(found.facts) & _NO_WORK):
                return True
    return False


_NO_WORK = {"steps-are-over", "only-reads-the-steps", "another-kind-of-plan", "runs-a-composition"}


def loops_over_steps(
    name: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[StepLoop]:
    """Yield the loops that carry out steps: those of the function; of the class, where an attribute holds the plan."""
    scope: cst.CSTNode = function
    if isinstance(name, cst.Attribute) and dotted(name).startswith("self."):
        scope = module.enclosing(function, cst.ClassDef) or function
    root = code(name)
    loops: list[cst.For | cst.While] = [
        loop for loop in module.all_below(scope, cst.For) if root in module.text(loop.iter)
    ]
    loops += [loop for loop in module.all_below(scope, cst.While) if root in module.text(loop)]
    for loop in loops:
        if (found := step_loop(loop, module, options)) and not found.is_doubtful:
            yield found


def _is_written_out_here(entry: cst.Subscript, module: ParsedModule) -> bool:
    """Say whether an entry belongs to a dictionary that the function has written out, as one to be printed."""
    owner = entry.value.value if isinstance(entry.value, cst.Name) else ""
    return any(isinstance(value, cst.Dict) and not value.elements for value in values_of(owner, entry, module))


def _is_root(name: str, items: str) -> bool:
    """Say whether a collection is what `name` holds or a part of it: ``plan.steps`` of ``plan``."""
    return items == name or items.startswith((f"{name}.", f"{name}[")) or f"({name})" in items or f"({name}." in items


def _is_handed_to_a_runner(
    name: str, node: cst.CSTNode, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> bool:
    """Say whether a later call carries out what `name` holds: ``self.execute(plan)``, ``plan.run()``."""
    for call in module.below(statements(function.body), cst.Call):
        method = last_name(call.func)
        if not module.is_before(node, call) or not mentions(method, options["run_words"]):
            continue
        if words(method)[0] in options["idle_words"]:
            continue
        given = {code(arg.value) for arg in call.args}
        if dotted(call.func).startswith(f"{name}.") or any(
            text == name or text.startswith(f"{name}.") for text in given
        ):
            return True
    return False


def _is_kept(name: str, node: cst.CSTNode, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether what `name` holds is returned, or put into an attribute or under a key."""
    if _is_put_in_a_store(name, node, function, module):
        return True
    for later in module.below(statements(function.body), cst.Return, cst.Assign):
        if later.value is None or not module.is_before(node, later):
            continue
        held = dotted(later.value).startswith(name) and f"{code(later.value)}.".startswith((f"{name}.", f"{name}["))
        held = held or any(code(each.iter) == name for each in _comprehended(later.value))
        if isinstance(later, cst.Return):
            if isinstance(later.value, cst.Tuple):
                held = held or any(code(element.value) == name for element in later.value.elements)
            if held or any(
                code(item.value) in (name, f"{name}.steps") for item in module.below(later, cst.DictElement, cst.Arg)
            ):
                return True
        elif _is_put_under_a_key(name, later.value) or (
            held and isinstance(later.targets[0].target, (cst.Attribute, cst.Subscript))
        ):
            return True
    return False


def _is_put_in_a_store(name: str, node: cst.CSTNode, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether what `name` holds is put in a store under a key: ``await store.set("steps", steps)``."""
    return any(
        last_name(call.func) in ("set", "put", "aset", "set_value")
        and len(call.args) > 1
        and isinstance(call.args[0].value, cst.SimpleString)
        and code(call.args[1].value) == name
        and module.is_before(node, call)
        for call in module.below(statements(function.body), cst.Call)
    )


def _comprehended(value: cst.BaseExpression) -> list[cst.CompFor]:
    """Return the loop of a list that is made of another on the spot, sliced or not: ``[unit for unit in plan][:5]``."""
    while isinstance(value, cst.Subscript):
        value = value.value
    return [value.for_in] if isinstance(value, cst.ListComp) else []


def _is_put_under_a_key(name: str, value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Dict) and any(
        code(item.value) == name for item in value.elements if isinstance(item, cst.DictElement)
    )
