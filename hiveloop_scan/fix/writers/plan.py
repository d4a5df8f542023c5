"""Write ``task.plan(...)`` behind the statement after which the steps of a plan are known."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source, last_line
from hiveloop_scan.fix.values import LONGEST_TEXT, is_repeatable, literal, parsed, text, whole_number

_BY_HAND = "write the call by hand, with a text for each step"
_NUMBER_HINT = "count the plans, and pass the number on as revision="
_CHANGERS = {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "popleft", "appendleft"}
_STEPS = "_hl_steps"
_LISTS = (ast.List, ast.Tuple, ast.ListComp)


def write_plan(site: Site) -> Fix:
    """Return the fix of a plan: its goal and the texts of its steps, read off a list and nothing that runs out."""
    place = site.marked_statement()
    if isinstance(place, ast.Return):
        if isinstance(place.value, ast.Name):
            return site.call_before(_call(site, place, place), place)
        return _with_a_name(site, place)
    if not isinstance(place, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For)):
        raise Refusal("the plan becomes known in the head of a statement", "give it a name first")
    complete = _complete(site, place)
    return site.call_behind(_call(site, place, complete), complete)


def _with_a_name(site: Site, place: ast.Return) -> Fix:
    """Give a plan that is returned as it is made a name in front, so that it is made once and told."""
    value, steps = place.value, site.code("steps")
    if value is None or not steps or ast.unparse(parsed(steps)) != ast.unparse(value):
        raise Refusal("the plan is returned as it is made", "give it a name before it is returned")
    if site.capture("is_replan"):
        raise Refusal("a plan that takes the place of another needs a number of its own", _NUMBER_HINT)
    texts = f"[str(step)[:{LONGEST_TEXT}] for step in {_STEPS}]"
    gate = "" if isinstance(value, _LISTS) else f"isinstance({_STEPS}, (list, tuple))"
    lines, imports = site.lines(SdkCall(Handle.TASK, "plan", [_goal(site), texts], gate=gate), place)
    source = site.source
    named = f"{_STEPS} = {source.segment(value)}"
    edits = [*before(place, [named, *lines], source), Edit(source.start(value), source.end(value), _STEPS)]
    return Fix(tuple(edits), imports)


def _complete(site: Site, place: ast.stmt) -> ast.stmt:
    """Return the statement after which nothing is added to the steps; refuse where that is while they are used."""
    held = _steps(site, place)[0]
    name = next((node.id for node in ast.walk(parsed(held)) if isinstance(node, ast.Name) and node.id != "str"), "")
    plan = site.code("plan") or name
    scope = site.source.scope_of(place)
    changes = [
        node for node in ast.walk(scope) if _changes(node, {plan, name} - {""}) and _last(node) > last_line(place)
    ]
    if not changes:
        return place
    block = site.source.block_of(place)
    start = next(index for index, item in enumerate(block) if item is place) + 1
    inside = [{id(node) for node in ast.walk(item)} for item in block[start:]]
    ends = [index for index, nodes in enumerate(inside) if any(id(change) in nodes for change in changes)]
    if not ends or sum(any(id(change) in nodes for nodes in inside) for change in changes) < len(changes):
        raise Refusal("steps are added to the plan elsewhere", _BY_HAND)
    between = block[start : start + ends[-1] + 1]
    if any(
        isinstance(node, (ast.For, ast.AsyncFor)) and ast.unparse(node.iter) == plan
        for item in between
        for node in ast.walk(item)
    ):
        raise Refusal("steps are added to the plan while it is worked off", _BY_HAND)
    if isinstance(between[-1], (ast.While, ast.Return)):
        raise Refusal("steps are added to the plan while it is worked off", _BY_HAND)
    return between[-1]


def _changes(node: ast.AST, names: set[str]) -> bool:
    """Say whether a node changes what one of `names` holds, or gives the name to something else."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)):
            return attr in _CHANGERS and ast.unparse(owner) in names
        case ast.AugAssign(target=target) | ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            changed = target.value if isinstance(target, ast.Subscript) else target
            return ast.unparse(changed) in names
        case _:
            return False


def _last(node: ast.AST) -> int:
    return int(getattr(node, "end_lineno", 0) or 0)


def _call(site: Site, place: ast.stmt, complete: ast.stmt) -> SdkCall:
    steps, gate = _steps(site, place, is_complete=complete is place)
    keywords = {}
    if revision := _revision(site, place):
        keywords["revision"] = revision
    elif site.capture("is_replan"):
        raise Refusal("a plan that takes the place of another needs a number of its own", _NUMBER_HINT)
    return SdkCall(Handle.TASK, "plan", [_goal(site), steps], keywords, gate)


def _steps(site: Site, place: ast.stmt, is_complete: bool = False) -> tuple[str, str]:
    """Return the list of texts, and what must hold for it: that the steps are in a list, where that is not certain."""
    expression = site.code("steps")
    if not expression:
        raise Refusal("it cannot be told what the steps are called", _BY_HAND)
    match parsed(expression):
        case ast.ListComp(elt=elt, generators=[ast.comprehension(target=target, iter=held, ifs=[])]):
            told, step = ast.unparse(elt), ast.unparse(target)
        case ast.Call(func=ast.Name(id="list"), args=[held], keywords=[]):
            told = step = "step"
        case held:
            told = step = "step"
    source = ast.unparse(held)
    if not is_repeatable(source) or step in {node.id for node in ast.walk(held) if isinstance(node, ast.Name)}:
        raise Refusal(f"the steps would be worked out twice: `{source}`", "give them a name first")
    if is_complete and _are_texts(held, place):
        return source, ""
    texts = f"[str({told})[:{LONGEST_TEXT}] for {step} in {source}]"
    return texts, "" if _is_list(held, place, site.source) else f"isinstance({source}, (list, tuple))"


def _are_texts(held: ast.expr, place: ast.stmt) -> bool:
    """Say whether `place` gives the name a list of short texts that are written out."""
    value = _value_given(held, place)
    return isinstance(value, ast.List) and all(
        isinstance(item, ast.Constant) and isinstance(item.value, str) and len(item.value) <= LONGEST_TEXT
        for item in value.elts
    )


def _is_list(held: ast.expr, place: ast.stmt, source: Source) -> bool:
    """Say whether the steps are certainly a list: `place` itself gives them one, or all that names them does."""
    if isinstance(_value_given(held, place), _LISTS):
        return True
    scope = source.scope_of(place)
    if not isinstance(held, ast.Name) or not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    names = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == held.id]
    arguments = [node for node in ast.walk(scope) if isinstance(node, ast.arg) and node.arg == held.id]
    stores = [node for node in names if isinstance(node.ctx, ast.Store)]
    values = [
        item.value
        for item in ast.walk(scope)
        if isinstance(item, (ast.Assign, ast.AnnAssign)) and _value_given(held, item) is not None
    ]
    return not arguments and len(values) == len(stores) and all(isinstance(value, _LISTS) for value in values)


def _value_given(held: ast.expr, place: ast.stmt) -> ast.expr | None:
    """Return what a statement gives to just the name or attribute `held`."""
    match place:
        case ast.Assign(targets=[target], value=value) if ast.unparse(target) == ast.unparse(held):
            return value
        case ast.AnnAssign(target=target, value=value) if ast.unparse(target) == ast.unparse(held):
            return value
        case _:
            return None


def _goal(site: Site) -> str:
    """Return what the plan is for: the argument that says so, else what the function is called."""
    goal = site.code("goal")
    if goal and is_repeatable(goal):
        return text(goal)
    owner, _, name = site.finding.symbol.rpartition(".")
    words = name.strip("_").replace("_", " ")
    if " " not in words and owner:
        words = f"{owner.rpartition('.')[2]}: {words}"
    return literal(words or "plan")


def _revision(site: Site, place: ast.stmt) -> str:
    """Return the number of the plan, where the function counts it on the way to `place`; "" where it does not."""
    counter = site.code("revision")
    if not counter or not is_repeatable(counter):
        return ""
    holders = {id(outer) for outer in site.source.ancestors(place)}
    for node in ast.walk(site.source.scope_of(place)):
        if isinstance(node, ast.AugAssign) and ast.unparse(node.target) == counter:
            counted = isinstance(node.op, ast.Add) and node.lineno < place.lineno
            if counted and id(site.source.parents[node]) in holders:
                return whole_number(counter, place, site.source)
    return ""
