"""The verdict for people at a terminal: the checklist or a summary, then what is wrong, then what stayed silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hiveloop_scan.report.hanging import print_hanging
from hiveloop_scan.report.summary import count_of
from hiveloop_scan.report.visible import visible
from hiveloop_scan.verify.checklist import SECTIONS, Answer, State, tally_of
from hiveloop_scan.verify.events import Event
from hiveloop_scan.verify.judging.judge import Fault
from hiveloop_scan.verify.judging.problem import Level
from hiveloop_scan.verify.show.places import shown_place, shown_places
from hiveloop_scan.verify.show.words import WHY_SILENT, headline, kinds_of, shown_tally

if TYPE_CHECKING:
    from rich.console import Console

    from hiveloop_scan.verify.senders import Sender
    from hiveloop_scan.verify.verdict import Verdict

_STATES = {State.SEEN: "green", State.MISSING: "bold red", State.LOOK: "cyan", State.SPARED: "dim"}
_LEVELS = {Level.DROPPED: "bold red", Level.MISREAD: "yellow", Level.NOTE: "cyan"}
_STATE_ROOM = max(map(len, State))
_MARGIN = _STATE_ROOM + 3 * len("  ")


def print_verdict(verdict: Verdict, console: Console, checklist: bool) -> None:
    """Print the verdict; without `checklist` in short."""
    console.print(Text(headline(verdict), style="bold"), soft_wrap=True)
    console.print()
    if checklist:
        for section, group in groupby(verdict.answers, key=lambda answer: answer.item.section):
            _print_section(section, list(group), console)
    elif verdict.story.events:
        _print_kinds(verdict.story.events, console)
    _print_faults(verdict.faults, console)
    _print_silent(verdict, console)
    hint = "" if checklist else "; --checklist shows them"
    console.print(Text(f"checklist: {shown_tally(tally_of(verdict.answers))}{hint}", style="bold"), soft_wrap=True)


def _print_kinds(events: Sequence[Event], console: Console) -> None:
    """Print how many events there are of each kind, and where they came from."""
    counted = kinds_of(events)
    room = max(len(visible(kind)) for kind in counted)
    number_room = max(len(f"{len(found):,}") for found in counted.values())
    for kind, found in counted.items():
        lead = Text(f"  {visible(kind):<{room}}  {len(found):>{number_room},}  ")
        print_hanging(console, Text(shown_places(found), style="dim"), lead)
    console.print()


def _print_section(section: str, answers: Sequence[Answer], console: Console) -> None:
    """Print an item on each line, or, where one of them needs more room, its events below it."""
    title = f"{section} {SECTIONS[section]}"
    console.print(Text.assemble((title, "bold"), f": {shown_tally(tally_of(answers))}"), soft_wrap=True)
    texts = [_told(answer) for answer in answers]
    title_room = max(len(answer.item.title) for answer in answers)
    fits = _MARGIN + title_room + max(map(cell_len, texts)) <= console.width
    for answer, told, following in zip(answers, texts, [*texts[1:], ""], strict=True):
        state = Text.assemble("  ", (f"{answer.state:<{_STATE_ROOM}}", _STATES[answer.state]), "  ")
        indent = Text(" " * state.cell_len)
        if fits:
            line = Text.assemble(state, f"{answer.item.title:<{title_room}}  ", (told, "dim"))
            console.print(line, soft_wrap=True)
        else:
            print_hanging(console, Text(answer.item.title), state)
            if answer.events or told != following:  # what several items ask for is said once
                print_hanging(console, Text(told, style="dim"), indent)
        if answer.state is State.LOOK:
            print_hanging(console, Text(answer.item.look), Text.assemble(indent, ("look at: ", "cyan")))
    console.print()


def _told(answer: Answer) -> str:
    """Return where the events of an item came from, or what to do for them."""
    if not answer.events:
        return f"to see it: {answer.item.bring}"
    told = f"{count_of(len(answer.events), 'event')}, {shown_places(answer.events)}"
    return f"{told}; {visible(answer.said)}" if answer.said else told


def _print_faults(faults: Sequence[Fault], console: Console) -> None:
    if not faults:
        return
    console.print(Text(count_of(len(faults), "problem"), style="bold"))
    for fault in faults:
        events = f"{count_of(len(fault.events), 'event')} {visible(fault.events[0].kind)}"
        head = Text.assemble(
            (shown_place(fault.events[0]), "bold"),
            ": ",
            (fault.level, _LEVELS[fault.level]),
            f"  {fault.name}  ",
            (events, "dim"),
        )
        console.print(head, soft_wrap=True)
        print_hanging(console, Text(visible(" ".join(fault.message.split()))), Text("  "))
    console.print()


def _print_silent(verdict: Verdict, console: Console) -> None:
    if not verdict.silent:
        return
    total = count_of(len(verdict.senders), "call")
    console.print(Text(f"{len(verdict.silent):,} of {total} sent nothing", style="bold"))
    by_reason: dict[str, list[Sender]] = defaultdict(list)
    for sender in verdict.silent:
        by_reason[WHY_SILENT[sender.sends]].append(sender)
    for reason, senders in by_reason.items():
        print_hanging(console, Text(reason, style="dim"), Text("  "))
        for sender in senders:
            where = f" in {visible(sender.symbol)}" if sender.symbol else ""
            place = (f"{visible(sender.path)}:{sender.line}", "bold")
            console.print(Text.assemble(place, f": {sender.method}", (where, "dim")), soft_wrap=True)
    console.print()
