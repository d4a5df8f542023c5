"""Tell how much work waits: by ``queue_provider=`` where the agent is registered, else once for each item taken."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.names import are_known, check_names
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source, last_line

_PROVIDER = "_hl_queue_state"
_COUNTED = ("len(", "sum(len(", "sum(waiting.qsize()")
_PROVIDE = "give hb.agent(...) a queue_provider= that tells it"


def write_queue_provider(site: Site) -> Fix:
    """Return the fix of an agent that is registered without its queue: a function that tells the depth."""
    place = site.statement()
    call = _call_at(site)
    if not isinstance(place, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) or call not in list(ast.walk(place)):
        raise Refusal("the agent is registered inside of another statement", "give it a statement of its own")
    depth = _depth(site, place)
    lines = [f"def {_PROVIDER}():", f'    return {{"depth": {depth}}}']
    check_names("\n".join(lines), place, site.source)
    return Fix((*before(place, lines, site.source), _with_argument(call, site.source)))


def write_queue_snapshot(site: Site) -> Fix:
    """Return the fix of a worker: a snapshot behind the wait for an item, never where many are taken in a row."""
    place = site.statement()
    depth = _depth(site, place)
    if not _is_behind_a_wait(place, site.code("queue"), site.source):
        raise Refusal("it is not certain that work comes one at a time here", _PROVIDE)
    return site.call_before(SdkCall(Handle.AGENT, "queue_snapshot", [depth]), place)


def _depth(site: Site, place: ast.stmt) -> str:
    """Return how much waits, as a whole number at `place`; refuse where the code does not tell."""
    depth = site.code("depth")
    if not depth:
        raise Refusal("how much work waits cannot be told from the code", "write the call by hand")
    if not are_known(depth, place, site.source):
        raise Refusal(f"`{depth}` is not known here", _PROVIDE)
    whole = depth.endswith(".qsize()") or depth.startswith(_COUNTED)
    return depth if whole else f"int({depth})"


def _call_at(site: Site) -> ast.Call:
    """Return the call that registers the agent, which is what the finding points at."""
    span, source = site.finding.span, site.source
    start = source.line_start(span.line) + span.column - 1
    end = source.line_start(span.end_line) + span.end_column - 1
    for node in source.nodes:
        if isinstance(node, ast.Call) and (source.start(node), source.end(node)) == (start, end):
            if any(keyword.arg is None for keyword in node.keywords):
                raise Refusal("its arguments are unpacked, and may hold a provider")
            return node
    raise Refusal("the call that registers the agent is not found")


def _with_argument(call: ast.Call, source: Source) -> Edit:
    """Put the provider behind the last argument, on a line of its own where that ends its line with a comma."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    last = max(given, key=source.end)
    end, argument = source.end(last), f"queue_provider={_PROVIDER}"
    line_end = source.line_start(last_line(last) + 1)
    rest = source.text[end:line_end]
    if rest.startswith(",") and not rest[1:].strip() and rest.endswith(("\n", "\r")):
        text = source.lines[last.lineno - 1]
        margin = text[: len(text) - len(text.lstrip())]
        return insertion(line_end, f"{margin}{argument},{source.newline}")
    return insertion(end, f", {argument}")


def _is_behind_a_wait(place: ast.stmt, queue: str, source: Source) -> bool:
    """Say whether the statement above `place` waits for one item of `queue`, round by round of a while loop."""
    block = source.block_of(place)
    index = next(number for number, item in enumerate(block) if item is place)
    taken = block[index - 1] if index else None
    if taken is None or not any(_waits_for(node, queue) for node in ast.walk(taken)):
        return False
    for outer in source.ancestors(place):
        if isinstance(outer, (ast.For, ast.AsyncFor, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        if isinstance(outer, ast.While):
            return True
    return False


def _waits_for(node: ast.AST, queue: str) -> bool:
    """Say whether a call takes an item of the queue and waits until there is one."""
    match node:
        case ast.Call(ast.Attribute(owner, "get"), args=args, keywords=keywords) if ast.unparse(owner) == queue:
            given = [*args[:1], *(item.value for item in keywords if item.arg == "block")]
            return not any(isinstance(value, ast.Constant) and value.value is False for value in given)
        case _:
            return False
