"""Shapes of code that makes, walks over or marks the steps of a plan."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.signs import whole
from hiveloop_scan.syntax.walking import nodes, texts, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_STATES = {
    "status", "state", "phase", "step_status", "completed", "is_completed", "is_complete", "done", "is_done",
    "finished", "is_finished",
}  # fmt: skip
STATES = whole(*_STATES)
_OUTCOMES = {
    "in_progress", "inprogress", "running", "started", "active", "executing", "working", "processing", "completed",
    "complete", "done", "success", "succeeded", "successful", "finished", "passed", "failed", "failure", "fail",
    "error", "errored", "blocked", "timed_out", "timeout", "skipped", "skip", "cancelled", "canceled", "abandoned",
}  # fmt: skip
_SCHEMAS = {
    "response_model", "response_format", "output_type", "output_schema", "text_format", "output_cls", "schema",
}  # fmt: skip
MAIN_METHODS = {
    "run", "arun", "_run", "_arun", "forward", "aforward", "__call__", "invoke", "ainvoke", "act", "_act", "execute",
}  # fmt: skip
"""Methods that do what their class is named for."""

_POINTS = ("current", "next", "pending", "remaining", "upcoming", "first", "ready", "pop")


def has_loop_over_named(unit: Unit, words: Words, also: Words) -> bool:
    """A loop whose head speaks of the words; a while loop may do so where a round takes its item.

    With `also`: something is done in the loop by a call named with that, or one that is awaited or picked.
    """
    for loop in nodes(unit, ast.For, ast.AsyncFor):
        if (_speaks(words, loop.iter) or _speaks(words, loop.target)) and _works(loop, also):
            return True
    return any(
        any(_speaks(words, value) for value in (loop.test, *_bound_values(loop), *_leaving_tests(loop)))
        and _works(loop, also)
        for loop in nodes(unit, ast.While)
    )


def _leaving_tests(loop: ast.While) -> Iterator[ast.expr]:
    """Yield the tests of the branches that leave a loop."""
    for branch in nodes(loop, ast.If):
        if any(isinstance(last, (ast.Break, ast.Return)) for last in branch.body):
            yield branch.test


def _works(loop: ast.For | ast.AsyncFor | ast.While, verbs: Words) -> bool:
    """Say whether a loop holds a call that may carry out an item, not only read it."""
    if not verbs:
        return True
    if nodes(loop, ast.Await, ast.AsyncFor):
        return True
    bound = {part.id for part in nodes(loop, ast.Name) if isinstance(part.ctx, ast.Store)}
    for node in nodes(loop, ast.Call):
        func = node.func
        if isinstance(func, (ast.Subscript, ast.Call)) or (isinstance(func, ast.Name) and func.id in bound):
            return True
        if mentions(func.id if isinstance(func, ast.Name) else getattr(func, "attr", ""), verbs):
            return True
    return False


def has_value_named(unit: Unit, words: Words, also: Words) -> bool:
    """A function or class with the words in its name, something that is given a value, a returned key; and a call.

    The call is named with `also`, somewhere in the function.
    """
    named = nodes(unit, *_Function, ast.Assign, ast.AnnAssign, ast.Call, ast.Return, ast.Expr)
    return _calls(also, unit) and any(_names_a_value(node, words) for node in named)


def _calls(words: Words, unit: Unit) -> bool:
    return any(_speaks(words, call.func) for call in nodes(unit, ast.Call))


def _names_a_value(node: ast.AST, words: Words) -> bool:
    if isinstance(node, _Function):
        return mentions(node.name, words)
    if isinstance(node, ast.Assign):
        return any(_speaks(words, target) for target in node.targets)
    if isinstance(node, ast.AnnAssign):
        return _speaks(words, node.target)
    if isinstance(node, ast.Call):
        return (_is_class(node.func) and _speaks(words, node.func)) or any(
            word.arg in _SCHEMAS and _speaks(words, word.value) for word in node.keywords
        )
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
        return any(key is not None and _speaks(words, key) for key in node.value.keys)
    if isinstance(node, ast.Expr):
        put = node.value.value if isinstance(node.value, ast.Await) else node.value
        return isinstance(put, ast.Call) and _speaks(words, put.func)
    return False


def has_main_method(unit: Unit, words: Words, also: Words) -> bool:
    """A method that does what its class is named for, with a call named with the words and one with `also`."""
    return any(
        node.name in MAIN_METHODS and _calls(words, node) and _calls(also, node) for node in nodes(unit, *_Function)
    )


def has_loop_over_answer(unit: Unit, words: Words, also: Words) -> bool:
    """A for loop over a name that the function binds to what a call answers, of a function named with the words.

    The name may stand for what was built of such an answer. Some call in the function is named with `also`, and the
    loop holds a call that is more than everyday.
    """
    looped = {
        part.id
        for loop in nodes(unit, ast.For, ast.AsyncFor)
        if _calls_something(loop)
        for part in nodes(loop.iter, ast.Name)
    }
    if not looped or not _calls(also, unit):
        return False
    bound: set[str] = set()
    for node in nodes(unit, ast.Assign, ast.AnnAssign):
        if node.value is None:
            continue
        answers = any(_speaks(words, call.func) for call in nodes(node.value, ast.Call))
        if answers or (bound and any(part.id in bound for part in nodes(node.value, ast.Name))):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                bound.update(part.id for part in nodes(target, ast.Name))
    return bool(looped & bound)


def _calls_something(loop: ast.For | ast.AsyncFor) -> bool:
    """Say whether a loop holds a call that is neither everyday nor makes an object."""
    for call in nodes(loop, ast.Call):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if not name or not (name in EVERYDAY_CALLS or name[:1].isupper()):
            return True
    return False


def has_status_set(unit: Unit, words: Words, also: Words) -> bool:
    """A status that is set to a state of work, or a flag for "done", on what is named with the words, or on self."""
    for node in nodes(unit, ast.Assign):
        if _field(node.targets[0]) in _STATES:
            owner = node.targets[0].value if isinstance(node.targets[0], (ast.Attribute, ast.Subscript)) else node.value
            told = any(_is_a_state(value) for value in walk(node.value)) or _is_looked_for(node.value, unit)
            if told and _is_owned(owner, unit, words):
                return True
        elif _takes_the_place(node, words):
            return True
    return False


def _takes_the_place(node: ast.Assign, words: Words) -> bool:
    """Say whether something named with the words is put under a key of its own: ``by_id[todo.id] = todo``."""
    target = node.targets[0]
    if not isinstance(node.value, ast.Name) or not isinstance(target, ast.Subscript):
        return False
    return mentions(node.value.id, words) and _reads(node.value.id, target.slice)


def _is_looked_for(value: ast.expr, unit: Unit) -> bool:
    """Say whether a name is looked for in a list, as one of the states may be."""
    return isinstance(value, ast.Name) and any(
        isinstance(test.ops[0], ast.In) and isinstance(test.left, ast.Name) and test.left.id == value.id
        for test in nodes(unit, ast.Compare)
    )


def _reads(name: str, key: ast.expr) -> bool:
    return not isinstance(key, ast.Name) and any(part.id == name for part in nodes(key, ast.Name))


def _is_owned(owner: ast.expr, unit: Unit, words: Words) -> bool:
    """Say whether an object is self, or is named with the words, bound to or declared as something that is."""
    if not isinstance(owner, ast.Name):
        return _speaks(words, owner)
    if owner.id == "self" or mentions(owner.id, words):
        return True
    for node in nodes(unit, ast.Assign, ast.For, ast.AsyncFor, ast.NamedExpr, ast.withitem, ast.comprehension, ast.arg):
        if not isinstance(node, ast.arg):
            if any(part.id == owner.id for part in nodes(node, ast.Name)) and any(
                _speaks(words, part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)
            ):
                return True
        elif node.arg == owner.id and node.annotation and _speaks(words, node.annotation):
            return True
    return False


def _is_a_state(node: ast.AST) -> bool:
    """Say whether a value is a state other than waiting: ``"failed"``, ``Status.DONE``, True, a given status."""
    if isinstance(node, ast.Constant):
        return node.value is True or (isinstance(node.value, str) and node.value.lower() in _OUTCOMES)
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lower().endswith(tuple(_OUTCOMES)) or mentions(name, ("status", "state"))


def has_item_by_position(unit: Unit, words: Words, also: Words) -> bool:
    """A name bound to an item of something named with the words, by its position or as the one whose turn it is."""
    for node in nodes(unit, ast.Assign):
        if isinstance(node.targets[0], ast.Name) and _speaks(words, node.value):
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            if any(_is_position(part.slice) for part in nodes(value, ast.Subscript)):
                return _calls(also, unit)
            called = value.func if isinstance(value, ast.Call) else value
            if isinstance(called, ast.Attribute) and any(word in called.attr.lower() for word in _POINTS):
                return _calls(also, unit)
    return False


def has_listed_values(unit: Unit, words: Words, also: Words) -> bool:
    """A list or tuple that is written out, bound to a name with the words or in a function with them in its name."""
    named = any(mentions(node.name, words) for node in nodes(unit, *_Function))
    for node in nodes(unit, ast.Assign, ast.AnnAssign):
        if isinstance(node.value, (ast.List, ast.Tuple)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if named or any(_speaks(words, target) for target in targets):
                return True
    return False


def _bound_values(loop: ast.While) -> Iterator[ast.expr]:
    for node in nodes(loop, ast.Assign, ast.AnnAssign, ast.NamedExpr):
        if node.value is not None:
            yield node.value


def _is_class(func: ast.expr) -> bool:
    """Say whether a call makes an object of a class, or calls a method of the class itself."""
    names = (part.id if isinstance(part, ast.Name) else getattr(part, "attr", "") for part in walk(func))
    return any(name[:1].isupper() for name in names)


def _is_position(key: ast.expr) -> bool:
    if isinstance(key, (ast.Slice, ast.JoinedStr)):
        return False
    return not (isinstance(key, ast.Constant) and isinstance(key.value, str))


def _field(target: ast.expr) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return ""


def _speaks(words: Words, node: ast.expr) -> bool:
    """Say whether a name, attribute or text in an expression holds one of the words."""
    return any(mentions(text, words) for text in texts(node))


def has_position_kept(unit: Unit, words: Words, also: Words) -> bool:
    """A field named with the words that moves on by one, or by which something is picked or its length compared."""
    for node in nodes(unit, ast.AugAssign, ast.Assign, ast.Subscript, ast.Compare):
        if isinstance(node, ast.AugAssign):
            if _is_one(node.value) and _speaks(words, node.target):
                return True
        elif isinstance(node, ast.Assign):
            if isinstance(node.value, ast.BinOp) and _is_one(node.value.right) and _speaks(words, node.targets[0]):
                return True
        elif isinstance(node, ast.Subscript):
            if not isinstance(node.slice, ast.Constant) and _speaks(words, node.slice) and _speaks(also, node.value):
                return True
        elif isinstance(node, ast.Compare) and _speaks(words, node.left) and _compares_a_length(node, also):
            return True
    return False


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _compares_a_length(node: ast.Compare, words: Words) -> bool:
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id == "len"
        and _speaks(words, part)
        for bound in node.comparators
        for part in walk(bound)
    )
