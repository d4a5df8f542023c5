"""Shapes of code that runs what was chosen at run time: each asks where a tool call, a name or a tool ends up."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.walking import nodes, text_of, texts, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_NOUNS = re.compile(r"(?:tool|function|func|fnc?)_?(?:call|use|request|invocation|tool)", re.IGNORECASE)
_TOOL_NAME = re.compile(r"(?:tool|func|function|fnc?|action|skill)_?(?:name|id)$|tool_to_|^tool$", re.IGNORECASE)
_NO_NOUN = re.compile(r"(?:limit|count|ids?|results?|outputs?|messages?|index|deltas?|chunks?)$", re.IGNORECASE)
_PLACES = frozenset({"tools", "toolkit", "toolkits", "toolset", "toolbox", "skill", "skills"})
_SHORT = frozenset({"call", "tc", "fc", "invocation", "request", "action", "decision"})
_TITLE = re.compile(
    r"(?:^|_)(?:name|id|tool|action|fn|func|function|method|skill)$|_tool$|tool_to_|_call$", re.IGNORECASE
)
_MEMBER = re.compile(r"^(?:\w*_)?(?:name|tool|action)$")
_ARGUMENTS = re.compile(r"arg|input|param|payload", re.IGNORECASE)
_INSIDE = re.compile(
    r"(?:func|function|fn|callable|coroutine|entrypoint|tool|impl|implementation)\.self$|(?:^|[_.])(?:action|skill)$",
    re.IGNORECASE,
)
_GETTERS = re.compile(r"_*(?:a?get|find|look|resolve|fetch|load|search|select)", re.IGNORECASE)
_THINGS = re.compile(r"tool|func|fn|skill|action|capabilit|command", re.IGNORECASE)
_VERBS = frozenset(
    {
        "exec", "execute", "executes", "invoke", "invokes", "ainvoke", "arun", "aexecute", "acall",
        "dispatch", "perform",
        "kickoff", "ause", "aexec",
    }
)  # fmt: skip
_VAGUE = frozenset({"call", "calls", "handle", "handles", "process", "use", "stream", "astream", "forward", "act"})
LEADING = frozenset({"run", "runs", *_VAGUE})
"""Verbs that are nouns as well, or say little: they have to lead the name."""

DOERS = frozenset({"executor", "runner", "invoker", "dispatcher"})
WAYS = frozenset(
    {"async", "a", "sync", "safe", "safely", "maybe", "try", "do", "single", "one", "stream", "inner", "tool"}
)
"""Words that may stand in front of a leading verb."""

_ASIDE = frozenset(
    {
        "hook", "hooks", "callback", "callbacks", "error", "errors", "exception", "exceptions", "failure",
        "failures", "approval", "approvals", "policy",
        "middleware", "before", "after", "cancel", "cancelled", "to", "guardrail", "guardrails", "validation",
    }
)  # fmt: skip
"""Words of names that speak of work around a run, whatever the verb."""

_PARTS = frozenset(
    {
        "func", "function", "fn", "callback", "handler", "coroutine", "entrypoint", "tool", "callable",
        "executor", "impl",
        "implementation", "action", "method", "original_func",
    }
)  # fmt: skip
_HANDED = frozenset(
    {
        "to_thread", "submit", "partial", "run_sync", "map", "starmap", "imap", "apply_async", "start_soon", "add_task",
        "run_in_threadpool", "sync_to_async", "run_in_executor",
    }
)  # fmt: skip
_ROUNDS = 4
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _has_request_run(unit: Unit, verbs: Words, nouns: Words) -> bool:
    """A call spelled with a verb that is given something named or taken like a tool call, or is its method."""
    calls = [call for call in _calls(unit) if _is_run(call, verbs)]
    if not calls:
        return False
    suspects = _suspects(unit, nouns)
    return any(_reads(part, suspects, nouns) for call in calls for part in _parts(call))


def _has_named_run(unit: Unit, verbs: Words, titles: Words) -> bool:
    """A call spelled with a verb that is given something spelled like the name of a tool."""
    names: set[str] | None = None
    speaks: bool | None = None
    for call in _calls(unit):
        if not _is_run(call, verbs):
            continue
        given = [*call.args[:4], *(word.value for word in call.keywords)]
        if names is None:
            is_named = any(_names_a_tool(text, titles) for text in texts(unit))
            names = _bound(unit, lambda part, found: _is_tool_name(part, found, titles)) if is_named else set()
        if any(_is_tool_name(arg, names, titles) for arg in given):
            return True
        if any(isinstance(arg, ast.Name) and ("name" in words(arg.id) or arg.id == "tool") for arg in given):
            speaks = _speaks_of_tools(unit) if speaks is None else speaks
            if speaks or _THINGS.search(_spelled(call.func)):
                return True
    return False


def _has_call_named(unit: Unit, names: Words, also: Words) -> bool:
    """A call of just one of the words."""
    return any(_last(call.func).lower() in names for call in _calls(unit))


def _has_lookup_run(unit: Unit) -> bool:
    """A call of something that was looked up by a key, read off an object by a name, or found by a loop."""
    looked_up = _looked_up(unit)
    for call in _calls(unit):
        if any(_is_look_up(callee) or _root(callee) in looked_up for callee in _callees(call)):
            return True
        handed = any(isinstance(arg, ast.Name) and arg.id in looked_up for arg in _parts(call))
        if handed and "tool" in _last(call.func).lower() and _has_verb(_last(call.func)):
            return True
    return False


def _has_member_lookup_run(unit: Unit) -> bool:
    """The same of something looked up by the name that another thing has: ``handlers[call.name]``."""
    found = nodes(unit, ast.Subscript, ast.Call, ast.Attribute)
    return any(_is_look_up(node) and _reads_a_name(node) for node in found) and _has_lookup_run(unit)


def _has_inner_run(unit: Unit) -> bool:
    """A call of a part of ``self`` that is called a function or a tool, or an action, that unpacks what it is given."""
    aliases: set[str] | None = None
    for call in _calls(unit):
        unpacks = any(isinstance(arg, ast.Starred) for arg in call.args) or any(not word.arg for word in call.keywords)
        if not unpacks:
            continue
        spelled = _spelled(call.func)
        if _INSIDE.search(spelled):
            return True
        if isinstance(call.func, ast.Name):
            aliases = _aliases(unit) if aliases is None else aliases
            if call.func.id in aliases:
                return True
    return False


def _aliases(unit: Unit) -> set[str]:
    return {
        name
        for node in nodes(unit, ast.Assign)
        if isinstance(value := _uncast(node.value), ast.Attribute) and _INSIDE.search(_spelled(value))
        for target in node.targets
        for name in _names(target)
    }


def _uncast(node: ast.expr) -> ast.expr:
    """Return what a ``cast(Kind, value)`` is about."""
    return node.args[1] if isinstance(node, ast.Call) and _last(node.func) == "cast" and len(node.args) > 1 else node


def _has_choice_by_name(unit: Unit) -> bool:
    """Two branches, or a match, that compare one expression, spelled like a tool's name, with fixed values."""
    seen: set[str] = set()
    for node in nodes(unit, ast.Match, ast.If):
        if isinstance(node, ast.Match) and len(node.cases) > 1 and _is_title(node.subject):
            return True
        if isinstance(node, ast.If):
            for test in nodes(node.test, ast.Compare):
                if isinstance(test.ops[0], (ast.Eq, ast.In)):
                    text = ast.dump(test.left)
                    if text in seen:
                        return True
                    if _is_title(test.left):
                        seen.add(text)
    return False


def _calls(unit: Unit) -> list[ast.Call]:
    return nodes(unit, ast.Call)


def _callees(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call may run: its callee, the owner of a method that runs something, what it hands to a thread."""
    handed = call.args[:2] if _last(call.func) in _HANDED else []
    for callee in (call.func, *handed):
        if not isinstance(callee, ast.Attribute):
            yield callee
        elif callee.attr in _PARTS or _has_verb(callee.attr):
            yield callee.value


def _has_verb(name: str) -> bool:
    return not (_VERBS | LEADING | DOERS).isdisjoint(words(name))


def _is_run(call: ast.Call, verbs: Words) -> bool:
    """Say whether a callee, or what it is handed to be run, has a verb among its words: a rule's own or one of ours."""
    if not _last(call.func):
        return isinstance(call.func, ast.Call)
    if _last(call.func) in _HANDED and any(_says_run(arg, verbs) for arg in call.args[:3]):
        return True
    return _says_run(call.func, verbs)


def _says_run(callee: ast.expr, verbs: Words) -> bool:
    told = _told_by(_last(callee), verbs)
    return bool(_THINGS.search(_spelled(callee))) if told is None else told


@lru_cache(maxsize=32768)
def _told_by(name: str, verbs: Words) -> bool | None:
    """Say whether a name tells of a run; None where that depends on what else is spelled."""
    if name.lstrip("_")[:1].isupper() or not _ASIDE.isdisjoint(words(name)):
        return False
    found = list(words(_NOUNS.sub("_", name)) or words(name))
    while len(found) > 1 and found[0] in WAYS:
        del found[0]
    if not found:
        return False
    if found[-1] in DOERS or not _VERBS.isdisjoint(found) or found[0] == "run":
        return True
    if found[0] in _VAGUE:
        return None
    return any(word not in LEADING and word in verbs for word in found)


def _parts(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (word.value for word in call.keywords)
    if isinstance(call.func, ast.Attribute):
        yield call.func.value


def _suspects(unit: Unit, nouns: Words) -> set[str]:
    """Return the names that may stand for tool calls: by a test of their type, a type, or by where they come from."""
    found: set[str] = set()
    for node in nodes(unit, ast.Compare, ast.Call, ast.arg):
        if isinstance(node, ast.Compare) and _asks_for_a_kind(node.left):
            if any(_reads(value, found, nouns) for value in node.comparators):
                found |= _names(node.left)
        elif isinstance(node, ast.Call) and _last(node.func) == "isinstance" and len(node.args) == 2:
            if _reads(node.args[1], found, nouns):
                found |= _names(node.args[0])
        elif isinstance(node, ast.arg) and node.annotation is not None and _NOUNS.search(ast.dump(node.annotation)):
            found.add(node.arg)
    found |= _shaped(unit)
    if not found and not any(_is_a_request(text, nouns) for text in texts(unit)):
        return found
    return found | _bound(unit, lambda part, more: _reads(part, found | more, nouns))


def _shaped(unit: Unit) -> set[str]:
    """Return the short names, such as ``call``, of which a name and arguments are read."""
    named: set[str] = set()
    given: set[str] = set()
    for node in nodes(unit, ast.Attribute, ast.Subscript, ast.Call):
        root = _root(node)
        if _SHORT.isdisjoint(words(root)[-1:]):
            continue
        texts = {text_of(node), *(text_of(part) for part in ast.iter_child_nodes(node))} - {root}
        if any(_MEMBER.match(text) for text in texts):
            named.add(root)
        if any(_ARGUMENTS.search(text) for text in texts):
            given.add(root)
    return named & given


def _asks_for_a_kind(node: ast.expr) -> bool:
    text = {part.attr for part in walk(node) if isinstance(part, ast.Attribute)}
    text |= {str(part.value) for part in walk(node) if isinstance(part, ast.Constant)}
    return not text.isdisjoint({"type", "kind", "part_kind"})


def _bound(unit: Unit, is_source: Callable[[ast.expr, set[str]], bool]) -> set[str]:
    """Return the names that are bound to a source, or to something that was, some assignments on."""
    bound: list[tuple[set[str], ast.expr]] = []
    for node in nodes(unit, ast.For, ast.AsyncFor, ast.comprehension, ast.Assign, ast.AnnAssign, ast.NamedExpr):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            bound.append((_names(node.target), node.iter))
        elif isinstance(node, ast.Assign):
            bound += [(_names(target), node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            bound.append((_names(node.target), node.value))
    found: set[str] = set()
    for _ in range(_ROUNDS):
        more = {name for names, value in bound if not names <= found and is_source(value, found) for name in names}
        if not more:
            break
        found |= more
    return found


def _reads(value: ast.expr, suspects: set[str], nouns: Words) -> bool:
    for node in walk(value):
        text = text_of(node)
        if text and _is_a_request(text, nouns):
            return True
        if isinstance(node, ast.Name) and node.id in suspects:
            return True
    return False


@lru_cache(maxsize=32768)
def _is_a_request(text: str, nouns: Words) -> bool:
    return not _NO_NOUN.search(text) and (bool(_NOUNS.search(text)) or _speaks(text, nouns))


def _speaks(text: str, spelled: Words) -> bool:
    return bool(spelled) and _spelling(spelled).search(text.lower()) is not None


@cache
def _spelling(spelled: Words) -> re.Pattern[str]:
    phrases = [word.replace("_", "_?") for word in spelled if "_" in word]
    single = [word for word in spelled if "_" not in word and word not in _PLACES | _SHORT]
    return re.compile("|".join([*phrases, f"^(?:{'|'.join(single)})$"]))


def _is_tool_name(value: ast.expr, names: set[str], titles: Words) -> bool:
    for node in walk(value):
        text = text_of(node)
        if text and _names_a_tool(text, titles):
            return True
        if isinstance(node, ast.Name) and node.id in names:
            return True
    return False


@lru_cache(maxsize=32768)
def _names_a_tool(text: str, titles: Words) -> bool:
    return bool(_TOOL_NAME.search(text)) or _speaks(text, titles)


def _is_title(node: ast.expr) -> bool:
    """Say whether an expression ends like a name of something: ``name``, ``call.name``, ``call["name"]``."""
    if isinstance(node, ast.Subscript):
        return _is_title(node.slice)
    if isinstance(node, ast.Call):
        return any(_is_title(part) for part in node.args[:2])
    return bool(_TITLE.search(text_of(node)))


def _speaks_of_tools(unit: Unit) -> bool:
    return any(_THINGS.search(node.name) for node in nodes(unit, *_FUNCTIONS))


def _looked_up(unit: Unit) -> set[str]:
    found: set[str] = set()
    for node in nodes(unit, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.arg):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            parts = list(_alternatives(node.value))
            if any(_is_look_up(part) or _is_made_of(part, found) for part in parts) or _root(node.value) in found:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {name for target in targets for name in _names(target)}
        elif isinstance(node, (ast.For, ast.AsyncFor)) and "tool" in ast.dump(node.iter).lower():
            found |= _names(node.target)
        elif isinstance(node, ast.arg) and "tool" in node.arg:
            found.add(node.arg)
    return found


def _is_made_of(node: ast.expr, found: set[str]) -> bool:
    """Say whether a call is given parts of something that was looked up: ``make_node(kind=found.kind)``."""
    given = [*node.args, *(word.value for word in node.keywords)] if found and isinstance(node, ast.Call) else []
    return any(isinstance(arg, ast.Attribute) and _root(arg) in found for arg in given)


def _alternatives(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _alternatives(part)
    elif isinstance(value, ast.IfExp):
        yield from _alternatives(value.body)
        yield from _alternatives(value.orelse)
    elif isinstance(value, ast.Await):
        yield from _alternatives(value.value)
    else:
        yield value


def _is_look_up(node: ast.AST) -> bool:
    """Say whether an expression looks something up: ``d[key]``, ``d.get(key)``, ``getattr(x, name)``, ``next(...)``."""
    if isinstance(node, ast.Attribute) and node.attr in _PARTS:
        return _is_look_up(node.value)
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant):
            return isinstance(node.slice.value, str) and node.slice.value in _PARTS and _is_look_up(node.value)
        return not isinstance(node.slice, (ast.Slice, ast.BinOp, ast.UnaryOp))
    given = [*node.args, *(word.value for word in node.keywords)] if isinstance(node, ast.Call) else []
    if not given or not isinstance(node, ast.Call):
        return False
    name = _last(node.func)
    if name == "getattr":
        return len(given) > 1 and not isinstance(given[1], ast.Constant)
    if name == "next":
        return isinstance(given[0], ast.GeneratorExp)
    if isinstance(given[0], ast.Constant):
        return False
    return name == "get" or bool(_GETTERS.match(name) and _THINGS.search(_spelled(node.func)))


def _reads_a_name(node: ast.AST) -> bool:
    keys = [node.slice] if isinstance(node, ast.Subscript) else node.args[:2] if isinstance(node, ast.Call) else []
    return any(
        (isinstance(part, ast.Attribute) and bool(_MEMBER.match(part.attr)))
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and bool(_MEMBER.match(part.value)))
        for key in keys
        for part in walk(key)
    )


def _spelled(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*parts, node.id if isinstance(node, ast.Name) else ""])


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in nodes(target, ast.Name)}


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


TOOL_RUNS: dict[str, tuple[bytes, Callable[[Unit, Words, Words], bool]]] = {
    "request-run": (rb"\(", _has_request_run),
    "named-run": (rb"\(", _has_named_run),
    "call-named": (rb"\(", _has_call_named),
}
"""Shapes that ask for the `words` of their need in what is called, and for those of `also` in what that is given."""

TOOL_SHAPES: dict[str, tuple[bytes, Callable[[Unit], bool]]] = {
    "lookup-run": (rb"\(", _has_lookup_run),
    "inner-run": (rb"\*", _has_inner_run),
    "lookup-run-by-member": (rb"\(", _has_member_lookup_run),
    "choice-by-name": (rb"\bif\b|\bmatch\b", _has_choice_by_name),
}
"""Shape name -> the bytes a file needs to hold it, and the test on one function."""
