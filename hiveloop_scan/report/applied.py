"""What `apply` has done: how many calls of which method, and why others were not written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from hiveloop_scan.methods import METHODS
from hiveloop_scan.report.summary import count_of, what_to_do
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

    from hiveloop_scan.model import FileError, Outcome

_PLACES = 5
"""Places shown for one reason; the report lists them all."""


def print_applied(outcomes: Sequence[Outcome], errors: Sequence[FileError], verb: str, console: Console) -> None:
    """Print the table of methods, then the reasons with their places; `verb` tells written calls from those to come."""
    for error in errors:
        console.print(Text(f"{visible(error.path)}: {visible(error.message)}", style="red"), soft_wrap=True)
    if errors:
        console.print(Text(what_to_do(len(errors)), style="dim"), soft_wrap=True)
    if not outcomes:
        console.print("nothing to write: no call is missing here that the chosen rules are sure of")
        return
    console.print(_table(outcomes, verb))
    by_reason: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.is_written:
            by_reason[outcome.reason, outcome.hint].append(outcome)
    for (reason, hint), found in sorted(by_reason.items(), key=lambda entry: -len(entry[1])):
        console.print()
        console.print(Text.assemble((f"skipped {len(found):,}: ", "bold"), visible(reason)), soft_wrap=True)
        if hint:
            console.print(Text(f"  {visible(hint)}", style="dim"), soft_wrap=True)
        for outcome in found[:_PLACES]:
            place = f"{visible(outcome.finding.path)}:{outcome.finding.span.line}"
            console.print(Text(f"  {place}  {outcome.finding.rule}"), soft_wrap=True)
        if len(found) > _PLACES:
            console.print(Text(f"  and {len(found) - _PLACES:,} more", style="dim"))


def _table(outcomes: Sequence[Outcome], verb: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("method")
    table.add_column(verb, justify="right")
    table.add_column("skipped", justify="right")
    for method in METHODS:
        own = [outcome for outcome in outcomes if outcome.finding.method == method]
        if own:
            done = sum(outcome.is_written for outcome in own)
            table.add_row(method, f"{done:,}", f"{len(own) - done:,}")
    done = sum(outcome.is_written for outcome in outcomes)
    table.add_section()
    table.add_row("all", f"{done:,}", f"{len(outcomes) - done:,}", style="bold")
    return table


def outcome_line(outcomes: Sequence[Outcome], files: int, verb: str) -> str:
    """Return the outcome in one line."""
    done = sum(outcome.is_written for outcome in outcomes)
    return f"{count_of(done, 'call')} {verb} in {count_of(files, 'file')}"
