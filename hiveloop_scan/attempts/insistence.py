"""Signs that a loop insists on a result although its shape alone does not say so."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.headers import Kind
from hiveloop_scan.attempts.names import assigned_names, counting_steps
from hiveloop_scan.attempts.paths import in_round
from hiveloop_scan.attempts.rounds import Round
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_MEASURES = ("count", "tokens", "estimate")
_TAKES = ("pop", "popleft", "get", "get_nowait")


def keeps_trying(around: Round) -> Iterator[str]:
    """Yield what makes a retry of a loop that success does not leave: it keeps a connection, or says so."""
    if around.header.kind is Kind.COUNTED and around.sleeps_in_failure and around.failure_speaks:
        yield "says-that-it-retries"
    if around.header.kind not in (Kind.WHILE, Kind.FOREVER) or not (around.failure_speaks or _waits_longer(around)):
        return
    tried = [last_name(call.func) for call in work_calls(around.attempt.tried, around.module)]
    if not any(mentions(name, around.options["connect_words"]) for name in tried):
        return
    handlers = [statement for branch in around.handlers for statement in statements(branch.body)]
    pauses = around.sleep_calls and (_waits_longer(around) or around.body_mentions("reconnect_words"))
    if around.sleeps_in_failure or pauses or (around.failure_speaks and any(counting_steps(handlers, around.module))):
        yield "keeps-a-connection-up"


def feeds_error_back(around: Round) -> bool:
    """Say whether the failure leaves its error in a name that the next round reads."""
    module = around.module
    for handler in around.handlers:
        if handler.name is None:
            continue
        error = code(handler.name.name)
        kept = {
            code(node.targets[0].target)
            for node in module.below(statements(handler.body), cst.Assign)
            if error in module.names_in(node.value) and isinstance(node.targets[0].target, cst.Name)
        }
        calls = work_calls(around.body, module)
        if any(not module.is_below(call, [handler]) and kept & module.names_in(call) for call in calls):
            return True
    return False


def asks_until_valid(around: Round) -> bool:
    """Say whether a bounded or tested loop asks a model and checks the form of its answer until that is good."""
    ends = (
        around.ends_test
        if around.header.kind is Kind.WHILE
        else around.header.kind is Kind.COUNTED and around.can_leave
    )
    if not ends or mentions(around.header.text, around.options["turn_words"]) or _takes_from_what_it_tests(around):
        return False
    calls = around.module.below(around.body, cst.Call)
    checks = [name for call in calls if mentions(name := dotted(call.func), around.options["valid_words"])]
    others = [name for name in around.called if name not in checks]
    return bool(checks) and any(mentions(name, around.options["model_words"]) for name in others)


def asks_until_it_fits(around: Round) -> bool:
    """Say whether a bounded loop does nothing but ask a model, and says why it asks again."""
    if around.header.kind not in (Kind.WHILE, Kind.COUNTED) or not around.is_bounded_by_number or not around.can_leave:
        return False
    if mentions(around.header.text, around.options["turn_words"]) or not around.body_mentions("again_words"):
        return False
    asked = [
        mentions(name, around.options["model_words"]) and not mentions(name.rpartition(".")[2], _MEASURES)
        for name in around.called
    ]
    return bool(asked) and all(asked)


def _takes_from_what_it_tests(around: Round) -> bool:
    """Say whether each round takes an item out of what the loop's test reads: ``while urls: url = urls.pop(0)``."""
    if not isinstance(around.loop, cst.While):
        return False
    tested = around.module.names_in(around.loop.test)
    taken = (call.func for call in around.module.below(around.body, cst.Call) if last_name(call.func) in _TAKES)
    return any(isinstance(func, cst.Attribute) and tested & around.module.names_in(func.value) for func in taken)


def asks_the_same_again(around: Round) -> bool:
    """Say whether a counted loop puts the very same question to a model until a test of the answer lets it leave."""
    if around.header.kind is not Kind.COUNTED or not around.can_leave or around.works_on(around.header.targets):
        return False
    module = around.module
    changed = assigned_names(around.body, module)
    tests = [branch.test for branch in in_round(around.loop, module, cst.If)]
    for call in work_calls(around.body, module):
        given = module.names_in(*call.args)
        holder = module.enclosing(call, cst.Assign, cst.NamedExpr)
        if not mentions(dotted(call.func), around.options["model_words"]) or given & changed or holder is None:
            continue
        answer = code(holder.targets[0].target if isinstance(holder, cst.Assign) else holder.target)
        touched = {dotted(other.func).partition(".")[0] for other in module.below(around.body, cst.Call)} & given
        if not touched and any(answer in module.names_in(test) for test in tests):
            return True
    return False


def asks_whether_to_retry(around: Round) -> bool:
    """Say whether the branch to another round is taken on a question about a retry: ``if event.retry: continue``."""
    tests = (code(branch.test) for branch in around.attempt.failures if isinstance(branch, cst.If))
    return any(mentions(test, around.options["again_words"]) for test in tests)


def is_told_to_retry(around: Round) -> bool:
    """Say whether the branch to another round is taken on a result that is compared with such: ``== "retry"``."""
    for branch in around.attempt.failures:
        for test in around.module.below(branch.test, cst.Comparison) if isinstance(branch, cst.If) else ():
            told = test.comparisons[0]
            if isinstance(told.operator, (cst.Equal, cst.Is)) and mentions(
                code(told.comparator), around.options["again_words"]
            ):
                return True
    return False


def waits_after_refusal(around: Round) -> bool:
    """Say whether a branch to another round is taken on the status of a reply, and sleeps: ``if status == 429``."""
    branches = [branch for branch in around.attempt.failures if isinstance(branch, cst.If)]
    refused = [branch for branch in branches if mentions(code(branch.test), around.options["refusal_words"])]
    return any(first_sleep(statements(branch.body), around.module) for branch in refused)


def _waits_longer(around: Round) -> bool:
    """Say whether each round makes a waiting time longer: ``delay *= 2``, ``delay = min(delay * 2, 60)``."""
    module = around.module
    if any(mentions(code(call), ("backoff", "exponential")) for call in around.sleep_calls):
        return True
    if any(isinstance(node.operator, cst.MultiplyAssign) for node in in_round(around.loop, module, cst.AugAssign)):
        return True
    growth = (cst.Multiply, cst.Power)
    return any(
        code(node.targets[0].target) in module.names_in(node.value)
        and any(isinstance(inner.operator, growth) for inner in module.below(node.value, cst.BinaryOperation))
        for node in in_round(around.loop, module, cst.Assign)
    )
