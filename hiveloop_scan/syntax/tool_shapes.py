"""Shapes of code that runs what was chosen at run time: each asks where a tool call, a name or a tool ends up."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache, lru_cache

from hiveloop_scan.syntax.call_parts import calls_in, given_to, names_in, root_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.run_names import MEMBER, NOUNS, THINGS, is_run, last, spelled_callee
from hiveloop_scan.syntax.signs import Like, Listed, Shape, Speaking, Whole, holding, like, whole
from hiveloop_scan.syntax.walking import nodes, text_of, text_set, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_TOOL_NAME = re.compile(r"(?:tool|func|function|fnc?|action|skill)_?(?:name|id)$|tool_to_|^tool$", re.IGNORECASE)
_NO_NOUN = re.compile(r"(?:limit|count|ids?|results?|outputs?|messages?|index|deltas?|chunks?)$", re.IGNORECASE)
_PLACES = frozenset({"tools", "toolkit", "toolkits", "toolset", "toolbox", "skill", "skills"})
_SHORT = frozenset({"call", "tc", "fc", "invocation", "request", "action", "decision"})
_TITLE = re.compile(
    r"(?:^|_)(?:name|id|tool|action|fn|func|function|method|skill)$|_tool$|tool_to_|_call$", re.IGNORECASE
)

_ARGUMENTS = re.compile(r"arg|input|param|payload", re.IGNORECASE)
_INSIDE = re.compile(
    r"(?:func|function|fn|callable|coroutine|entrypoint|tool|impl|implementation)\.self$|(?:^|[_.])(?:action|skill)$",
    re.IGNORECASE,
)

_ROUNDS = 4
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _has_request_run(unit: Unit, verbs: Words, nouns: Words) -> bool:
    """A call spelled with a verb that is given something named or taken like a tool call, or is its method."""
    calls = [call for call in calls_in(unit) if is_run(call, verbs)]
    if not calls:
        return False
    suspects = _suspects(unit, nouns)
    return any(_reads(part, suspects, nouns) for call in calls for part in given_to(call))


def _has_named_run(unit: Unit, verbs: Words, titles: Words) -> bool:
    """A call spelled with a verb that is given something spelled like the name of a tool."""
    names: set[str] | None = None
    speaks: bool | None = None
    for call in calls_in(unit):
        if not is_run(call, verbs):
            continue
        given = [*call.args[:4], *(word.value for word in call.keywords)]
        if names is None:
            is_named = any(_names_a_tool(text, titles) for text in text_set(unit))
            names = _bound(unit, lambda part, found: _is_tool_name(part, found, titles)) if is_named else set()
        if any(_is_tool_name(arg, names, titles) for arg in given):
            return True
        if any(isinstance(arg, ast.Name) and ("name" in words(arg.id) or arg.id == "tool") for arg in given):
            speaks = _speaks_of_tools(unit) if speaks is None else speaks
            if speaks or THINGS.search(spelled_callee(call.func)):
                return True
    return False


def _has_call_named(unit: Unit, names: Words, also: Words) -> bool:
    """A call of just one of the words."""
    return any(last(call.func).lower() in names for call in calls_in(unit))


def _has_inner_run(unit: Unit) -> bool:
    """A call of a part of ``self`` that is called a function or a tool, or an action, that unpacks what it is given."""
    aliases: set[str] | None = None
    for call in calls_in(unit):
        unpacks = any(isinstance(arg, ast.Starred) for arg in call.args) or any(not word.arg for word in call.keywords)
        if not unpacks:
            continue
        spelled = spelled_callee(call.func)
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
        if isinstance(value := _uncast(node.value), ast.Attribute) and _INSIDE.search(spelled_callee(value))
        for target in node.targets
        for name in names_in(target)
    }


def _uncast(node: ast.expr) -> ast.expr:
    """Return what a ``cast(Kind, value)`` is about."""
    return node.args[1] if isinstance(node, ast.Call) and last(node.func) == "cast" and len(node.args) > 1 else node


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


def _suspects(unit: Unit, nouns: Words) -> set[str]:
    """Return the names that may stand for tool calls: by a test of their type, a type, or by where they come from."""
    found: set[str] = set()
    for node in nodes(unit, ast.Compare, ast.Call, ast.arg):
        if isinstance(node, ast.Compare) and _asks_for_a_kind(node.left):
            if any(_reads(value, found, nouns) for value in node.comparators):
                found |= names_in(node.left)
        elif isinstance(node, ast.Call) and last(node.func) == "isinstance" and len(node.args) == 2:
            if _reads(node.args[1], found, nouns):
                found |= names_in(node.args[0])
        elif isinstance(node, ast.arg) and node.annotation is not None and NOUNS.search(ast.dump(node.annotation)):
            found.add(node.arg)
    found |= _shaped(unit)
    if not found and not any(_is_a_request(text, nouns) for text in text_set(unit)):
        return found
    return found | _bound(unit, lambda part, more: _reads(part, found | more, nouns))


def _shaped(unit: Unit) -> set[str]:
    """Return the short names, such as ``call``, of which a name and arguments are read."""
    named: set[str] = set()
    given: set[str] = set()
    for node in nodes(unit, ast.Attribute, ast.Subscript, ast.Call):
        root = root_of(node)
        if _SHORT.isdisjoint(words(root)[-1:]):
            continue
        texts = {text_of(node), *(text_of(part) for part in ast.iter_child_nodes(node))} - {root}
        if any(MEMBER.match(text) for text in texts):
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
            bound.append((names_in(node.target), node.iter))
        elif isinstance(node, ast.Assign):
            bound += [(names_in(target), node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            bound.append((names_in(node.target), node.value))
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
    return not _NO_NOUN.search(text) and (bool(NOUNS.search(text)) or _speaks(text, nouns))


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
    return any(THINGS.search(node.name) for node in nodes(unit, *_FUNCTIONS))


_PHRASES = Listed("also", Like)
TOOL_RUNS = {
    "request-run": Shape(
        _has_request_run, [[like(NOUNS)], [_PHRASES], [Speaking(_SHORT), like(_ARGUMENTS), like(MEMBER)]]
    ),
    "named-run": Shape(_has_named_run, [[like(_TOOL_NAME)], [_PHRASES], [Speaking(("name", "tool")), like(THINGS)]]),
    "call-named": Shape(_has_call_named, [[Listed("words", Whole)]]),
}
"""Ask for the `words` of their need in what is called, and for those of `also` in what that is given."""

TOOL_SHAPES = {
    "inner-run": Shape(
        _has_inner_run,
        [
            [
                like(
                    "(?:func|function|fn|callable|coroutine|entrypoint|tool|impl|implementation)$|(?:^|_)(?:action|skill)$"
                )
            ]
        ],
        glance=holding(rb"\*"),
    ),
    "choice-by-name": Shape(_has_choice_by_name, [[whole("if", "match"), like(_TITLE)]]),
}
