"""Where tool calls, names of tools and tools come from in one function, as far as the standard parser's tree tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

from hiveloop_scan.syntax.expressions import last, names_in, root_of, spelled, text_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.run_verbs import PARTS, REQUEST_NOUN, RUNNABLE
from hiveloop_scan.syntax.walking import walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_TOOL_NAME = re.compile(r"(?:tool|func|function|fnc?|action|skill)_?(?:name|id)$|tool_to_|^tool$", re.IGNORECASE)
_NO_NOUN = re.compile(r"(?:limit|count|ids?|results?|outputs?|messages?|index|deltas?|chunks?)$", re.IGNORECASE)
_PLACES = frozenset({"tools", "toolkit", "toolkits", "toolset", "toolbox", "skill", "skills"})
_SHORT = frozenset({"call", "tc", "fc", "invocation", "request", "action", "decision"})
_MEMBER = re.compile(r"^(?:\w*_)?(?:name|tool|action)$")
_ARGUMENTS = re.compile(r"arg|input|param|payload", re.IGNORECASE)
_GETTERS = re.compile(r"_*(?:a?get|find|look|resolve|fetch|load|search|select)", re.IGNORECASE)
_ROUNDS = 4


def requests_in(unit: Unit, nouns: Words) -> set[str]:
    """Return the names that may stand for tool calls: by a test of their type, a type, or by where they come from."""
    found: set[str] = set()
    for node in walk(unit):
        if isinstance(node, ast.Compare) and _asks_for_a_kind(node.left):
            if any(reads_request(value, found, nouns) for value in node.comparators):
                found |= names_in(node.left)
        elif isinstance(node, ast.Call) and last(node.func) == "isinstance" and len(node.args) == 2:
            if reads_request(node.args[1], found, nouns):
                found |= names_in(node.args[0])
        elif (
            isinstance(node, ast.arg) and node.annotation is not None and REQUEST_NOUN.search(ast.dump(node.annotation))
        ):
            found.add(node.arg)
    found |= _shaped(unit)
    return found | bound_in(unit, lambda part, more: reads_request(part, found | more, nouns))


def _shaped(unit: Unit) -> set[str]:
    """Return the short names, such as ``call``, of which a name and arguments are read."""
    named: set[str] = set()
    given: set[str] = set()
    for node in walk(unit):
        if not isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            continue
        root = root_of(node)
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


def bound_in(unit: Unit, is_source: Callable[[ast.expr, set[str]], bool]) -> set[str]:
    """Return the names that are bound to a source, or to something that was, some assignments on."""
    bound: list[tuple[set[str], ast.expr]] = []
    for node in walk(unit):
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


def reads_request(value: ast.expr, suspects: set[str], nouns: Words) -> bool:
    """Say whether an expression reads a tool call: one of the `suspects`, or something spelled with the nouns."""
    for node in walk(value):
        text = text_of(node)
        if text and not _NO_NOUN.search(text) and (REQUEST_NOUN.search(text) or _speaks(text, nouns)):
            return True
        if isinstance(node, ast.Name) and node.id in suspects:
            return True
    return False


def _speaks(text: str, spelling: Words) -> bool:
    return bool(spelling) and _spelling(spelling).search(text.lower()) is not None


@cache
def _spelling(spelling: Words) -> re.Pattern[str]:
    phrases = [word.replace("_", "_?") for word in spelling if "_" in word]
    single = [word for word in spelling if "_" not in word and word not in _PLACES | _SHORT]
    return re.compile("|".join([*phrases, f"^(?:{'|'.join(single)})$"]))


def reads_tool_name(value: ast.expr, names: set[str], titles: Words) -> bool:
    """Say whether an expression reads one of the `names`, or something spelled like the name of a tool."""
    for node in walk(value):
        text = text_of(node)
        if text and (_TOOL_NAME.search(text) or _speaks(text, titles)):
            return True
        if isinstance(node, ast.Name) and node.id in names:
            return True
    return False


def looked_up_in(unit: Unit) -> set[str]:
    """Return the names that are bound to what was looked up, or that are called tools."""
    found: set[str] = set()
    for node in walk(unit):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            if any(is_look_up(part) for part in _alternatives(node.value)) or root_of(node.value) in found:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {name for target in targets for name in names_in(target)}
        elif isinstance(node, (ast.For, ast.AsyncFor)) and "tool" in ast.dump(node.iter).lower():
            found |= names_in(node.target)
        elif isinstance(node, ast.arg) and "tool" in node.arg:
            found.add(node.arg)
    return found


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


def is_look_up(node: ast.AST) -> bool:
    """Say whether an expression looks something up: ``d[key]``, ``d.get(key)``, ``getattr(x, name)``, ``next(...)``."""
    if isinstance(node, ast.Attribute) and node.attr in PARTS:
        return is_look_up(node.value)
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant):
            return isinstance(node.slice.value, str) and node.slice.value in PARTS and is_look_up(node.value)
        return not isinstance(node.slice, (ast.Slice, ast.BinOp, ast.UnaryOp))
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = last(node.func)
    if name == "getattr":
        return len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
    if name == "next":
        return isinstance(node.args[0], ast.GeneratorExp)
    if isinstance(node.args[0], ast.Constant):
        return False
    return name == "get" or bool(_GETTERS.match(name) and RUNNABLE.search(spelled(node.func)))


def is_keyed_by_a_name(node: ast.AST) -> bool:
    """Say whether a look-up reads the name of another thing: ``handlers[call.name]``."""
    keys = [node.slice] if isinstance(node, ast.Subscript) else node.args[:2] if isinstance(node, ast.Call) else []
    return any(
        (isinstance(part, ast.Attribute) and bool(_MEMBER.match(part.attr)))
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and bool(_MEMBER.match(part.value)))
        for key in keys
        for part in walk(key)
    )
