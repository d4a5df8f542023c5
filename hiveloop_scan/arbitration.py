"""One finding per event: what stays when several rules, or several layers of code, speak of the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from hiveloop_scan.model import Candidate, Finding, Span

_OUTERMOST = ("plan_step", "request_approval")
"""Methods of which the finding around others stands for them: the loop over steps, not the marks inside."""

_INNERMOST = ("track_context", "resolve_issue")
"""Methods of which the finding inside others stands for them: the call closest to the work."""


def arbitrate(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates of one file that stay, in source order; misuse of one call can be of several kinds."""
    misuse = [candidate for candidate in candidates if candidate.finding.kind == "misuse"]
    left = sorted(_surest([candidate for candidate in candidates if candidate.finding.kind != "misuse"]), key=_order)
    yield from sorted(misuse, key=_order)
    by_method: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in left:
        by_method[candidate.finding.method].append(candidate)
    for candidate in left:
        if not any(loses(candidate, by_method) for loses in _REASONS):
            yield candidate


def _order(candidate: Candidate) -> tuple[int, int, str]:
    return candidate.finding.span.line, candidate.finding.span.column, candidate.finding.rule


def _surest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep one candidate for a place and method."""
    best: dict[tuple[int, int, str], Candidate] = {}
    for candidate in candidates:
        span = candidate.finding.span
        key = (span.line, span.column, candidate.finding.method)
        if key not in best or _weight(candidate.finding) > _weight(best[key].finding):
            best[key] = candidate
    return list(best.values())


def _weight(finding: Finding) -> int:
    return sum(fact.weight for fact in finding.evidence)


ByMethod = dict[str, list[Candidate]]


def _is_a_layer(candidate: Candidate, by_method: ByMethod) -> bool:
    """Nested findings of one method in one function are one event."""
    finding = candidate.finding
    same = [other.finding for other in by_method[finding.method] if other is not candidate]
    if finding.method in _OUTERMOST:
        return any(_holds(other.span, finding.span) and other.symbol == finding.symbol for other in same)
    return finding.method in _INNERMOST and any(_holds(finding.span, other.span) for other in same)


def _waits_for_a_human(candidate: Candidate, by_method: ByMethod) -> bool:
    """Where code waits for the human, it is an approval and no escalation (guide 12.5)."""
    return candidate.finding.method == "escalate" and any(
        _holds(candidate.branch, other.finding.span) for other in by_method["request_approval"]
    )


def _is_parked_beside_a_wait(candidate: Candidate, by_method: ByMethod) -> bool:
    """Where a file waits for the decision, keeping the request is part of the wait."""
    return _is_parked(candidate) and not all(map(_is_parked, by_method["request_approval"]))


def _is_parked(candidate: Candidate) -> bool:
    return candidate.finding.method == "request_approval" and candidate.finding.captures.get("parked") is True


def _is_one_sign_of_many(candidate: Candidate, by_method: ByMethod) -> bool:
    """What hands work over in one branch does so once: the surest sign stays, the first of equals."""
    finding = candidate.finding
    return finding.method == "escalate" and any(
        other.branch == candidate.branch
        and other.finding.symbol == finding.symbol
        and (-_weight(other.finding), _order(other)) < (-_weight(finding), _order(candidate))
        for other in by_method["escalate"]
    )


def _is_tried_again(candidate: Candidate, by_method: ByMethod) -> bool:
    """A rate limit that a retry loop sits out dies with the call, unless somebody is told of it."""
    finding = candidate.finding
    return (
        finding.method == "report_issue"
        and finding.captures.get("category") == "rate_limit"
        and not any(fact.name in ("outlives-the-call", "somebody-is-told") for fact in finding.evidence)
        and any(_holds(other.finding.span, finding.span) for other in by_method["retry"])
    )


def _is_the_same_issue(candidate: Candidate, by_method: ByMethod) -> bool:
    """Branches inside of each other that know problems of one category know the same one; the surest tells it."""
    finding = candidate.finding
    if finding.method != "report_issue":
        return False
    for rival in by_method["report_issue"]:
        other = rival.finding
        if rival is candidate or other.symbol != finding.symbol:
            continue
        if other.captures.get("category") != finding.captures.get("category"):
            continue
        surer = _weight(other) - _weight(finding)
        if (_reaches(candidate, other) and surer >= 0) or (_reaches(rival, finding) and surer > 0):
            return True
    return False


def _reaches(candidate: Candidate, inner: Finding) -> bool:
    """Say whether a finding stands in what the other speaks for; the cases after an if are not its own."""
    return _holds(candidate.reach or candidate.finding.span, inner.span)


def _is_the_tool(candidate: Candidate, by_method: ByMethod) -> bool:
    """A call that runs the tool which the model chose is no call of the model."""
    return candidate.finding.method == "llm_call" and any(
        _holds(other.finding.span, candidate.finding.span) for other in by_method["track_context"]
    )


_REASONS: tuple[Callable[[Candidate, ByMethod], bool], ...] = (
    _is_a_layer,
    _waits_for_a_human,
    _is_one_sign_of_many,
    _is_parked_beside_a_wait,
    _is_tried_again,
    _is_the_same_issue,
    _is_the_tool,
)


def _holds(outer: Span, inner: Span) -> bool:
    return (outer.line, outer.column) <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= (
        outer.end_line,
        outer.end_column,
    )
