"""One file in, its findings out: read, cut down, parse, detect, weigh."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.catalog import Rule
from hiveloop_scan.config import Config
from hiveloop_scan.files import display_path
from hiveloop_scan.lines import decoded, lines_of
from hiveloop_scan.methods import companions
from hiveloop_scan.model import Confidence, FileError, FileResult, Outline
from hiveloop_scan.outline.index import FileCalls
from hiveloop_scan.sdk.elsewhere import sdk_facts
from hiveloop_scan.summaries import function_facts
from hiveloop_scan.suppressions import suppressions
from hiveloop_scan.triage import Skeleton, needs_in, sdk_calls, skeleton

if TYPE_CHECKING:
    from hiveloop_scan.module import ParsedModule

MAX_BYTES = 2_000_000
"""Largest file scanned: nobody writes more, and the standard parser takes 250 bytes of memory for each."""

_STACK = 5000
"""Python frames for libcst, which takes up to ten for each of the levels that triage lets through."""


@dataclass(frozen=True)
class Plan:
    """What to look for: the rules, the user's settings, how sure to be; tests switch `triage` off.

    Without `follows_calls` nothing is taken for told: nobody uses the SDK. `known` are the names of all rules there
    are, those that do not run too.
    """

    rules: tuple[Rule, ...]
    config: Config
    min_confidence: Confidence = Confidence.MEDIUM
    triage: bool = True
    follows_calls: bool = True
    known: frozenset[str] = frozenset()

    def rules_for(self, path: Path) -> list[Rule]:
        """Return the rules that per-file-ignores leaves for `path`."""
        ignored = self.config.ignored_for(path)
        rules = [rule for rule in self.rules if rule.kind != "gate"]
        return [rule for rule in rules if rule.name not in ignored and rule.method not in ignored]


def scan_stdin(source: bytes, path: Path, plan: Plan) -> FileResult:
    """Scan what came from stdin as if it stood at `path`."""
    shown = str(path) if path.name.startswith("<") else display_path(path)
    return _scan_source(source, shown, plan.rules_for(path), plan)


def scan_source(source: bytes, path: Path, plan: Plan) -> FileResult:
    """Scan bytes as if they stood in the file at `path`."""
    return _scan_source(source, display_path(path), plan.rules_for(path), plan)


def scan_file(path: Path, plan: Plan) -> FileResult:
    """Scan one file; whatever is wrong with it becomes an error of the result."""
    shown = display_path(path)
    try:
        with path.open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    except OSError as error:
        return FileResult(shown, 0, errors=(FileError(shown, f"cannot be read: {error.strerror}"),))
    return _scan_source(source, shown, plan.rules_for(path), plan)


def _scan_source(source: bytes, shown: str, rules: Sequence[Rule], plan: Plan) -> FileResult:
    lines = len(source.splitlines())
    if len(source) > MAX_BYTES:
        problem = f"larger than {MAX_BYTES // 1_000_000} MB, left out"
        return FileResult(shown, 0, errors=(FileError(shown, problem),))
    tree = _parse(source, shown)
    if isinstance(tree, FileError):
        return FileResult(shown, lines, errors=(tree,))
    facts = {**function_facts(source, tree), **sdk_facts(source, tree)}
    texts = lines_of(source)
    calls = FileCalls(tree, texts, plan.config.wrapper_names) if plan.follows_calls else None
    comments = suppressions(texts)
    cut = _cut(source, tree, rules, plan)
    if cut is None:
        outline = calls.outline() if calls else None
        return FileResult(shown, lines, facts=facts, outline=outline, suppressions=comments)
    errors = [FileError(shown, note) for note in cut.problems]
    from hiveloop_scan.candidates import Gathering

    with _room_to_recurse():
        module, problem = _parse_skeleton(cut)
        if module is None:
            return FileResult(shown, lines, errors=(*errors, FileError(shown, problem)))
        gathering = Gathering(module, texts, shown, plan.min_confidence, tree, calls, comments)
        for rule in rules:
            barred = cut.barred(rule.name)
            if barred is not None:
                gathering.gather(rule, barred)
    for symbol, found in gathering.facts.items():
        facts[symbol] = facts.get(symbol, frozenset()) | found
    outline = calls.outline() if calls else None
    return FileResult(shown, lines, tuple(gathering.candidates), tuple(errors), facts, outline, comments)


def outline_of(path: Path, plan: Plan) -> tuple[str, Outline] | None:
    """Return the path to show for a file that is not scanned itself, and its outline; None where it cannot be read."""
    try:
        source = path.read_bytes()
    except OSError:
        return None
    tree = _parse(source, display_path(path)) if len(source) <= MAX_BYTES else None
    if not isinstance(tree, ast.Module):
        return None
    return display_path(path), FileCalls(tree, lines_of(source), plan.config.wrapper_names).outline()


def _cut(source: bytes, tree: ast.Module, rules: Sequence[Rule], plan: Plan) -> Skeleton | None:
    """Reduce a file to what the rules can match in; None when that is nothing."""
    if not plan.triage:
        return skeleton(source, tree, None)
    needs = needs_in(source, {rule.name: rule.needs for rule in rules})
    told = {method for rule in rules for method in companions(rule.method)}
    return skeleton(source, tree, needs, sdk_calls(told)) if needs else None


_PYTHON_2 = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)


def _parse(source: bytes, shown: str) -> ast.Module | FileError:
    """Ask the standard parser; it also keeps from libcst what would crash it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        decoded(source)  # the standard parser does not mind what stands in comments, libcst does
        return tree
    except SyntaxError as error:
        where = f" (line {error.lineno})" if error.lineno else ""
        python2 = "; is this Python 2?" if any(sign in str(error.msg) for sign in _PYTHON_2) else ""
        return FileError(shown, f"syntax error: {error.msg}{where}{python2}", error.lineno or 1)
    except ValueError as error:
        return FileError(shown, f"not Python source: {error}")
    except (RecursionError, MemoryError):
        return FileError(shown, "nested too deeply for Python's own parser")


def _parse_skeleton(cut: Skeleton) -> tuple[ParsedModule | None, str]:
    import libcst as cst

    from hiveloop_scan.module import ParsedModule

    try:
        tree = cst.parse_module(cut.source)
    except cst.ParserSyntaxError as error:
        line = cut.line_numbers[min(error.raw_line, len(cut.line_numbers)) - 1]
        return None, f"Python can parse this file, libcst cannot: {error.message} (line {line})"
    try:
        return ParsedModule(tree, cut.anchor_lines), ""
    except ValueError:  # of the strict zip over statements
        return None, "Python and libcst do not agree on the statements of this file"


@contextmanager
def _room_to_recurse() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
