"""Write ``task.retry(...)`` where a library does the retrying: into its hook, or at the start of a further attempt."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hiveloop_scan.fix.arguments import CHAINED, with_argument, with_callback
from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.imports import Import
from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import whole_number

_HOOKS = {"tenacity": ("before_sleep", "retry_state"), "backoff": ("on_backoff", "details")}
"""Library -> the argument that takes a callback for each further attempt, and what the callback is given."""

_STATE = {
    "tenacity": {
        "name": "getattr(retry_state.fn, '__name__', 'the operation')",
        "exception": "type(retry_state.outcome.exception()).__name__",
        "attempt": "retry_state.attempt_number",
        "backoff_seconds": "round(retry_state.next_action.sleep * 1000) / 1000",
    },
    "backoff": {
        "name": "getattr(details['target'], '__name__', 'the operation')",
        "exception": "type(details['exception']).__name__",
        "attempt": 'details["tries"]',
        "backoff_seconds": 'round(details["wait"] * 1000) / 1000',
    },
}
_BY_RESULT = ("retry_if_result", "retry_if_not_result", "on_predicate")
_SYNCHRONOUS = ("before_sleep_log", "before_sleep_nothing")
_CHAIN = (
    f"def {CHAINED}(tell, then):",
    "    def both(*args, **kwargs):",
    "        tell(*args, **kwargs)",
    "        return then(*args, **kwargs)",
    "",
    "    return both",
    "",
    "",
)
_MOST_POSITIONAL = 4


_PARTS = ("wait_", "stop_", "retry_if_", "retry_unless_", "expo", "constant", "fibo")
"""How the names of what tells when to wait, to stop and to try begin."""


def write_retry_hook(site: Site) -> Fix:
    """Return the fix of a retry that a library makes; refuse where the library tells nobody of it."""
    loop = next((node for node in _nodes_at(site) if isinstance(node, (ast.For, ast.AsyncFor))), None)
    if loop is not None:
        return _at_the_start(site, loop)
    library = site.code("library")
    if library not in _HOOKS:
        raise Refusal(
            f"{library} has no callback for a retry", "write the call by hand, in the function that is retried"
        )
    maker = _maker(site)
    if not _is_of(library, maker.func, site.source):
        raise Refusal("what makes the retry is not called here", f"add {_HOOKS[library][0]}= by hand")
    return _with_hook(site, library, maker)


def _at_the_start(site: Site, loop: ast.For | ast.AsyncFor) -> Fix:
    """Tell of a retry when it begins: behind the head of the loop, in all attempts but the first."""
    number = site.code("attempt")
    if not number:
        raise Refusal("the attempts are not counted here")
    place = loop.body[0]
    if place.lineno == loop.lineno:
        raise Refusal("the loop shares its line with its body", "give its body a line of its own")
    words = f'"Retrying {site.name("operation", "the operation")} after a failure"'
    attempt = whole_number(f"{number} - 1", place, site.source)
    call = SdkCall(Handle.TASK, "retry", [words], {"attempt": attempt}, gate=f"{number} > 1")
    return site.call_before(call, place)


def _with_hook(site: Site, library: str, maker: ast.Call) -> Fix:
    source = site.source
    hook, _ = _HOOKS[library]
    callback = f"{PREFIX}{hook}"
    if any(keyword.arg is None for keyword in maker.keywords) or any(
        isinstance(arg, ast.Starred) for arg in maker.args
    ):
        raise Refusal(f"the settings are unpacked, and may hold a {hook} of their own", f"add {hook}= by hand")
    taken = next((keyword.value for keyword in maker.keywords if keyword.arg == hook), None)
    if taken is None:
        _check_positional(library, maker)
        changed = [with_argument(maker, hook, callback, source)]
    else:
        _check_synchronous(taken, source)
        changed = with_callback(taken, callback, source)
    wanted = [callback]
    if any(edit.text.startswith(CHAINED) for edit in changed):
        wanted.append(CHAINED)
    edits, imports = _definitions(site, library, wanted, maker)
    return Fix((*edits, *changed), imports)


def _definitions(
    site: Site, library: str, wanted: Sequence[str], maker: ast.Call
) -> tuple[list[Edit], frozenset[Import]]:
    """Return the edits that define those of our functions that are not there, above all that uses the library."""
    known = {node.name: node for node in site.source.tree.body if isinstance(node, ast.FunctionDef)}
    missing = [name for name in wanted if name not in known]
    if any(known[name].lineno > maker.lineno for name in wanted if name in known):
        raise Refusal("the callback is defined further down", f"move {wanted[0]} up")
    if not missing:
        return [], frozenset()
    place = _first_use(library, site.source)
    lines: list[str] = []
    imports: frozenset[Import] = frozenset()
    if CHAINED in missing:
        lines += _CHAIN
    if wanted[0] in missing:
        told, imports = site.lines(_call(library, site.source), place)
        lines += [f"def {wanted[0]}({_HOOKS[library][1]}):", *(f"    {line}" for line in told), "", ""]
    return before(place, lines, site.source), imports


def _call(library: str, source: Source) -> SdkCall:
    state = _STATE[library]
    what = f'f"Retrying {{{state["name"]}}}'
    by_result = any(word in source.text for word in _BY_RESULT)  # no exception, then
    words = f'{what} after a failed attempt"' if by_result else f'{what}"\nf" after {{{state["exception"]}}}"'
    keywords = {"attempt": state["attempt"], "backoff_seconds": state["backoff_seconds"]}
    return SdkCall(Handle.TASK, "retry", [words], keywords)


def _maker(site: Site) -> ast.Call:
    """Return the call that makes the decorator or the retrier: at the place, or where the name used there is bound."""
    for node in _nodes_at(site):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            return node.func  # retry(stop=...)(fetch)
        if isinstance(node, ast.Call):
            return node
        name = node.value if isinstance(node, ast.Attribute) and node.attr == "wraps" else node
        if isinstance(name, ast.Name):
            made = [
                item.value
                for item in site.source.tree.body
                if isinstance(item, ast.Assign) and any(_is_name(target, name.id) for target in item.targets)
            ]
            if len(made) == 1 and isinstance(made[0], ast.Call):
                return made[0]
    raise Refusal("it cannot be told what makes the retry", "write the call by hand")


def _nodes_at(site: Site) -> list[ast.expr | ast.stmt]:
    """Return what the finding points at: a decorator, a loop, a call."""
    line, column = site.finding.span.line, site.finding.span.column
    for statement in site.source.statements:
        for decorator in getattr(statement, "decorator_list", []):
            if decorator.lineno == line:
                return [decorator]
        is_loop = isinstance(statement, (ast.For, ast.AsyncFor)) and statement.lineno == line
        if is_loop and _column(statement, site.source) == column:
            return [statement]
    found = site.node()
    return [found] if found is not None else []


def _column(statement: ast.stmt, source: Source) -> int:
    """Return the column of a statement as findings count it: from 1, in characters."""
    return source.start(statement) - source.line_start(statement.lineno) + 1


def _is_of(library: str, func: ast.expr, source: Source) -> bool:
    """Say whether what is called was imported from `library`."""
    root = func
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in _names_of(library, source)


def _names_of(library: str, source: Source) -> set[str]:
    names: set[str] = set()
    for statement in source.tree.body:
        if isinstance(statement, ast.Import):
            names |= {item.asname or library for item in statement.names if item.name.partition(".")[0] == library}
        elif isinstance(statement, ast.ImportFrom) and (statement.module or "").partition(".")[0] == library:
            names |= {item.asname or item.name for item in statement.names}
    return names


def _first_use(library: str, source: Source) -> ast.stmt:
    """Return the first statement of the module that uses the library to retry: imports and plain waits do not."""
    names = _names_of(library, source)
    for statement in source.tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)) or _only_makes_a_part(statement):
            continue
        if any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(statement)):
            return statement
    raise Refusal(f"{library} is not imported at the top of the file")


def _only_makes_a_part(statement: ast.stmt) -> bool:
    """Say whether a statement gives a name to what a retry is made of: ``WAIT = wait_exponential(max=8)``."""
    called = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    named = [func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in called]
    return isinstance(statement, (ast.Assign, ast.AnnAssign)) and all(name.startswith(_PARTS) for name in named)


def _check_positional(library: str, maker: ast.Call) -> None:
    name = maker.func.attr if isinstance(maker.func, ast.Attribute) else getattr(maker.func, "id", "")
    if library == "tenacity" and len(maker.args) > (0 if name == "retry" else _MOST_POSITIONAL):
        raise Refusal("the settings are given by position", "name them")
    if name == "retry_with":
        raise Refusal("the settings of another place are changed here", "add the callback there")


def _check_synchronous(callback: ast.expr, source: Source) -> None:
    """Refuse to chain with a callback that may be a coroutine: nobody would await it."""
    functions = {item.name for item in source.tree.body if isinstance(item, ast.FunctionDef)}
    match callback:
        case ast.Lambda() | ast.List(elts=[_, *_]):
            return
        case ast.Name(id=name) if name in functions:
            return
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SYNCHRONOUS:
            return
    raise Refusal("there is a callback already, which may have to be awaited", "call task.retry(...) in it")


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
