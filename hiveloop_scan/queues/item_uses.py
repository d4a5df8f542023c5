"""What becomes of an item that was taken out of a queue: worked on, passed on to a reader, or let go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import children, dotted, last_name, statements

_WRAPPERS = (
    "wait_for", "shield", "ensure_future", "create_task", "run_until_complete", "run_coroutine_threadsafe",
    "gather", "start_soon", "spawn", "submit", "run_in_executor", "to_thread", "Thread", "Process", "partial",
    "add_task", "run_sync", "cast", "wait", "as_completed", "next", "copy_context", "wrap_future", "asyncio.run",
    "list", "tuple",
)  # fmt: skip
"""Calls around the call that matters: what they are given is what is run or kept."""

_PARTS = ("result", "get", "pop", "copy", "dict", "model_dump", "items", "values", "split", "strip", "decode", "group")
"""Methods whose value is a part of the item or another form of it."""

_FORMS = ("loads", "parse", "decode", "model_validate", "model_validate_json", "from_dict", "from_json", "deserialize",
          "parse_obj", "validate", "unpack", "convert", "normalize", "coerce")  # fmt: skip
_KEEPS = ("append", "appendleft", "add", "extend", "put", "put_nowait", "insert", "heappush")
_SETTLES = ("set_result", "set_exception")
_LOGS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print", "success", "trace")


@dataclass
class Uses:
    """What happens to an item; `names` are the names it goes by, `handlers` the calls that work on it."""

    names: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    handlers: list[cst.Call] = field(default_factory=list)


def uses_of(taken: cst.CSTNode, module: ParsedModule, options: Options) -> Uses:
    """Follow the value of the expression `taken` through its function.

    The facts are ``handled``, ``run``, ``handed-on``, ``returned``, ``yielded``, ``kept``, ``sent`` and ``settled``;
    none means that the item is let go.
    """
    uses = Uses()
    _follow_expression(taken, module, options, uses)
    if isinstance(taken, cst.Attribute):  # what was swapped for an empty list is that list from now on
        uses.names = [name for name in uses.names if name != dotted(taken)]
    if uses.names:
        _follow_names(taken, module, options, uses)
    return uses


def _follow_expression(taken: cst.CSTNode, module: ParsedModule, options: Options, uses: Uses) -> None:
    """Climb from the item to what it is given to or bound to."""
    child = taken
    for outer in module.ancestors(taken):
        if isinstance(outer, (cst.Assign, cst.AnnAssign, cst.NamedExpr)):
            target = outer.targets[0].target if isinstance(outer, cst.Assign) else outer.target
            uses.names += _names_bound(target, module)
            return
        if isinstance(outer, cst.Return):
            uses.facts.add("returned")
            return
        if isinstance(outer, (cst.Yield, cst.From)):
            uses.facts.add("yielded")
            return
        if isinstance(outer, (cst.For, cst.CompFor)):
            if child is outer.iter:
                uses.names += _names_bound(outer.target, module)
            return
        if isinstance(outer, cst.Call):
            if child is outer.func:
                _note_own_call(outer, module, options, uses)
                if not _is_part(outer):
                    return
            elif not (_is_wrapper(outer) or _is_form(outer)):
                _note_call(outer, module, options, uses)
                return
        elif isinstance(outer, (cst.BaseSmallStatement, cst.If, cst.While)):
            return
        child = outer


def _names_bound(target: cst.CSTNode, module: ParsedModule) -> list[str]:
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in _names_bound(element.value, module)]
    name = dotted(target) if isinstance(target, (cst.Name, cst.Attribute)) else ""
    return [name] if name and name != "_" else []


def _follow_names(taken: cst.CSTNode, module: ParsedModule, options: Options, uses: Uses) -> None:
    """Look at every use of the item's names in the function, and at the names that it is given on the way."""
    function = module.function_of(taken)
    body: Sequence[cst.CSTNode] = statements(function.body) if function else module.tree.body
    for target, value in _renamings(body, module):
        if _is_the_item(value, uses.names, module):
            uses.names += [name for name in _names_bound(target, module) if name not in uses.names]
    for call in module.below(body, cst.Call):
        if call is taken or module.is_below(taken, [call]):
            continue
        if _speaks_of(call.func, uses.names, module):
            _note_own_call(call, module, options, uses)
        elif any(_is_given(arg, uses.names, module) for arg in call.args):
            _note_call(call, module, options, uses)
    for given in module.below(body, cst.Yield, cst.Return):
        passed = given.value.item if isinstance(given.value, cst.From) else given.value
        if passed is not None and _is_the_item(passed, uses.names, module):
            uses.facts.add("yielded" if isinstance(given, cst.Yield) else "returned")
    for awaited in module.below(body, cst.Await):
        worked_on = awaited.expression
        if isinstance(worked_on, cst.Call):
            worked_on = worked_on.func.value if isinstance(worked_on.func, cst.Attribute) else worked_on.func
        if not isinstance(worked_on, cst.Call) and dotted(worked_on) in uses.names:
            uses.facts.add("run")


def _renamings(body: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    for node in module.below(body, cst.Assign, cst.AnnAssign, cst.For):
        if isinstance(node, cst.Assign):
            yield node.targets[0].target, node.value
        elif isinstance(node, cst.For):
            yield node.target, node.iter
        elif node.value is not None:
            yield node.target, node.value


def _is_the_item(value: cst.BaseExpression, names: Sequence[str], module: ParsedModule) -> bool:
    """Say whether a value is the item, a part of it, or the item in another form."""
    if isinstance(value, cst.Await):
        value = value.expression
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute) and value.func.attr.value in _PARTS:
            return _speaks_of(value.func.value, names, module)
        if _is_wrapper(value) or _is_form(value) or last_name(value.func) == "getattr":
            return any(_is_the_item(arg.value, names, module) for arg in value.args)
        return last_name(value.func)[:1].isupper() and any(_speaks_of(arg.value, names, module) for arg in value.args)
    if isinstance(value, (cst.Tuple, cst.List)):
        return any(_is_the_item(element.value, names, module) for element in value.elements)
    if isinstance(value, (cst.Name, cst.Attribute, cst.Subscript)):
        return _speaks_of(value, names, module)
    if isinstance(value, (cst.ListComp, cst.GeneratorExp)):
        return _speaks_of(value.for_in.iter, names, module)
    if isinstance(value, (cst.BooleanOperation, cst.FormattedString, cst.BinaryOperation, cst.IfExp)):
        return _speaks_of(value, names, module)
    return False


def _speaks_of(node: cst.CSTNode, names: Sequence[str], module: ParsedModule) -> bool:
    """Say whether one of `names` stands in an expression."""
    if any("." in name for name in names):
        found = {dotted(part) for part in module.below(node, cst.Attribute)}
        if any(name in found or any(part.startswith(f"{name}.") for part in found) for name in names if "." in name):
            return True
    return any(name in names for name in module.names_in(node) if name not in ("self", "cls"))


def _is_given(arg: cst.Arg, names: Sequence[str], module: ParsedModule) -> bool:
    """Say whether an argument passes the item on, itself or in a tuple, dict or text; not through another call."""
    pending: list[cst.CSTNode] = [arg.value]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Call):
            if isinstance(node.func, cst.Attribute) and node.func.attr.value in _PARTS:
                pending.append(node.func.value)
            elif _is_form(node) or last_name(node.func) in EVERYDAY_CALLS or last_name(node.func)[:1].isupper():
                pending += [inner.value for inner in node.args]
            continue
        if isinstance(node, (cst.Name, cst.Attribute)) and dotted(node) in names:
            return True
        if not isinstance(node, cst.Lambda):
            pending += children(node)
    return False


def _is_wrapper(call: cst.Call) -> bool:
    return last_name(call.func) in _WRAPPERS or dotted(call.func) in _WRAPPERS


def _is_form(call: cst.Call) -> bool:
    return bool(set(words(last_name(call.func))) & set(_FORMS)) or last_name(call.func) in _FORMS


def _is_part(call: cst.Call) -> bool:
    return last_name(call.func) in _PARTS


def _note_own_call(call: cst.Call, module: ParsedModule, options: Options, uses: Uses) -> None:
    """The item, or a method of it, is called: ``job()``, ``job.run()``, ``func(*args)``."""
    callee = call.func
    if isinstance(callee, cst.Name):
        uses.facts.add("run")
        uses.handlers.append(call)
    elif isinstance(callee, cst.Attribute):
        name = callee.attr.value
        if name in _SETTLES:
            uses.facts.add("settled")
        elif mentions(name, options["handle_words"]):
            uses.facts.add("run")
            uses.handlers.append(call)
    elif isinstance(callee, cst.Call):
        uses.facts.add("run")


def _note_call(call: cst.Call, module: ParsedModule, options: Options, uses: Uses) -> None:
    """The item is an argument of `call`."""
    name = last_name(call.func)
    if not name:
        uses.facts.add("run" if isinstance(call.func, cst.Call) else "handed-on")
        return
    if name in _LOGS or name == "getattr":
        return
    if name in _KEEPS:
        uses.facts.add("kept")
    elif _is_wrapper(call):
        _note_what_is_wrapped(call, module, options, uses)
    elif mentions(name, options["handle_words"]):
        uses.facts.add("handled")
        uses.handlers.append(call)
    elif mentions(name, options["send_words"]):
        uses.facts.add("sent")
    elif name not in EVERYDAY_CALLS and not name[0].isupper() and not _is_form(call):
        uses.facts.add("handed-on")
        uses.handlers.append(call)


def _note_what_is_wrapped(call: cst.Call, module: ParsedModule, options: Options, uses: Uses) -> None:
    """``create_task(self.handle(item))`` and ``executor.submit(self.handle, item)``."""
    for arg in call.args:
        value = arg.value
        if isinstance(value, (cst.Name, cst.Attribute)):
            if dotted(value) in uses.names:
                uses.facts.add("run" if arg is call.args[0] else "handed-on")
            elif mentions(
                value.attr.value if isinstance(value, cst.Attribute) else value.value, options["handle_words"]
            ):
                uses.facts.add("handled")
                uses.handlers.append(call)
