"""One file in, its findings out: read, cut down, parse, detect, weigh."""

from __future__ import annotations

import ast
import sys
import tokenize
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.catalog import Rule
from hiveloop_scan.config import Config
from hiveloop_scan.files import display_path
from hiveloop_scan.model import Confidence, FileError, FileResult, Finding, Span
from hiveloop_scan.suppressions import is_silenced, suppressions
from hiveloop_scan.triage import Skeleton, needs_in, sdk_calls, skeleton

if TYPE_CHECKING:
    from hiveloop_scan.module import ParsedModule

MAX_BYTES = 2_000_000
"""Largest file scanned: nobody writes more, and the standard parser takes 250 bytes of memory for each."""

_STACK = 5000
"""Python frames for libcst, which takes up to ten for each of the levels that triage lets through."""


@dataclass(frozen=True)
class Plan:
    """What to look for: the rules, the user's settings, how sure to be; tests switch `triage` off."""

    rules: tuple[Rule, ...]
    config: Config
    min_confidence: Confidence = Confidence.MEDIUM
    triage: bool = True

    def rules_for(self, path: Path) -> list[Rule]:
        """Return the rules that per-file-ignores leaves for `path`."""
        ignored = self.config.ignored_for(path)
        return [rule for rule in self.rules if rule.name not in ignored and rule.method not in ignored]


def scan_stdin(source: bytes, path: Path, plan: Plan) -> FileResult:
    """Scan what came from stdin as if it stood at `path`."""
    shown = str(path) if path.name.startswith("<") else display_path(path)
    return _scan_source(source, shown, plan.rules_for(path), plan)


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
    problem, tree = _parse(source)
    if tree is None:
        return FileResult(shown, lines, errors=(FileError(shown, problem),))
    cut = _cut(source, tree, rules, plan)
    if cut is None:
        return FileResult(shown, lines)
    errors = [FileError(shown, note) for note in cut.problems]
    with _room_to_recurse():
        module, problem = _parse_skeleton(cut)
        if module is None:
            return FileResult(shown, lines, errors=(*errors, FileError(shown, problem)))
        findings, suppressed = _findings(module, rules, source, shown, plan.min_confidence)
    return FileResult(shown, lines, findings, tuple(errors), suppressed)


def _cut(source: bytes, tree: ast.Module, rules: Sequence[Rule], plan: Plan) -> Skeleton | None:
    """Reduce a file to what the rules can match in; None when that is nothing."""
    if not plan.triage:
        return skeleton(source, tree, None)
    needs = needs_in(source, [need for rule in rules for need in rule.needs])
    return skeleton(source, tree, needs, sdk_calls(rule.method for rule in rules)) if needs else None


_PYTHON_2 = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
)


def _parse(source: bytes) -> tuple[str, ast.Module | None]:
    """Ask the standard parser; it also keeps from libcst what would crash it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        _decoded(source)  # the standard parser does not mind what stands in comments, libcst does
        return "", tree
    except SyntaxError as error:
        where = f" (line {error.lineno})" if error.lineno else ""
        python2 = "; is this Python 2?" if any(sign in str(error.msg) for sign in _PYTHON_2) else ""
        return f"syntax error: {error.msg}{where}{python2}", None
    except ValueError as error:
        return f"not Python source: {error}", None
    except (RecursionError, MemoryError):
        return "nested too deeply for Python's own parser", None


def _parse_skeleton(cut: Skeleton) -> tuple[ParsedModule | None, str]:
    import libcst as cst

    from hiveloop_scan.module import ParsedModule

    try:
        tree = cst.parse_module(cut.source)
    except cst.ParserSyntaxError as error:
        return None, f"Python can parse this file, libcst cannot: {error.message} (line {error.raw_line})"
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


def _findings(
    module: ParsedModule, rules: Sequence[Rule], source: bytes, shown: str, at_least: Confidence
) -> tuple[tuple[Finding, ...], int]:
    from hiveloop_scan.instrumented import is_instrumented
    from hiveloop_scan.visitor import visit

    found: list[Finding] = []
    suppressed = 0
    silenced: Mapping[int, frozenset[str]] | None = None
    texts: list[str] = []
    for rule in rules:
        for match in visit(module, rule.load_detector(), rule.options):
            confidence, evidence = rule.weigh(match.evidence)
            if confidence is None or confidence < at_least or is_instrumented(match, rule.method, module):
                continue
            if silenced is None:
                texts = _text_lines(source)
                silenced = suppressions(texts)
            span = _after_form_feeds(module.span(match.node), texts)
            if is_silenced(silenced, span.line, rule.name):
                suppressed += 1
                continue
            found.append(
                Finding(
                    path=shown,
                    span=span,
                    rule=rule.name,
                    method=rule.method,
                    confidence=confidence,
                    evidence=evidence,
                    message=rule.describe(match.captures),
                    symbol=module.symbol(match.node),
                    captures=dict(match.captures),
                    source_line=texts[span.line - 1],
                )
            )
    return tuple(_without_doubles(sorted(found, key=_order))), suppressed


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.span.line, finding.span.column, finding.rule


def _without_doubles(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Keep one finding for a place and method: the surest."""
    best: dict[tuple[int, int, str], Finding] = {}
    for finding in findings:
        key = (finding.span.line, finding.span.column, finding.method)
        if key not in best or _weight(finding) > _weight(best[key]):
            best[key] = finding
    yield from best.values()


def _weight(finding: Finding) -> int:
    return sum(fact.weight for fact in finding.evidence)


def _decoded(source: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
    return source.decode(encoding)


def _text_lines(source: bytes) -> list[str]:
    return _decoded(source).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _after_form_feeds(span: Span, texts: Sequence[str]) -> Span:
    """Count the form feeds in front of a line, which triage keeps from libcst."""

    def dropped(line: int) -> int:
        text = texts[line - 1]
        return text[: len(text) - len(text.lstrip(" \t\f"))].rfind("\f") + 1

    return replace(
        span,
        column=span.column + dropped(span.line),
        end_column=span.end_column + dropped(span.end_line),
    )
