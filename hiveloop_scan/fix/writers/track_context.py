"""Put the run of a tool into a block that ``agent.track_context(...)`` watches."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.edits import insertion
from hiveloop_scan.fix.elements import Element, element_of
from hiveloop_scan.fix.imports import Import, callable_name
from hiveloop_scan.fix.names import PREFIX, bound_in, check_names
from hiveloop_scan.fix.place import around
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.running import Stretch, stretch_of
from hiveloop_scan.fix.site import Fix, Site, at_the_top
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import parsed, text

_NAME_HINT = "write the block by hand, with the name that the tool is called by"


def write_track_context(site: Site) -> Fix:
    """Return the fix of a tool's run: the statement that runs it goes into the block, and runs as it did before."""
    run = site.node()
    if not isinstance(run, ast.Call):
        raise Refusal("the call that runs the tool cannot be told from others")
    try:
        stretch = stretch_of(run, site.source)
    except Refusal:
        element = element_of(run, site.source)
        if element is None:
            raise
        return _in_expression(site, run, element)
    name = _name(site, stretch.statements)
    lines, imports = _with_helper(site, name, stretch) if site.plumbing.offer("track") else _inline(site, name, stretch)
    check_names("\n".join([*lines, "    pass"]), stretch.first, site.source)
    return Fix(tuple(around(stretch.first, lines, site.source, until=stretch.last)), imports)


def _in_expression(site: Site, run: ast.Call, element: Element) -> Fix:
    """Return the fix of one of several runs in an expression: what is called or awaited goes through a helper."""
    source = site.source
    place = source.enclosing(run, ast.stmt)
    if place is None or any(isinstance(node, ast.Name) and node.id.startswith(PREFIX) for node in ast.walk(run)):
        raise Refusal("a tool inside of it is tracked already")
    name = _name(site, [place])
    helper = at_the_top(site.helper(element.helper, place))
    given = _given_now(name, place, source) if element.is_late else ""
    opening = f"{helper.expression}(lambda{given}: {name}, "
    check_names(f"{opening}{ast.unparse(element.node)})", place, source)
    start, end = source.start(element.node), source.end(element.node)
    return Fix((insertion(start, opening), insertion(end, ")")), helper.imports)


def _given_now(name: str, place: ast.stmt, source: Source) -> str:
    """Return the parameters that keep what the names in `name` stand for now; refuse one that may stand for nothing."""
    names = dict.fromkeys(node.id for node in ast.walk(parsed(name)) if isinstance(node, ast.Name))
    scope = source.scope_of(place)
    inside = bound_in(scope) if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)) else ()
    own = {node.id for node in ast.walk(place) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    moving = [item for item in names if item in own | set(inside)]
    read = {node.id for node in ast.walk(place) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    if not set(moving) <= read:
        raise Refusal(f"the tool's name is not asked for where it runs: `{name}`", _NAME_HINT)
    return f" {', '.join(f'{item}={item}' for item in moving)}" if moving else ""


def _name(site: Site, statements: Sequence[ast.stmt]) -> str:
    """Return the expression for the tool's name; refuse one that does something when it is worked out again."""
    expression = site.code("tool_name")
    if not expression:
        raise Refusal("it cannot be told here what the tool is called", _NAME_HINT)
    nodes = list(ast.walk(parsed(expression)))
    if any(isinstance(node, ast.Call) and not _only_reads(node) for node in nodes):
        raise Refusal(f"the tool's name would be worked out twice: `{expression}`", "give it a variable first")
    if any(isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)) for node in nodes):
        raise Refusal(f"the tool's name is no plain expression: `{expression}`", "give it a variable first")
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    bound = {
        node.target.id for statement in statements for node in ast.walk(statement) if isinstance(node, ast.NamedExpr)
    }
    if named & bound:
        raise Refusal("the tool's name becomes known in the statement that runs it", "give it a variable first")
    return expression


def _only_reads(call: ast.Call) -> bool:
    """Say whether a call is ``mapping.get("name", "unknown")``."""
    reads = isinstance(call.func, ast.Attribute) and call.func.attr == "get"
    return reads and bool(call.args) and all(isinstance(arg, ast.Constant) for arg in call.args) and not call.keywords


def _with_helper(site: Site, name: str, stretch: Stretch) -> tuple[list[str], frozenset[Import]]:
    helper = at_the_top(site.helper("track", stretch.first))
    return [f"with {helper.expression}(lambda: {name}):"], helper.imports


def _inline(site: Site, name: str, stretch: Stretch) -> tuple[list[str], frozenset[Import]]:
    """Return the block for projects without the helper: what entering and leaving it raise stays inside."""
    agent = at_the_top(site.accessor(Handle.AGENT, stretch.first))
    stack, needed = callable_name("contextlib", "ExitStack", stretch.first, site.source)
    handle = Handle.AGENT.variable
    action = f"{PREFIX}action"
    lines = [
        f"with {stack}() as {PREFIX}stack:",
        f"    {handle} = {agent.expression}",
        f"    if {handle}:",
        "        try:",
        f"            {action} = {handle}.track_context({text(name)})",
        f"            {action}.__enter__()",
        "",
        f"            @{PREFIX}stack.push",
        f"            def {PREFIX}leave(*error):",
        "                try:",
        f"                    {action}.__exit__(*error)",
        "                except Exception:",
        "                    pass",
        "        except Exception:",
        "            pass",
    ]
    return lines, agent.imports | frozenset({needed} if needed else ())
