"""What code tells its operators: log lines and printed lines, how grave they are, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted

_LEVELS = (
    ("critical", {"critical", "fatal"}),
    ("error", {"error", "exception", "err"}),
    ("warning", {"warning", "warn"}),
)
_LOGS = {"log", "logger", "logging", "warnings", "st", "messages", "console", "ui", "io"}
_WRITES = {"log", "print", "echo", "secho", "write"}
_PRINTS = {"print", "echo", "secho", "rprint", "log"}
_PLAIN_PRINTS = ("print", "echo", "secho", "rprint")
_OWN_PRINT = re.compile(r"_*(?:c|color|colou?red|styled|rich|safe)_?print(?:_\w+)?|print_[a-z]+")
"""Names of a program's own functions that print a line: ``cprint(text, "yellow")``."""
_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
_SHORT = 20
"""Characters of a first argument that can be a level."""
_GRAVE_TEXT = re.compile(
    r"\b(?:warn(?:ing)?|errors?|critical|fatal|failed|disabled|unavailable|misconfigured)\b"
    r"|[⚠❌🚨🔴]|\[(?:bold )?(?:red|yellow)\]",
    re.IGNORECASE,
)


def level_of(call: cst.Call, module: ParsedModule) -> str | None:
    """Return how grave a line a call writes ("warning", "error" or "critical"); None when it is no such line."""
    owner, _, method = dotted(call.func).rpartition(".")
    found = set(words(method))
    writes = bool(_LOGS.intersection(words(owner)) or _WRITES & found or prints(call))
    if not writes and not (owner in ("", "self") and _is_own_line(call, method, module)):
        return _style_of(call)
    if any(code(arg.value).endswith("DeprecationWarning") for arg in call.args):
        return None
    for level, spelled in _LEVELS:
        if spelled & found:
            return level
    if _WRITES & found and (named := _level_named(call)):
        return named
    if (method in _PRINTS or prints(call)) and _GRAVE_TEXT.search(text_of(call, module)):
        return "warning"
    return None


def _style_of(call: cst.Call) -> str | None:
    """Return the level that a message to somebody is styled with: ``stream.send("...", style="error")``."""
    if not call.args or not isinstance(call.args[0].value, _TEXTS):
        return None
    for arg in call.args[1:]:
        if arg.keyword is not None and arg.keyword.value in ("style", "level", "severity"):
            given = arg.value
            said = set(words(given.raw_value)) if isinstance(given, cst.SimpleString) else set()
            return next((level for level, spelled in _LEVELS if spelled & said), None)
    return None


def prints(call: cst.Call) -> bool:
    """Say whether a call prints a text: ``print``, or a program's own function that is named so."""
    name = dotted(call.func).rpartition(".")[2]
    return name in _PLAIN_PRINTS or bool(_OWN_PRINT.fullmatch(name))


def _is_own_line(call: cst.Call, method: str, module: ParsedModule) -> bool:
    """Say whether a call is one of a program's own functions for lines: ``warn(...)``, or ``error(...)`` by itself."""
    return method in ("warn", "warning") or (method == "error" and isinstance(module.parent(call), cst.Expr))


def _level_named(call: cst.Call) -> str | None:
    """Return the level that a call is given: ``log(ERROR, ...)``, ``record("poller", Level.ERROR, ...)``."""
    for place, arg in enumerate(call.args):
        if arg.keyword is not None and arg.keyword.value != "level":
            continue
        given = arg.value.orelse if isinstance(arg.value, cst.IfExp) else arg.value
        short = place == 0 and not isinstance(given, cst.FormattedString) and len(code(given)) < _SHORT
        if not short and arg.keyword is None and not _is_a_member_of_levels(given):
            continue
        said = set(words(code(given)))
        for level, spelled in _LEVELS:
            if spelled & said:
                return level
    return None


def _is_a_member_of_levels(given: cst.BaseExpression) -> bool:
    return isinstance(given, cst.Attribute) and "level" in words(dotted(given.value))


def gravest_level(roots: cst.CSTNode | Sequence[cst.CSTNode], module: ParsedModule) -> str | None:
    """Return the level of the gravest line that `roots` write."""
    found = {level_of(call, module) for call in module.below(roots, cst.Call)}
    return next((level for level, _ in _LEVELS if level in found), None)


def printed_lines(roots: cst.CSTNode | Sequence[cst.CSTNode], module: ParsedModule) -> list[cst.Call]:
    """Return the calls in `roots` that print a text, grave or not."""
    return [call for call in module.below(roots, cst.Call) if prints(call)]


def grave_lines(roots: cst.CSTNode | Sequence[cst.CSTNode], module: ParsedModule) -> list[cst.Call]:
    """Return the calls in `roots` that write a warning or worse."""
    return [call for call in module.below(roots, cst.Call) if level_of(call, module)]


def text_of(root: cst.CSTNode, module: ParsedModule) -> str:
    """Return the texts in `root`, one a line, those of names that the function or file gives a text included."""
    parts = list(_texts(root, module))
    for name in module.below(root, cst.Name):
        for value in values_of(name.value, root, module):
            if isinstance(value, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
                parts += _texts(value, module)
        if name.value.lstrip("_").isupper():
            parts += _constant(name.value, module)
    return "\n".join(parts)


def _texts(root: cst.CSTNode, module: ParsedModule) -> Iterable[str]:
    for piece in module.below(root, cst.SimpleString, cst.FormattedStringText):
        yield piece.raw_value if isinstance(piece, cst.SimpleString) else piece.value


def _constant(name: str, module: ParsedModule) -> Iterable[str]:
    """Yield the texts of several words that the module gives to an upper-case name."""
    for assign in module.below(module.tree, cst.Assign):
        if any(dotted(target.target) == name for target in assign.targets):
            yield from (text for text in _texts(assign.value, module) if " " in text)
