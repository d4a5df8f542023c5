"""Find handlers and failure branches that make the call again which has just failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.attempts.batches import item_by_item, loop_that_feeds
from hiveloop_scan.attempts.calls import is_class_name, is_work_call, is_wrapper_call, work_calls
from hiveloop_scan.attempts.names import assigned_names
from hiveloop_scan.attempts.operation import invocation_of, operation_name
from hiveloop_scan.attempts.paths import Failure, exception_names, is_not_a_failure
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name, statements
from hiveloop_scan.visitor import detector

_UNUSED = ""
_SENT = ("payload", "params", "parameters", "kwargs", "messages", "prompt", "request", "body", "args", "arguments")
"""What is sent: a fallback for it goes to the same service."""

_SHARED = "same-call-with-shared-arguments"


@detector(cst.Try, cst.If)
def unreported_second_try(node: cst.Try | cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    if isinstance(node, cst.Try):
        tried = work_calls(statements(node.body), module)
        nested = [handler for inner in module.below(statements(node.body), cst.Try) for handler in inner.handlers]
        first = [call for call in tried if _is_work(call, options) and not module.is_below(call, nested)]
        for handler in node.handlers:
            gives_up = flow_of_suite(handler.body) == Flow.RAISE or _raises_once_called(node, handler, module)
            if first and not is_not_a_failure(handler) and not gives_up and not _asks_for_a_loop(node, handler, module):
                found = list(_second_tries(first, handler, statements(handler.body), module, options))
                yield from found or _second_tries(first, handler, _after(node, handler, module), module, options)
    elif (call := _call_tested_by(node, module)) is not None and _is_work(call, options):
        for match in _second_tries([call], node, statements(node.body), module, options):
            same_place = "result-goes-to-the-same-place" in match.evidence
            same_call = "same-call-with-the-same-arguments" in match.evidence
            speaks = "branch-speaks-of-a-second-try" in match.evidence
            locked_out = mentions(code(node.test), options["locked_out_words"])
            refused = locked_out or mentions(code(node.test), options["refusal_words"])
            if same_place and speaks:
                yield match
                continue
            failed = refused or (speaks and _says_no(node.test))
            if (failed and same_call) or (locked_out and same_place and _SHARED in match.evidence):
                yield Match(match.node, match.captures, [*match.evidence, "reply-says-that-it-failed"])


def _says_no(test: cst.BaseExpression) -> bool:
    """Say whether a test asks for a reply that is none: ``not sent``, ``sent is None``, ``reply.returncode != 0``."""
    if isinstance(test, cst.UnaryOperation):
        return isinstance(test.operator, cst.Not)
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    target = test.comparisons[0]
    value = code(target.comparator)
    if isinstance(target.operator, (cst.Is, cst.Equal)):
        return value in ("None", "False")
    return isinstance(target.operator, cst.NotEqual) and value in ("0", "True")


def _asks_for_a_loop(node: cst.Try, handler: cst.ExceptHandler, module: ParsedModule) -> bool:
    """Say whether what fails is the question for a running event loop: one way of making the call or the other."""
    if "RuntimeError" not in exception_names(handler):
        return False
    calls = module.below(statements(node.body), cst.Call)
    return any(last_name(call.func) in ("get_running_loop", "get_event_loop") for call in calls)


def _raises_once_called(node: cst.Try, handler: cst.ExceptHandler, module: ParsedModule) -> bool:
    """Say whether a handler raises when a flag tells that the try body came to its call: no call is made twice."""
    tried = statements(node.body)
    flags = {code(flag.targets[0].target) for flag in module.below(tried, cst.Assign) if code(flag.value) == "True"}
    guards = (
        branch for branch in module.below(statements(handler.body), cst.If) if flow_of_suite(branch.body) == Flow.RAISE
    )
    return any(flags & module.names_in(branch.test) for branch in guards)


def _after(node: cst.Try, handler: cst.ExceptHandler, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the next statements that run when a try that returns has failed, up to the first that works."""
    if flow_of_suite(node.body) & Flow.NEXT or not flow_of_suite(handler.body) & Flow.NEXT:
        return ()
    suite = module.enclosing(node, cst.IndentedBlock)
    block = statements(suite) if isinstance(suite, cst.IndentedBlock) else ()
    place = next((index for index, statement in enumerate(block) if statement is node), len(block))
    rest = block[place + 1 :]
    works = next((index for index, statement in enumerate(rest) if work_calls(statement, module)), len(rest))
    return rest[: works + 1]


def _second_tries(
    first: Sequence[cst.Call], branch: Failure, block: Sequence[cst.CSTNode], module: ParsedModule, options: Options
) -> Iterator[Match]:
    """Yield the branch when `block`, what runs then, repeats one of the calls `first`; the closest one counts."""
    best: tuple[int, cst.Call, list[str]] | None = None
    for again in work_calls(block, module):
        loop = loop_that_feeds(again, branch, module)
        for call in first:
            if loop is not None:
                facts = item_by_item(call, again, loop, branch, module, options)
            elif invocation_of(call).name == invocation_of(again).name:
                facts = _facts(call, again, branch, module, options)
            else:
                continue
            if facts and (best is None or len(facts) > best[0]):
                best = (len(facts), again, facts)
    if best is not None:
        yield Match(branch, _captures(best[1], branch, module), best[2])


def _is_work(call: cst.Call, options: Options) -> bool:
    """Say whether repeating a call can be a second try: it is not there to tell, tidy up, convert or make something."""
    name = invocation_of(call).name.rpartition(".")[2]
    found = [spelled for word in words(name) for spelled in (word, word.removeprefix("a"))]  # acleanup is a cleanup
    if not found or is_class_name(name):
        return False
    if _sends_a_message(name):
        return True
    return not options["quiet_words"].intersection((*found[:2], *found[-2:])) and not options[
        "parse_words"
    ].intersection(found)


def _sends_a_message(name: str) -> bool:
    """Say whether a call sends a message, by its name: work where it is the same again, else mostly a report."""
    found = words(name.rpartition(".")[2])
    return found[:1] == ("send",) and found[-1] in ("message", "reply", "text")


def _facts(call: cst.Call, again: cst.Call, branch: Failure, module: ParsedModule, options: Options) -> list[str]:
    first_use, again_use = _use(call, module), _use(again, module)
    if first_use is None or again_use is None:
        return []
    speaks = mentions(module.text(branch).replace(module.text(again), ""), options["again_words"])
    name = invocation_of(again).name.rpartition(".")[2]
    if _sends_a_message(name) and not speaks:
        return []
    works = _is_awaited(again, module) or mentions(name, options["work_words"]) or _hands_all_on(again)
    reads_only = bool(options["reading_words"].intersection(words(name)[:1]))
    first_values, again_values = _values(call), _values(again)
    changed_before = bool(module.names_in(*again.args) & assigned_names(statements(branch.body), module))
    same_arguments = first_values == again_values and bool(first_values or speaks) and not changed_before
    facts = []
    if same_arguments:
        facts.append("same-call-with-the-same-arguments")
    elif (_UNUSED not in (first_use, again_use) or speaks) and _shared(first_values, again_values, options):
        facts.append(_SHARED)
    elif first_use == again_use != _UNUSED and speaks:
        facts.append("same-call-with-other-arguments")
    if not facts or not works or (reads_only and not speaks):
        return []
    closely = same_arguments or (speaks and _SHARED in facts)
    if again_use == _UNUSED and not (closely and _is_what_fails(call, branch, module)):
        return []
    if first_use == again_use:
        facts.append("result-goes-to-the-same-place")
    if speaks:
        facts.append("branch-speaks-of-a-second-try")
    elif mentions(module.text(branch), options["fallback_words"]):
        facts.append("branch-speaks-of-a-fallback")
    facts.append("operation-does-work-elsewhere")
    changed = [value for value in again_values if value not in first_values]
    others = [value for value in changed if not mentions(value, _SENT)]
    if any(mentions(value, options["other_words"]) for value in others) or _is_rebound(again, branch, module):
        facts.append("asks-somebody-else")
    if isinstance(branch, cst.ExceptHandler) and exception_names(branch) == ["TypeError"]:
        facts.append("tries-another-signature")
    if any(value.startswith(("encoding=", "errors=", "mode=")) for value in changed):
        facts.append("reads-in-another-way")
    return facts


def _hands_all_on(call: cst.Call) -> bool:
    """Say whether a call is given whatever the function was given: ``work(*args, **kwargs)``."""
    return {arg.star for arg in call.args} >= {"*", "**"}


def _is_what_fails(call: cst.Call, branch: Failure, module: ParsedModule) -> bool:
    """Say whether a call is the first work of its try statement, in no branch; what stands at the end tidies up."""
    tried = module.parent(branch)
    if not isinstance(tried, cst.Try):
        return True
    holder = module.enclosing(call, cst.If, cst.Else, cst.ExceptHandler, cst.Try, cst.TryStar)
    return holder is tried and work_calls(statements(tried.body), module)[0] is call


def _is_rebound(again: cst.Call, branch: Failure, module: ParsedModule) -> bool:
    """Say whether the branch goes through others under the name that is called: the next provider or client."""
    receiver, _, method = invocation_of(again).name.partition(".")
    loops = module.below(statements(branch.body), cst.For)
    return bool(method) and any(receiver in module.names_in(loop.target) for loop in loops)


def _values(call: cst.Call) -> list[str]:
    """Return the arguments of a call as text, keywords in a fixed order."""
    args = invocation_of(call).args
    plain = [code(arg.value) for arg in args if arg.keyword is None]
    return plain + sorted(f"{arg.keyword.value}={code(arg.value)}" for arg in args if arg.keyword)


def _shared(first: Sequence[str], again: Sequence[str], options: Options) -> bool:
    """Say whether two calls share an argument that is more than a constant or a setting."""
    shared = [value.rpartition("=") for value in set(first) & set(again)]
    return any(
        not _is_constant(value) and not mentions(name or value, options["setting_words"]) for name, _, value in shared
    )


def _is_constant(text: str) -> bool:
    return (
        text in ("None", "True", "False", "self")
        or not text[:1].isidentifier()
        or text.startswith(('f"', "f'", 'r"', "r'"))
    )


def _use(call: cst.Call, module: ParsedModule) -> str | None:
    """Say what becomes of a call's result: its new name, ``return``, ``yield``, nothing; None: it is used up."""
    for outer in module.ancestors(call):
        if isinstance(outer, cst.Return):
            return "return"
        if isinstance(outer, cst.Assign):
            return code(outer.targets[0].target)
        if isinstance(outer, cst.AnnAssign):
            return code(outer.target)
        if isinstance(outer, (cst.For, cst.Yield)):
            return "yield"
        if isinstance(outer, cst.Expr):
            return _UNUSED
        passes_on = isinstance(outer, (cst.Await, cst.Arg, cst.Attribute, cst.Subscript, cst.From))
        if not passes_on and not (
            isinstance(outer, cst.Call) and not (is_work_call(outer) and not is_wrapper_call(outer))
        ):
            return None
    return None


def _is_awaited(call: cst.Call, module: ParsedModule) -> bool:
    parent = module.parent(call)
    return isinstance(parent, cst.Await) or (
        isinstance(parent, cst.Arg) and isinstance(module.parent(module.parent(parent) or parent), cst.Await)
    )


def _call_tested_by(branch: cst.If, module: ParsedModule) -> cst.Call | None:
    """Return the call whose result the statement just before an if was given, when the if tests that result."""
    suite = module.enclosing(branch, cst.IndentedBlock)
    block = statements(suite) if isinstance(suite, cst.IndentedBlock) else ()
    index = next((position for position, statement in enumerate(block) if statement is branch), 0)
    tested = module.names_in(branch.test)
    for statement in reversed(block[max(0, index - 2) : index]):
        if isinstance(statement, cst.Assign) and module.names_in(statement.targets[0].target) & tested:
            return next(iter(module.all_below(statement.value, cst.Call)), None)
    return None


def _captures(again: cst.Call, branch: Failure, module: ParsedModule) -> dict[str, Capture]:
    handler = branch if isinstance(branch, cst.ExceptHandler) else None
    return {
        "operation": operation_name(again),
        "attempt": "1",
        "attempt_base": 0,
        "backoff_seconds": None,
        "exception": code(handler.name.name) if handler and handler.name else None,
        "exception_type": ", ".join(exception_names(handler)) if handler else None,
        "another_attempt": "certain",
        "insert_line": module.span(again).line,
    }
