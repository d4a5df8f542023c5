"""Write ``task.retry(...)`` into the path that leads from a failure to the next attempt."""

from __future__ import annotations

import ast
from dataclasses import replace

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.names import bound_around
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source, last_line
from hiveloop_scan.fix.values import is_repeatable, number, whole_number
from hiveloop_scan.fix.writers.retry_hook import write_retry_hook

_WAIT = "_hl_backoff"
_MOST_TYPES = 3
_MAYBE = (ast.IfExp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def write_retry(site: Site) -> Fix:
    """Return the fix of a retry: in front of the wait or the jump back, only where another attempt follows."""
    if site.capture("library"):
        return write_retry_hook(site)
    condition = _condition(site)
    block_line = site.capture("block_line")
    if isinstance(block_line, int):
        place = _end_of_block(site.source, block_line)
        return site.call_behind(_call(site, place, ""), place, condition)
    place = site.statement()
    _check_certain(site.code("operation"), place, site.source)
    wait, hoisted = _wait(site, place)
    fix = site.call_before(_call(site, place, wait), place, condition)
    if not hoisted:
        return fix
    first = before(place, [f"{_WAIT} = {wait}"], site.source)
    return replace(fix, edits=(*first, *fix.edits, *hoisted))


def _check_certain(operation: str, place: ast.stmt, source: Source) -> None:
    """Refuse a statement that makes the call again only now and then, or many times: in a comprehension, say."""
    name = operation.rpartition(".")[2]
    calls = [node for node in ast.walk(place) if isinstance(node, ast.Call) and _last_name(node.func) == name]
    if calls and not any(_runs_once(call, place, source) for call in calls):
        raise Refusal("the call is made again only now and then, or several times", "write the call by hand")


def _runs_once(call: ast.Call, place: ast.stmt, source: Source) -> bool:
    inner: ast.AST = call
    for outer in source.ancestors(call):
        if outer is place:
            return True
        if isinstance(outer, _MAYBE) and inner is not getattr(outer, "test", None):
            return False
        if isinstance(outer, ast.BoolOp) and inner is not outer.values[0]:
            return False
        inner = outer
    return True


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _call(site: Site, place: ast.stmt, wait: str) -> SdkCall:
    keywords = {}
    attempt = site.code("attempt")
    if attempt and is_repeatable(attempt) and site.capture("attempt_base") is not None:
        keywords["attempt"] = whole_number(attempt, place, site.source)
    if wait:
        keywords["backoff_seconds"] = number(_WAIT if not is_repeatable(wait) else wait, place, site.source)
    return SdkCall(Handle.TASK, "retry", [_summary(site, place)], keywords)


def _summary(site: Site, place: ast.stmt) -> str:
    """Say what is tried again and after what: the type of the exception, never its message."""
    what = f"Retrying {site.name('operation', 'the operation')}"
    exception = site.name("exception", "")
    if exception:
        kind = "{exc}.__class__" if "type" in bound_around(place, site.source) else "type({exc})"
        return f'f"{what} after {{{kind.format(exc=exception)}.__name__}}"'
    return f'"{what} after {_types(site)}"'


def _types(site: Site) -> str:
    """Return the types of exceptions that the handler names, up to three; else say that there was a failure."""
    names = [name.strip() for name in site.code("exception_type").strip("()").split(",") if name.strip()]
    plain = all(part.isidentifier() for name in names for part in name.split("."))
    return " or ".join(names) if names and plain and len(names) <= _MOST_TYPES else "a failure"


def _condition(site: Site) -> str:
    """Return what must hold for another attempt to follow; "" where one always does."""
    if site.capture("another_attempt") == "certain":
        return ""
    condition = site.code("another_attempt_if")
    if not condition or not is_repeatable(condition):
        raise Refusal("it cannot be told here whether another attempt follows")
    return condition if isinstance(ast.parse(condition, mode="eval").body, ast.Compare) else f"({condition})"


def _wait(site: Site, place: ast.stmt) -> tuple[str, list[Edit]]:
    """Return the length of the wait and the edits that have it worked out once only; "" where it is not certain."""
    wait = site.code("backoff_seconds")
    if not wait or is_repeatable(wait):
        return wait, []
    argument = _argument_of_sleep(place, wait, site.source)
    if argument is None:
        return "", []
    return wait, [Edit(site.source.start(argument), site.source.end(argument), _WAIT)]


def _argument_of_sleep(place: ast.stmt, wait: str, source: Source) -> ast.expr | None:
    """Return the argument of the call that the statement `place` is made of, where it reads `wait` on one line."""
    call = place.value if isinstance(place, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call):
        return None
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return next((item for item in arguments[:1] if source.segment(item) == wait), None)


def _end_of_block(source: Source, line: int) -> ast.stmt:
    """Return the last statement of the handler, branch or loop that begins on `line`; refuse where it leaves."""
    for node in source.nodes:
        if isinstance(node, (ast.ExceptHandler, ast.For, ast.AsyncFor, ast.While, ast.If)) and node.lineno == line:
            if isinstance(node.body[-1], _LEAVES):
                raise Refusal("nothing runs at the end of the branch")
            if node.body[0].lineno == node.lineno and last_line(node.body[-1]) == node.lineno:
                raise Refusal("the branch shares its line with its head", "give its body a line of its own")
            return node.body[-1]
    raise Refusal(f"no branch begins on line {line}")
