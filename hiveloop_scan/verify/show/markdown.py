"""The verdict for a pull request or a wiki: the checklist with its boxes ticked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from hiveloop_scan.report.quoting import code_span
from hiveloop_scan.report.summary import count_of
from hiveloop_scan.verify.checklist import SECTIONS, Answer, State, tally_of
from hiveloop_scan.verify.events import Event
from hiveloop_scan.verify.show.places import shown_place, shown_places
from hiveloop_scan.verify.show.words import WHY_SILENT, headline, kinds_of, shown_tally

if TYPE_CHECKING:
    from hiveloop_scan.verify.verdict import Verdict


def render_markdown(verdict: Verdict, checklist: bool) -> str:
    """Return the verdict; without `checklist` in short."""
    blocks = [f"# HiveLoop run: {shown_tally(tally_of(verdict.answers))}\n\n{headline(verdict)}."]
    blocks += _sections(verdict.answers) if checklist else _kinds(verdict.story.events)
    if verdict.faults:
        blocks.append("\n".join([f"## {count_of(len(verdict.faults), 'problem')}", "", *_faults(verdict)]))
    if verdict.silent:
        total = count_of(len(verdict.senders), "call")
        blocks.append("\n".join([f"## {len(verdict.silent):,} of {total} sent nothing", "", *_silent(verdict)]))
    return "\n\n".join(blocks) + "\n"


def _sections(answers: Sequence[Answer]) -> Iterator[str]:
    for section, group in groupby(answers, key=lambda answer: answer.item.section):
        found = list(group)
        title = f"## {section} {SECTIONS[section]}: {shown_tally(tally_of(found))}"
        yield "\n".join([title, "", *map(_answer, found)])


def _answer(answer: Answer) -> str:
    item = answer.item
    box = "x" if answer.state is State.SEEN else " "
    if not answer.events:
        return f"- [{box}] {item.title}: {answer.state.value}. To see it: {item.bring}."
    told = f"{count_of(len(answer.events), 'event')} from {code_span(shown_places(answer.events))}"
    said = f", {code_span(answer.said)}" if answer.said else ""
    return f"- [{box}] {item.title}: {told}{said}. Look at: {item.look}."


def _kinds(events: Sequence[Event]) -> Iterator[str]:
    if events:
        rows = [
            f"| {_cell(kind)} | {len(found):,} | {_cell(shown_places(found))} |"
            for kind, found in kinds_of(events).items()
        ]
        yield "\n".join(["| event | number | from |", "|---|---:|---|", *rows])


def _cell(text: str) -> str:
    return code_span(text).replace("|", "&#124;")


def _faults(verdict: Verdict) -> Iterator[str]:
    for fault in verdict.faults:
        what = f"{fault.level.value}, {code_span(fault.name)}, {count_of(len(fault.events), 'event')}"
        yield f"- {code_span(shown_place(fault.events[0]))}: {what}: {code_span(fault.message)}"


def _silent(verdict: Verdict) -> Iterator[str]:
    for sender in verdict.silent:
        place = code_span(f"{sender.path}:{sender.line}")
        where = f" in {code_span(sender.symbol)}" if sender.symbol else ""
        yield f"- {place}: {code_span(sender.method)}{where}; {WHY_SILENT[sender.sends].removesuffix(':')}"
