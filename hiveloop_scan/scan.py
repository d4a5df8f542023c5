"""One file in, its findings out: read, cut down, parse, detect, weigh."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.catalog import Rule
from hiveloop_scan.files import display_path
from hiveloop_scan.lines import lines_of, utf8
from hiveloop_scan.methods import companions
from hiveloop_scan.model import FileError, FileResult
from hiveloop_scan.needs import Lookout
from hiveloop_scan.outline.index import FileCalls
from hiveloop_scan.parsing import parsed
from hiveloop_scan.plan import Plan as Plan
from hiveloop_scan.reading import MAX_BYTES as MAX_BYTES
from hiveloop_scan.reading import read_source
from hiveloop_scan.sdk.elsewhere import sdk_facts
from hiveloop_scan.summaries import function_facts
from hiveloop_scan.suppressions import suppressions
from hiveloop_scan.timing import file_time, phase, rule_time
from hiveloop_scan.triage import Chosen, Holds, Skeleton, choose, sdk_calls, skeleton

if TYPE_CHECKING:
    from hiveloop_scan.module import ParsedModule

_STACK = 5000
"""Python frames for libcst, which takes up to ten for each of the levels that triage lets through."""


def prepare(plan: Plan) -> None:
    """Import and work out all that is done once."""
    import hiveloop_scan.candidates
    import hiveloop_scan.sketched  # noqa: F401

    rules = tuple(rule for rule in plan.rules if rule.kind != "gate")
    _wanted_by(rules)
    for rule in rules:
        rule.load_detector()


def scan_stdin(source: bytes, path: Path, plan: Plan) -> FileResult:
    """Scan what came from stdin as if it stood at `path`."""
    shown = str(path) if path.name.startswith("<") else display_path(path)
    return _scan_source(source, shown, plan.rules_for(path), plan)


def scan_source(source: bytes, path: Path, plan: Plan) -> FileResult:
    """Scan bytes as if they stood in the file at `path`."""
    return _scan_source(source, display_path(path), plan.rules_for(path), plan)


def scan_file(path: Path, plan: Plan) -> FileResult:
    """Scan one file; whatever is wrong with it becomes an error of the result."""
    return scan_as_read(path, plan)[1]


def scan_as_read(path: Path, plan: Plan) -> tuple[bytes | None, FileResult]:
    """Scan one file; also return what was read, None where it cannot be."""
    shown = display_path(path)
    try:
        with phase("read"):
            source = read_source(path)
    except OSError as error:
        return None, FileResult(shown, 0, errors=(FileError(shown, f"cannot be read: {error.strerror}"),))
    with file_time(shown):
        return source, _scan_source(source, shown, plan.rules_for(path), plan)


def _scan_source(source: bytes, shown: str, rules: Sequence[Rule], plan: Plan) -> FileResult:
    lines = len(source.splitlines())
    if len(source) > MAX_BYTES:
        problem = f"larger than {MAX_BYTES // 1_000_000} MB, left out"
        return FileResult(shown, 0, errors=(FileError(shown, problem),))
    with phase("parse (standard parser)"):
        tree = parsed(source, shown)
    if isinstance(tree, FileError):
        return FileResult(shown, lines, errors=(tree,))
    comments = suppressions(lines_of(source)) if b"hiveloop:" in source else ()
    with phase("facts for other files"):
        facts = {**function_facts(source, tree), **sdk_facts(source, tree)}
    with _room_to_recurse():
        with phase("calls"):
            calls = FileCalls(tree, lines_of(source), plan.config.wrapper_names) if plan.follows_calls else None
            outline = calls.outline() if calls else None
            nothing = FileResult(shown, lines, facts=facts, outline=outline, suppressions=comments)
        with phase("triage"):
            chosen = _choose(source, tree, rules, plan)
        if chosen is None:
            return nothing
        file = _File(source, tree, calls, nothing)
        tells_others = any(rule.kind == "misuse" and chosen.barred(rule.name) is not None for rule in rules)
        if plan.triage and plan.sketches and not tells_others:
            found = _look_at_sketch(file, chosen, rules, plan)
            if found is not None:
                return found
        return _look(file, chosen, rules, plan)


@dataclass(frozen=True)
class _File:
    """What is known of a file before libcst sees it."""

    source: bytes
    tree: ast.Module
    calls: FileCalls | None
    result: FileResult
    """Without findings."""


def _look_at_sketch(file: _File, chosen: Chosen, rules: Sequence[Rule], plan: Plan) -> FileResult | None:
    """Match in a sketch of what was chosen; None where libcst has to parse it."""
    from hiveloop_scan.sketched import CANNOT_TELL, DEEPEST, SketchedModule
    from hiveloop_scan.syntax.writing import WRITING

    try:
        with phase("sketch"):
            lines = utf8(file.source).splitlines(keepends=True)
            module = SketchedModule(file.tree, lines, chosen.functions, chosen.left_out)
        return _matched(file, module, chosen, rules, plan) if module.depth() <= DEEPEST else None
    except CANNOT_TELL:
        return None
    finally:
        WRITING.begin(())  # other nodes will have the same ids


def _look(file: _File, chosen: Chosen, rules: Sequence[Rule], plan: Plan) -> FileResult:
    """Match in what libcst parses of what was chosen."""
    shown = file.result.path
    cut = skeleton(file.source, file.tree, chosen)
    errors = [FileError(shown, note) for note in cut.problems]
    with phase("parse (libcst)"):
        module, problem = _parse_skeleton(cut)
    if module is None:
        return FileResult(shown, file.result.lines, errors=(*errors, FileError(shown, problem)))
    return replace(_matched(file, module, chosen, rules, plan), errors=tuple(errors))


def _matched(file: _File, module: ParsedModule, chosen: Chosen, rules: Sequence[Rule], plan: Plan) -> FileResult:
    from hiveloop_scan.candidates import Gathering

    comments = file.result.suppressions
    gathering = Gathering(module, file.source, file.result.path, plan.min_confidence, file.tree, file.calls, comments)
    with phase("match"):
        for rule in rules:
            barred = chosen.barred(rule.name)
            if barred is not None:
                with rule_time(rule.name):
                    gathering.gather(rule, barred)
    facts = dict(file.result.facts)
    for symbol, found in gathering.facts.items():
        facts[symbol] = facts.get(symbol, frozenset()) | found
    outline = file.calls.outline() if file.calls else None  # `surroundings` count in it
    return replace(file.result, candidates=tuple(gathering.candidates), facts=facts, outline=outline)


def _choose(source: bytes, tree: ast.Module, rules: Sequence[Rule], plan: Plan) -> Chosen | None:
    """Choose what the rules can match in; None when that is nothing."""
    if not plan.triage:
        return choose(source, tree, None)
    return choose(source, tree, *_wanted_by(tuple(rules)))


@lru_cache(maxsize=16)
def _wanted_by(rules: tuple[Rule, ...]) -> tuple[Lookout, Holds]:
    """Return the needs of some rules, and what a function must hold to make one of their calls."""
    told = {method for rule in rules for method in companions(rule.method)}
    return Lookout({rule.name: rule.needs for rule in rules}), sdk_calls(told)


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
