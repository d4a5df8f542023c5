"""Programs with the real SDK that tell HiveBoard something wrong, and what `verify` calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiveloop_scan.verify.checklist import State
from hiveloop_scan.verify.verdict import Verdict, judge
from tests.verified import AGENT, verify_text

TASK = AGENT + "with agent.task('t-1') as task:\n"
WRONG = {
    "a value that JSON cannot carry": ("    task.event('custom', {'when': {1, 2}})\n", {"unserializable-payload"}),
    "no number at all": ("    task.event('custom', {'share': float('nan')})\n", {"unserializable-payload"}),
    "a payload that is too large": ("    task.event('custom', {'text': 'x' * 33_000})\n", {"payload-without-limit"}),
    "a summary that is too long": ("    task.escalate('x' * 600)\n", {"text-cut"}),
    "an unknown type": ("    task.event('tool_used', {})\n", {"unknown-event-type"}),
    "a step without a plan": ("    task.plan_step(0, 'started', 'Ask')\n", {"step-without-plan"}),
    "a text for a list of steps": ("    task.plan('Do it', 'abc')\n", {"plan-steps-not-texts"}),
    "a step that counts from one": (
        "    task.plan('Do it', ['Ask'])\n    task.plan_step(1, 'completed', 'Ask')\n",
        {"step-index-beyond-plan"},
    ),
    "an unknown severity": (
        "    agent.report_issue('Down', 'bad', issue_id='x')\n    agent.resolve_issue('Up', issue_id='x')\n",
        {"unknown-severity"},
    ),
    "an approval without an answer": ("    task.request_approval('May I?')\n", {"approval-without-answer"}),
    "a retry after the last attempt": (
        """
    for attempt in range(1, 4):
        try:
            with agent.track_context("ask"):
                raise TimeoutError
        except TimeoutError:
            task.retry("Asking again", attempt=attempt)
""",
        {"retry-on-final-attempt"},
    ),
}


def verdict_of(folder: Path, text: str) -> Verdict:
    return judge(verify_text(folder, text).run, [folder])


@pytest.mark.parametrize(("body", "names"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_has_a_name(body: str, names: set[str], tmp_path: Path) -> None:
    verdict = verdict_of(tmp_path, TASK + body)
    lost_along = {"lost-with-another"} if "unserializable-payload" in names else set()
    assert {fault.name for fault in verdict.faults} == names | lost_along
    assert all(fault.events[0].site for fault in verdict.faults)
    assert not verdict.silent


def test_an_id_that_is_no_text_is_told(tmp_path: Path) -> None:
    verdict = verdict_of(tmp_path, AGENT + "with agent.task(7): pass\n")
    assert "task-id-not-a-text" in {fault.name for fault in verdict.faults}


SIDE_BY_SIDE = """
import asyncio

async def handle(name):
    with agent.task(name):
        with agent.track_context("ask"):
            await asyncio.sleep(0.01)

async def main():
    await asyncio.gather(*(handle(f"t-{number}") for number in range(3)))

asyncio.run(main())
"""


def test_actions_of_tasks_that_take_turns_get_mixed_up(tmp_path: Path) -> None:
    verdict = verdict_of(tmp_path, AGENT + SIDE_BY_SIDE)
    assert {fault.name for fault in verdict.faults} == {"action-changes-task"}


def test_a_decorated_function_is_a_tool_like_any_other(tmp_path: Path) -> None:
    body = "    @agent.track('ask')\n    def ask(): pass\n    ask()\n    @agent.track('tell')\n    def tell(): pass\n"
    verdict = verdict_of(tmp_path, TASK + body)
    states = {answer.item.name: (answer.state, answer.said) for answer in verdict.answers}
    assert states["tool-named"] == (State.SEEN, "ask")
    assert [(sender.method, sender.symbol) for sender in verdict.silent] == [("track", "tell")]
    assert not verdict.faults


def test_a_call_that_fails_inside_of_its_guard_is_silent(tmp_path: Path) -> None:
    body = "    try:\n        task.escalate(reason='No summary')\n    except Exception:\n        pass\n"
    verdict = verdict_of(tmp_path, TASK + body)
    assert [sender.method for sender in verdict.silent] == ["escalate"]
