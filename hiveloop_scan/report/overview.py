"""The start page: what a first look at a folder has found, and the next command to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hiveloop_scan.report.order import most_telling
from hiveloop_scan.report.summary import count_of
from hiveloop_scan.report.tallies import tallies
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from hiveloop_scan.model import Finding
    from hiveloop_scan.overview import Agents, Hiveloop, Overview, Step

_PLACES = 5
_NAMES = 4
_LABEL = 12
_WIDEST = 120
"""Sentences are hard to follow in longer lines."""


def print_overview(seen: Overview, console: Console) -> None:
    """Print the page: the facts, the most telling places, the commands."""
    for label, facts in _facts(seen):
        for position, fact in enumerate(facts):
            _print_wrapped(console, Text(visible(fact)), Text(f"{label if position == 0 else '':<{_LABEL}}", "bold"))
    if seen.report.findings:
        _print_places(seen.report.findings, console)
    console.print()
    console.print(Text("Next:", "bold"))
    _print_steps(seen.steps, console)


def _facts(seen: Overview) -> Iterator[tuple[str, Sequence[str]]]:
    yield "folder", list(_size(seen))
    if seen.files:
        yield "agents", list(_agents(seen.agents))
        yield "HiveLoop", list(_hiveloop(seen.hiveloop))
        yield "covered", list(_coverage(seen))


def _size(seen: Overview) -> Iterator[str]:
    if seen.files:
        yield f"{count_of(seen.files, 'Python file')}, {count_of(seen.lines, 'line')}{_left_out(seen)}"
    else:
        yield f"no Python files{_left_out(seen)}"
    if seen.is_cut:
        yield "and more: too much for one project, the look ended here"
        if seen.projects:
            yield f"projects below: {', '.join(seen.projects)}"


def _left_out(seen: Overview) -> str:
    reasons = sorted(seen.report.skipped.items(), key=lambda entry: (-entry[1], entry[0]))
    return f" (left out: {', '.join(f'{count:,} {reason}' for reason, count in reasons)})" if reasons else ""


def _agents(agents: Agents) -> Iterator[str]:
    names = [name for name in agents.registered if name]
    if agents.registered:
        shown = f": {_some(names)}" if names else ""
        yield f"{len(agents.registered):,} registered with HiveLoop{shown}"
    for use in agents.frameworks[:_NAMES]:
        made = f"{use.agents:,} made with {use.name}" if use.agents else use.name
        yield f"{made} (imported in {count_of(use.files, 'file')})"
    if others := [use.name for use in agents.frameworks[_NAMES:]]:
        yield f"also imported: {', '.join(others)}"
    if agents.classes:
        noun = "class is called an agent" if len(agents.classes) == 1 else "classes are called agents"
        yield f"{len(agents.classes):,} {noun}: {_some(agents.classes)}"
    if not (agents.registered or agents.frameworks or agents.classes):
        yield "none to be seen: none registered, no known framework, no class called one"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else "")


def _hiveloop(found: Hiveloop) -> Iterator[str]:
    if found.files:
        listed = f", listed in {found.listed_in}" if found.listed_in else ""
        yield f"imported in {count_of(found.files, 'file')}{listed}"
    elif found.listed_in:
        yield f"listed in {found.listed_in}, imported nowhere yet"
    else:
        yield "not used here yet: pip install hiveloop"
    yield from found.plumbing
    if not found.plumbing:
        yield "nothing gives the current task and agent yet"


def _coverage(seen: Overview) -> Iterator[str]:
    whole = tallies(seen.report).whole
    if whole.total:
        places = count_of(whole.total, "place")
        yield f"{whole.covered:,} of {places} where HiveBoard should be told ({whole.percent:g} %)"
    else:
        yield "no place found where HiveBoard should be told something"
    if seen.report.files < seen.files:
        yield f"{seen.report.files:,} files looked at so far; 'hiveloop-scan report' looks at all"
    if seen.report.errors:
        errors = count_of(len(seen.report.errors), "error")
        yield f"{errors} in reading or parsing; 'hiveloop-scan report' says which"


def _print_places(findings: Sequence[Finding], console: Console) -> None:
    console.print()
    some = f" ({_PLACES} of {len(findings):,}, the most telling first)" if len(findings) > _PLACES else ""
    console.print(Text(f"Missing{some}:", "bold"))
    for finding in most_telling(findings, _PLACES):
        place = Text.assemble("  ", visible(finding.path), (f":{finding.span.line}:{finding.span.column}:", "cyan"))
        what = Text.assemble((finding.method, "bold"), (f"  {finding.confidence.label}", "dim"))
        console.print(Text.assemble(place, "  ", what), soft_wrap=True)
        _print_wrapped(console, Text(visible(" ".join(finding.message.split()))), Text("    "))


def _print_steps(steps: Sequence[Step], console: Console) -> None:
    """Print each command with its effect beside it where all find room, else below it."""
    room = max(len(step.command) for step in steps) + 4
    beside = room + max(len(step.effect) for step in steps) <= console.width
    for position, step in enumerate(steps):
        style = "bold green" if position == 0 else "green"
        if beside:
            console.print(
                Text.assemble("  ", (f"{step.command:<{room - 2}}", style), (step.effect, "dim")), soft_wrap=True
            )
        else:
            console.print(Text.assemble("  ", (step.command, style)), soft_wrap=True)
            _print_wrapped(console, Text(step.effect, "dim"), Text("      "))


def _print_wrapped(console: Console, text: Text, lead: Text) -> None:
    """Print `text` after `lead`, further lines below the first."""
    lines = text.wrap(console, max(min(console.width, _WIDEST) - lead.cell_len, 20))
    for position, line in enumerate(lines):
        line.rstrip()
        console.print(Text.assemble(lead if position == 0 else " " * lead.cell_len, line), soft_wrap=True)
