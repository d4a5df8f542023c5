"""What a gate has to say of comments and files: suppressions that silence nothing, files that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from hiveloop_scan.catalog import Rule
from hiveloop_scan.fingerprints import fingerprint
from hiveloop_scan.model import Capture, Confidence, FileError, FileResult, Finding, Span, Suppression
from hiveloop_scan.project import Settled
from hiveloop_scan.suggest import closest
from hiveloop_scan.suppressions import ANY_RULE, has_expired

UNPARSABLE = "unparsable-file"
_EXPIRED, _UNEXPLAINED = "expired-suppression", "unexplained-suppression"
_UNKNOWN, _UNUSED = "unknown-suppression", "unused-suppression"
GATE = frozenset({UNPARSABLE, _EXPIRED, _UNEXPLAINED, _UNKNOWN, _UNUSED})
"""The rules that are about comments and files."""

RulesFor = Callable[[str], Collection[str]]
"""Gives the names of the rules that have run on the file at a path."""


def complaints(
    results: Sequence[FileResult],
    settled: Settled,
    rules: Iterable[Rule],
    known: Collection[str],
    rules_for: RulesFor,
    today: date | None = None,
) -> list[Finding]:
    """Return the findings about suppressions, of those rules of the gate that are among `rules`; `known` are all."""
    gate = {rule.name: rule for rule in rules if rule.kind == "gate"}
    found = []
    for result in results:
        for item in result.suppressions if gate else ():
            told = _told_of(item, result.path, settled, known, rules_for(result.path), today or date.today())
            found += [_finding(gate[name], result.path, item, captures) for name, captures in told if name in gate]
    return found


def _told_of(
    item: Suppression, path: str, settled: Settled, known: Collection[str], ran: Collection[str], today: date
) -> Iterator[tuple[str, Mapping[str, Capture]]]:
    """Yield the rules of the gate that a suppression breaks, with what their messages speak of."""
    if not item.reason:
        yield _UNEXPLAINED, {}
    for rule in item.rules:
        if rule != ANY_RULE and rule not in known:
            yield _UNKNOWN, {"rule": rule, "hint": closest(rule, known) if known else ""}
    if has_expired(item, today):
        yield _EXPIRED, {"until": item.until}
        return
    used = {rule for place, comment, rule in settled.used if place == path and comment == item}
    for rule in item.rules:
        if rule == ANY_RULE:
            if not used and set(known) <= set(ran):
                yield _UNUSED, {"rule": "any rule"}
        elif rule in ran and rule not in used:
            yield _UNUSED, {"rule": rule}


def _finding(rule: Rule, path: str, item: Suppression, captures: Mapping[str, Capture]) -> Finding:
    return _complaint(rule, path, item.span, rule.describe(captures), item.source_line, captures)


def unparsable(errors: Iterable[FileError], rule: Rule) -> list[Finding]:
    """Return a finding for each file, or part of one, that could not be scanned."""
    return [
        _complaint(rule, error.path, Span(error.line, 1, error.line, 1), rule.describe({"why": error.message}), "", {})
        for error in errors
    ]


def _complaint(
    rule: Rule, path: str, span: Span, message: str, source_line: str, captures: Mapping[str, Capture]
) -> Finding:
    return Finding(
        path=path,
        span=span,
        rule=rule.name,
        method=rule.method,
        confidence=Confidence.HIGH,
        evidence=(),
        message=message,
        symbol="",
        captures=captures,
        source_line=source_line,
        kind=rule.kind,
        severity=rule.severity,
        fingerprint=fingerprint(rule.name, path if not source_line else "", source_line.strip()),
    )
