"""Count the agents of a code base: those registered with HiveLoop, those of frameworks, classes called agents."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from hiveloop_scan.outline.calls import walk_file
from hiveloop_scan.outline.scopes import reference_of
from hiveloop_scan.overview import Agents, FrameworkUse
from hiveloop_scan.usage import is_spoken_in
from hiveloop_scan.welcome.frameworks import framework_of, frameworks_imported, makes_an_agent

_AGENT_CLASS = re.compile(rb"^class[ \t]+(\w*Agent)\b", re.MULTILINE)


def agents_of(sources: Iterable[bytes], own: Collection[str]) -> Agents:
    """Look through the sources of a project; `own` are the names of its own top modules."""
    registered: dict[str, None] = {}
    nameless = 0
    files: Counter[str] = Counter()
    made: Counter[str] = Counter()
    classes: dict[str, None] = {}
    for source in sources:
        imported = {framework_of(module, own) for module in frameworks_imported(source)} - {""}
        speaks = b".agent(" in source and is_spoken_in(source)
        files.update(imported)
        classes.update(dict.fromkeys(name.decode() for name in _AGENT_CLASS.findall(source)))
        if not imported and not speaks:
            continue
        for reference, call in _calls(source):
            if framework := framework_of(reference, own):
                made[framework] += makes_an_agent(reference)
            elif speaks and call is not None and _registers(reference, call):
                if name := _agent_id(call):
                    registered[name] = None
                else:
                    nameless += 1
    uses = [FrameworkUse(name, count, made[name]) for name, count in files.most_common()]
    uses.sort(key=lambda use: -use.agents)
    return Agents((*registered, *[""] * nameless), tuple(uses), tuple(classes))


def _calls(source: bytes) -> Iterator[tuple[str, ast.Call | None]]:
    """Yield what a source calls and derives classes from, as references; nothing where it cannot be parsed."""
    try:
        walked = walk_file(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return
    for base in chain.from_iterable(walked.bases.values()):
        yield reference_of(_plain(base), walked.scopes[0]), None
    for seen in walked.calls:
        if isinstance(seen.node, ast.Call):
            yield reference_of(_plain(seen.node.func), seen.scope), seen.node


def _plain(func: ast.expr) -> ast.expr:
    """Return ``Agent`` for ``Agent[Deps, str]``."""
    return func.value if isinstance(func, ast.Subscript) else func


def _registers(reference: str, call: ast.Call) -> bool:
    """Say whether a call in a file that speaks of HiveLoop is that of the client's ``agent``."""
    is_method = isinstance(call.func, ast.Attribute) and call.func.attr == "agent"
    return is_method and bool(call.args or call.keywords) and not reference.startswith("hiveloop.agent")


def _agent_id(call: ast.Call) -> str:
    """Return the id that a call gives its agent; "" where it is computed."""
    given = [call.args[0]] if call.args else [item.value for item in call.keywords if item.arg == "agent_id"]
    match given:
        case [ast.Constant(value=str(name))]:
            return name
    return ""
