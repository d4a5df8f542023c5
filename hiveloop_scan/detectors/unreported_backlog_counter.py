"""Find counters of work that was accepted and is not done."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.containers import Creation, creations_in, target_of
from hiveloop_scan.queues.queue_captures import captures_of_place
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name
from hiveloop_scan.visitor import detector


@detector(cst.Assign, cst.AnnAssign)
def unreported_backlog_counter(node: Creation, module: ParsedModule, options: Options) -> Iterator[Match]:
    name = _counter_made_by(node, module, options)
    if name is None or not _goes_up_and_down(name, module):
        return
    owner = module.enclosing(node, cst.ClassDef)
    rivals = [other for other in _counters_of(owner, module, options) if _goes_up_and_down(other[1], module)]
    if min(rivals, key=lambda other: not mentions(other[1], options["waiting_words"]))[0] is not node:
        return
    captures = captures_of_place(name, "counter", node, module, depth=name)
    captures["consumer"] = _where_it_goes_down(name, module)
    captures["insert_line"] = None
    yield Match(node, captures, list(_facts(name, owner, module, options)))


def _counter_made_by(node: Creation, module: ParsedModule, options: Options) -> str | None:
    """Return the attribute that starts at nought here, when its name is that of a backlog."""
    target = target_of(node)
    if not isinstance(node.value, cst.Integer) or node.value.value != "0":
        return None
    name = dotted(target)
    scope = module.enclosing(node, cst.FunctionDef, cst.ClassDef)
    if isinstance(target, cst.Name) and isinstance(scope, cst.ClassDef):
        name = f"self.{name}"
    if not name.startswith("self.") or not mentions(name, options["waiting_words"], options["running_words"]):
        return None
    return name


def _counters_of(owner: cst.CSTNode | None, module: ParsedModule, options: Options) -> list[tuple[Creation, str]]:
    made = ((node, _counter_made_by(node, module, options)) for node in creations_in(module))
    return [(node, name) for node, name in made if name and module.enclosing(node, cst.ClassDef) is owner]


def _goes_up_and_down(name: str, module: ParsedModule) -> bool:
    """Say whether the file adds one to the counter at one place and takes one off at another."""
    leaf = name.rpartition(".")[2]
    steps = {type(step.operator) for step in module.nodes(cst.AugAssign) if _counts(step, leaf)}
    down = any(
        last_name(assign.targets[0].target) == leaf and "- 1" in code(assign.value) and leaf in code(assign.value)
        for assign in module.nodes(cst.Assign)
    )
    return cst.AddAssign in steps and (cst.SubtractAssign in steps or down)


def _where_it_goes_down(name: str, module: ParsedModule) -> str | None:
    """Return the function that takes one off when a piece of work is done."""
    leaf = name.rpartition(".")[2]
    for step in module.nodes(cst.AugAssign):
        if _counts(step, leaf) and isinstance(step.operator, cst.SubtractAssign):
            return module.symbol(module.function_of(step) or step) or None
    return None


def _counts(step: cst.AugAssign, leaf: str) -> bool:
    return isinstance(step.target, cst.Attribute) and step.target.attr.value == leaf and code(step.value) == "1"


def _facts(name: str, owner: cst.CSTNode | None, module: ParsedModule, options: Options) -> Iterator[str]:
    yield "counts-up-and-down"
    if mentions(name, options["waiting_words"]):
        yield "name-says-waiting"
    if mentions(name, options["work_words"]):
        yield "name-says-work"
    title = owner.name.value if isinstance(owner, cst.ClassDef) else ""
    if mentions(f"{name} {title}", options["other_words"]):
        yield "counts-something-else"
