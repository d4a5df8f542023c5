"""What `apply` has done: how many calls of which method, and why others were not written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiveloop_scan.methods import METHODS
from hiveloop_scan.report.summary import count_of, what_to_do
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.model import FileError, Outcome
    from hiveloop_scan.report.paper import Paper

_PLACES = 5
"""Places shown for one reason; the report lists them all."""


def print_applied(outcomes: Sequence[Outcome], errors: Sequence[FileError], verb: str, paper: Paper) -> None:
    """Print the table of methods, then the reasons with their places; `verb` tells written calls from those to come."""
    for error in errors:
        paper.line((f"{visible(error.path)}: {visible(error.message)}", "red"))
    if errors:
        paper.line((what_to_do(len(errors)), "dim"))
    if not outcomes:
        paper.line("nothing to write: no call is missing here that the chosen rules are sure of")
        return
    _print_table(outcomes, verb, paper)
    by_reason: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.is_written:
            by_reason[outcome.reason, outcome.hint].append(outcome)
    for (reason, hint), found in sorted(by_reason.items(), key=lambda entry: -len(entry[1])):
        paper.line()
        paper.line((f"skipped {len(found):,}: ", "bold"), visible(reason))
        if hint:
            paper.line((f"  {visible(hint)}", "dim"))
        for outcome in found[:_PLACES]:
            place = f"{visible(outcome.finding.path)}:{outcome.finding.span.line}"
            paper.line(f"  {place}  {outcome.finding.rule}")
        if len(found) > _PLACES:
            paper.line((f"  and {len(found) - _PLACES:,} more", "dim"))


def _print_table(outcomes: Sequence[Outcome], verb: str, paper: Paper) -> None:
    own = {method: [outcome for outcome in outcomes if outcome.finding.method == method] for method in METHODS}
    counted = {**{method: found for method, found in own.items() if found}, "all": outcomes}
    rows = [(name, *_written_and_skipped(found)) for name, found in counted.items()]
    heads = ("method", verb, "skipped")
    rooms = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for name, done, left in (heads, *rows):
        line = f"{name:<{rooms[0]}}  {done:>{rooms[1]}}  {left:>{rooms[2]}}"
        paper.line((line, "bold" if name in ("method", "all") else ""))


def _written_and_skipped(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    done = sum(outcome.is_written for outcome in outcomes)
    return f"{done:,}", f"{len(outcomes) - done:,}"


def outcome_line(outcomes: Sequence[Outcome], files: int, verb: str) -> str:
    """Return the outcome in one line."""
    done = sum(outcome.is_written for outcome in outcomes)
    return f"{count_of(done, 'call')} {verb} in {count_of(files, 'file')}"
