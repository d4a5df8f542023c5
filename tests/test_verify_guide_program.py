"""The program of the guide's last example, as `apply` leaves it, under `verify`: what the guide asks for is seen."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from hiveloop_scan.fix.calls import Style
from hiveloop_scan.methods import companions
from hiveloop_scan.verify.checklist import ITEMS, Answer, State
from hiveloop_scan.verify.verdict import Verdict, judge, sites_of
from tests.test_guide_program import METHODS, applied_to, by_hand, without_calls
from tests.verified import verify, write

PROGRAM = """
import sys
import time

import hiveloop

sys.path.insert(0, {tests!r})
from tests import test_guide_program as guide
from vendor_desk import desk, observability, services, toolbox, vendors

desk.PAUSE_SECONDS = guide.PAUSE
people = [vendors.Vendor(number, name, "NL") for number, name in enumerate(guide.TIMEOUTS, 1)]
bureau = guide.Bureau(services.ServiceTimeout, guide.TIMEOUTS)
tools = toolbox.Toolbox(guide.Register(), bureau, guide.Directory())
hb = observability.connect(guide.KEY, "http://127.0.0.1:9")
purchasing = desk.VendorDesk(tools, guide.Model(), hb)
purchasing.hand_in(people[0])
time.sleep(0.3)  # for a heartbeat
for person in people[1:]:
    purchasing.hand_in(person)
time.sleep(0.8)  # for another
print(len(purchasing.work()), "cases")
hiveloop.shutdown()
"""
CALLS = {
    "track_context": ("_hl_action.__enter__(", "_hl_action.__exit__(", "with _hl_track("),
    "plan_step": (".plan_step(", "with _hl_track_step("),
    "queue_provider": ("queue_provider=",),
}
"""What `apply` writes where the method's name is not in the line that sends the event."""

ROOT = Path(__file__).parent.parent
OPTIONAL, LOOK = {"queue-with-items"}, {"escalation-among-human"}
OWN_KINDS = {"agent_registered", "heartbeat", "task_started", "task_completed"}


def verdict_of(folder: Path) -> Verdict:
    """Have the desk in `folder` admit its vendors under `verify`."""
    program = write(folder, PROGRAM.format(tests=str(ROOT)), "purchasing.py")
    done = verify(folder, "python", program.name)
    assert (done.code, done.out) == (0, b"4 cases\n"), done.err
    return judge(done.run, [folder / "vendor_desk"])


def inserted_lines(before: Path, after: Path) -> dict[tuple[str, int], str]:
    """Return the lines that `apply` has written, or added to, by file and number."""
    found: dict[tuple[str, int], str] = {}
    for path in after.glob("*.py"):
        old, new = (folder.joinpath(path.name).read_text().splitlines() for folder in (before, after))
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for kind, _, _, start, end in matcher.get_opcodes():
            found |= {(str(path), line + 1): new[line] for line in range(start, end) if kind != "equal"}
    return found


def texts_of(methods: Collection[str]) -> Iterator[str]:
    for method in methods:
        yield from CALLS.get(method, (f".{method}(",))


def stray_sites(answer: Answer, written: dict[tuple[str, int], str]) -> list[str]:
    """Return the sites of an item's events that are no line of `apply`'s with a call of one of the item's methods."""
    texts = list(texts_of(answer.item.methods))
    return [
        f"{answer.item.name}: {site}"
        for site, _ in sites_of(answer.events)
        if not any(text in written.get((site.path, site.line), "") for text in texts)
    ]


def names_in(verdict: Verdict, state: State) -> set[str]:
    return {answer.item.name for answer in verdict.answers if answer.state is state}


@pytest.mark.parametrize("style", Style)
def test_every_item_is_seen_from_the_lines_that_apply_has_written(style: Style, tmp_path: Path) -> None:
    before = without_calls(tmp_path / "before", style)
    after = without_calls(tmp_path / "after", style)
    assert applied_to(after, style) == METHODS
    verdict = verdict_of(tmp_path / "after")
    assert names_in(verdict, State.MISSING) == set()
    assert (names_in(verdict, State.SPARED), names_in(verdict, State.LOOK)) == (OPTIONAL, LOOK)
    written = inserted_lines(before, after)
    assert not [stray for answer in verdict.answers for stray in stray_sites(answer, written)]
    assert not verdict.faults
    assert len(verdict.senders) >= len(METHODS)
    assert not verdict.silent


FAULTS = {"resolve_issue": {"issue-never-resolved"}}
"""What is wrong with a run when a method is left out; `apply` resolves no issue that is not reported."""


@pytest.mark.parametrize("left_out", sorted(METHODS))
def test_what_a_method_tells_is_not_seen_without_it(left_out: str, tmp_path: Path) -> None:
    desk = without_calls(tmp_path, Style.INLINE)
    applied_to(desk, Style.INLINE, METHODS - {left_out})
    verdict = verdict_of(tmp_path)
    its_own = {item.name for item in ITEMS if set(companions(left_out)).intersection(item.methods)}
    assert names_in(verdict, State.MISSING) == its_own - OPTIONAL
    assert its_own
    assert {fault.name for fault in verdict.faults} == FAULTS.get(left_out, set())


def test_calls_by_hand_are_seen_as_well(tmp_path: Path) -> None:
    by_hand(tmp_path)
    verdict = verdict_of(tmp_path)
    assert names_in(verdict, State.MISSING) == set()
    assert not verdict.faults
    assert not verdict.silent
