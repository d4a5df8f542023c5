"""All that can be said of one run: what it told, what of the checklist that shows, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.verify.checklist import Answer, fill_in
from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.judging.judge import Fault, faults_in
from hiveloop_scan.verify.reached import silent_senders
from hiveloop_scan.verify.records import CallSite, Run
from hiveloop_scan.verify.senders import Sender, senders_in


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a run; `silent` are those of the `senders`, the calls in the source, that have sent nothing."""

    run: Run
    story: Story
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    senders: tuple[Sender, ...]
    silent: tuple[Sender, ...]


def judge(run: Run, source: Sequence[Path]) -> Verdict:
    """Judge the events of a run, beside the calls in the Python files under `source`."""
    story = Story(run.records)
    senders = senders_in(source) if source else ()
    silent = silent_senders(senders, story)
    return Verdict(run, story, fill_in(story), tuple(faults_in(story)), senders, tuple(silent))


def sites_of(events: Iterable[Event]) -> list[tuple[CallSite, int]]:
    """Return the lines that have sent `events` and how many each, in the order of files and lines."""
    counts = Counter(event.site for event in events if event.site is not None)
    return sorted(counts.items(), key=lambda entry: (entry[0].path, entry[0].line, entry[0].function))
