"""Find failed work that is put back to be done again: re-enqueued items, reset states, Celery's self.retry."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.names import counting_steps
from hiveloop_scan.attempts.paths import Failure, is_not_a_failure
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_REFUSALS = {"nack", "basic_nack", "reject", "basic_reject"}


@detector(cst.Call, cst.Assign)
def unreported_requeue(node: cst.Call | cst.Assign, module: ParsedModule, options: Options) -> Iterator[Match]:
    if isinstance(node, cst.Call) and dotted(node.func) == "self.retry" and _is_worker_task(node, module):
        yield Match(
            node,
            _captures(node, _function_name(node, module), module, "self.request.retries + 1"),
            ["worker-retries-the-task"],
        )
        return
    if not _may_go_back(node, options):
        return
    branch = _failure_around(node, module, options)
    if branch is None:
        return
    if isinstance(node, cst.Assign):
        yield from _reset_state(node, branch, module, options)
    elif _sets_status(node, options):
        yield from _store_state(node, branch, module, options)
    elif last_name(node.func) in _REFUSALS:
        yield Match(node, _captures(node, "the message", module, None), ["message-is-refused-for-redelivery"])
    else:
        yield from _put_back(node, branch, module, options)


def _may_go_back(node: cst.Call | cst.Assign, options: Options) -> bool:
    """Look at the node's own names first: most calls and assignments end here."""
    if isinstance(node, cst.Assign):
        return last_name(node.targets[0].target) in ("status", "state")
    name = last_name(node.func)
    if _sets_status(node, options):
        return True
    if name in _REFUSALS:
        return any(arg.keyword and arg.keyword.value == "requeue" and code(arg.value) == "True" for arg in node.args)
    return name in options["put_words"] or mentions(name, options["back_words"])


def _put_back(call: cst.Call, branch: Failure, module: ParsedModule, options: Options) -> Iterator[Match]:
    name = dotted(call.func)
    owner, _, method = name.rpartition(".")
    says = mentions(method, options["back_words"])
    item = _item_of(call, module)
    if item is None or not (says or (owner and method in options["put_words"])):
        return
    facts = ["failed-item-goes-back"]
    if says or mentions(owner, options["back_words"]):
        facts.append("name-says-that-it-goes-back")
    if not says and _came_from(item, owner, call, module, options):
        facts.append("same-queue-as-it-came-from")
    counter = _counter_of(item, branch, module, options)
    told = [code(arg.value) for arg in call.args if code(arg.value) != item]
    if counter or any(mentions(text, options["retry_words"]) for text in told):
        facts.append("counts-the-tries-of-the-item")
    if first_sleep(statements(branch.body), module):
        facts.append("waits-before-it-goes-back")
    if mentions(name, options["dead_words"]):
        facts.append("ends-up-with-the-dead")
    if len(facts) > 1:
        yield Match(call, _captures(call, item, module, counter), facts)


def _reset_state(node: cst.Assign, branch: Failure, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.status = PENDING`` in a branch that counts ``task.retries``."""
    owner, _, field = dotted(node.targets[0].target).rpartition(".")
    if field not in ("status", "state") or not owner:
        return
    value = code(node.value).rpartition(".")[2]
    counter = _counter_of(owner, branch, module, options)
    if counter and set(words(value)) & options["waiting_words"]:
        yield Match(
            node,
            _captures(node, owner, module, counter),
            ["failed-item-goes-back", "status-goes-back-to-waiting", "counts-the-tries-of-the-item"],
        )


def _sets_status(call: cst.Call, options: Options) -> bool:
    """Say whether a call names a state of waiting, and has a name of keeping states: ``set_status(id, QUEUED)``."""
    states = [arg.value for arg in call.args if isinstance(arg.value, (cst.SimpleString, cst.Attribute))]
    return mentions(last_name(call.func), options["keep_words"]) and any(
        words(code(state).rpartition(".")[2])[-1:] == (word,) for state in states for word in options["waiting_words"]
    )


def _store_state(call: cst.Call, branch: Failure, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``store.set_status(job.id, QUEUED)`` in the handler of what was done with the job."""
    item = _item_of(call, module)
    handler = branch if isinstance(branch, cst.ExceptHandler) else module.enclosing(call, cst.ExceptHandler)
    tried = module.parent(handler) if handler else None
    if item is None or not isinstance(tried, cst.Try):
        return
    if item.partition(".")[0] in module.names_in(*statements(tried.body)):
        facts = ["failed-item-goes-back", "status-goes-back-to-waiting"]
        yield Match(call, _captures(call, item, module, _counter_of(item, branch, module, options)), facts)


def _failure_around(node: cst.CSTNode, module: ParsedModule, options: Options) -> Failure | None:
    """Return the handler, or the branch that counts a failure, around `node` in its function."""
    function = module.function_of(node)
    for outer in module.ancestors(node):
        if outer is function:
            return None
        if isinstance(outer, cst.ExceptHandler):
            return None if is_not_a_failure(outer) else outer
        if isinstance(outer, cst.If) and (
            _counts_tries(outer, module, options) or mentions(code(outer.test), options["retry_words"])
        ):
            return outer
    return None


def _counts_tries(branch: cst.If, module: ParsedModule, options: Options) -> bool:
    steps = counting_steps(statements(branch.body), module)
    return any(mentions(name, options["retry_words"]) for _, name, _ in steps)


def _item_of(call: cst.Call, module: ParsedModule) -> str | None:
    """Return the name of what is put back: an argument that the function was given, took, or loops over."""
    function = module.function_of(call)
    if function is None:
        return None
    parameters = {parameter.name.value for parameter in (*function.params.params, *function.params.kwonly_params)} - {
        "self",
        "cls",
    }
    taken = {
        name
        for node in module.below(statements(function.body), cst.Assign, cst.For, cst.NamedExpr)
        for name in module.names_in(node.targets[0].target if isinstance(node, cst.Assign) else node.target)
    }
    names = [dotted(value) for arg in call.args for value in _plain_values(arg.value)]
    error = {
        code(handler.name.name)
        for handler in module.ancestors(call)
        if isinstance(handler, cst.ExceptHandler) and handler.name
    }
    return next((name for name in names if name.partition(".")[0] in (parameters | taken) - error), None)


def _plain_values(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield the names in an argument: itself, or what a list, tuple or call around it holds."""
    if isinstance(node, (cst.Name, cst.Attribute)):
        yield node
    elif isinstance(node, (cst.Tuple, cst.List)):
        yield from (element.value for element in node.elements if isinstance(element.value, (cst.Name, cst.Attribute)))
    elif isinstance(node, cst.Call):
        yield from (arg.value for arg in node.args if isinstance(arg.value, (cst.Name, cst.Attribute)))


def _came_from(item: str, owner: str, call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether the item was taken from the queue it is put back to."""
    function = module.function_of(call)
    for node in module.below(statements(function.body), cst.Assign) if function else ():
        if item in module.names_in(node.targets[0].target):
            source_owner, _, method = dotted(node.value).rpartition(".")
            if source_owner == owner and method in options["take_words"]:
                return True
    return False


def _counter_of(item: str, branch: Failure, module: ParsedModule, options: Options) -> str | None:
    """Return the attribute of the item that the branch counts its tries in."""
    function = module.function_of(branch)
    steps = counting_steps(statements(function.body) if function else statements(branch.body), module)
    return next(
        (
            name
            for _, name, _ in steps
            if name.startswith((f"{item}.", f"{item}[")) and mentions(name, options["retry_words"])
        ),
        None,
    )


def _is_worker_task(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call stands in a Celery task: a function decorated as one, or a method of a Task class."""
    function = module.function_of(call)
    if function is None:
        return False
    if any(
        last_name(decorator.decorator) in ("task", "shared_task", "periodic_task") for decorator in function.decorators
    ):
        return True
    owner = module.enclosing(function, cst.ClassDef)
    return isinstance(owner, cst.ClassDef) and any(
        module.resolve(base.value).startswith("celery") for base in owner.bases
    )


def _function_name(node: cst.CSTNode, module: ParsedModule) -> str:
    function = module.function_of(node)
    return function.name.value if function else "the task"


def _captures(node: cst.CSTNode, item: str, module: ParsedModule, attempt: str | None) -> dict[str, Capture]:
    handler = module.enclosing(node, cst.ExceptHandler)
    name = handler.name if isinstance(handler, cst.ExceptHandler) else None
    countdown = (
        [arg.value for arg in node.args if arg.keyword and arg.keyword.value == "countdown"]
        if isinstance(node, cst.Call)
        else []
    )
    return {
        "operation": _function_name(node, module),
        "item": item,
        "attempt": attempt,
        "attempt_base": 1 if attempt else None,
        "backoff_seconds": code(countdown[0]) if countdown else None,
        "exception": code(name.name) if name else None,
        "another_attempt": "certain",
        "insert_line": module.span(node).line,
    }
