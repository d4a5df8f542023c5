"""What `apply` writes where the steps of a plan become known."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiveloop_scan.fix.calls import Style
from hiveloop_scan.model import Confidence
from tests.fixing import GETTERS, applied, proposed

PUBLISH = """\
def publish(editor, article):
    steps = ["proofread", "illustrate", "translate"]
    for step in steps:
        article = editor.run(step, article)
    return article
"""
TOLD = """\
    _hl_task = get_current_task()
    if _hl_task:
        try:
            _hl_task.plan("publish", steps)
        except Exception:
            pass
"""
LIST = '    steps = ["proofread", "illustrate", "translate"]\n'


def told(source: str, folder: Path) -> str:
    return applied(source, "plan", folder, at_least=Confidence.LOW)


def lines_with(source: str, word: str, folder: Path) -> list[str]:
    return [line.strip() for line in told(source, folder).splitlines() if word in line]


def reason(source: str, folder: Path) -> str:
    proposal = proposed(source, "plan", folder, at_least=Confidence.LOW)
    assert not proposal.changed
    return proposal.outcomes[0].reason


def test_a_plan_that_is_written_out_is_told_behind_its_list(tmp_path: Path) -> None:
    assert told(PUBLISH, tmp_path).endswith(PUBLISH.replace(LIST, LIST + TOLD))


def test_one_line_tells_it_through_the_helper(tmp_path: Path) -> None:
    helpers = f"{GETTERS}\n\ndef tell_task(tell): ...\n"
    after = applied(PUBLISH, "plan", tmp_path, helpers, Style.HELPER)
    assert '    _hl_tell_task(lambda task: task.plan("publish", steps))\n' in after


def test_a_step_is_told_by_its_own_text_cut_short(tmp_path: Path) -> None:
    source = """\
def carry_out(task, crew):
    plan = [Step("read", "Read it"), Step("write", "Write it")]
    for step in plan:
        crew.run(step.description)
"""
    assert lines_with(source, ".plan(", tmp_path) == [
        "_hl_task.plan(str(task)[:200], [str(step.description)[:200] for step in plan])"
    ]


def test_steps_of_an_object_are_read_only_off_a_list(tmp_path: Path) -> None:
    source = """\
async def carry_out(self, goal):
    plan = await self.planner.create_plan(goal)
    for step in plan.steps:
        await self.crew.execute(step.description)
"""
    assert "            if isinstance(plan.steps, (list, tuple)):\n                _hl_task.plan(" in told(
        source, tmp_path
    )


def test_a_list_that_grows_is_told_when_it_is_whole(tmp_path: Path) -> None:
    source = """\
def make_plan(incident, collectors):
    steps = ["Read the alert"]
    for collector in collectors:
        steps.append(collector.task)
    steps.append("Write the report")
    return steps
"""
    after = told(source, tmp_path)
    assert after.index("_hl_task.plan(") > after.index('steps.append("Write the report")')
    assert "[str(step)[:200] for step in steps]" in after


def test_a_list_that_grows_while_it_is_worked_off_is_left_alone(tmp_path: Path) -> None:
    source = PUBLISH.replace("article = editor.run(step, article)", "steps.append(editor.run(step, article))")
    assert reason(source, tmp_path) == "steps are added to the plan while it is worked off"


def test_a_plan_made_anew_needs_a_number(tmp_path: Path) -> None:
    source = """\
def replan(self, goal, failed):
    plan = self.planner.replan(goal, failed)
    for step in plan.steps:
        self.crew.execute(step.description)
"""
    assert reason(source, tmp_path) == "a plan that takes the place of another needs a number of its own"


def test_a_plan_made_anew_has_the_number_that_the_code_counts(tmp_path: Path) -> None:
    source = """\
def replan(self, goal, failed):
    self.revision += 1
    plan = self.planner.replan(goal, failed)
    for step in plan.steps:
        self.crew.execute(step.description)
"""
    assert lines_with(source, "revision=", tmp_path) == ["revision=int(self.revision),"]


WAYS = {
    "line ends": PUBLISH.replace("\n", "\r\n"),
    "tabs": PUBLISH.replace("    ", "\t"),
    "a list over several lines": PUBLISH.replace(
        LIST, '    steps = [\n        "proofread",  # first\n        "translate",\n    ]\n'
    ),
    "a branch": PUBLISH.replace(LIST, f"    if article:\n    {LIST}    else:\n        return None\n"),
    "comments": PUBLISH.replace(LIST, f"    # what to do\n{LIST}    # all of it\n"),
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_all_other_lines_stay_as_they_are(source: str, tmp_path: Path) -> None:
    before, after = source.splitlines(), told(source, tmp_path).splitlines()
    assert [line for line in after if line in before and line] == before
    assert len(after) == len(before) + 9


def test_a_list_that_shares_its_line_is_left_alone(tmp_path: Path) -> None:
    source = PUBLISH.replace(LIST, LIST.rstrip() + "; print(steps)\n")
    assert reason(source, tmp_path) == "the statement shares its last line with other code"


RETURNED = """\
class Planner:
    def make_plan(self, goal: str) -> list[str]:
        reply = self.model.ask(f"Write a step-by-step plan for {goal}, one step a line.")
        return [line.strip() for line in reply.splitlines() if line.strip()]
"""
MADE = "[line.strip() for line in reply.splitlines() if line.strip()]"


def test_a_plan_that_is_returned_as_it_is_made_gets_a_name_and_is_made_once(tmp_path: Path) -> None:
    after = told(RETURNED, tmp_path)
    assert after.partition("return")[0].endswith(
        f"""\
        _hl_steps = {MADE}
        _hl_task = get_current_task()
        if _hl_task:
            try:
                _hl_task.plan(str(goal)[:200], [str(step)[:200] for step in _hl_steps])
            except Exception:
                pass
        """
    )
    assert after.endswith("        return _hl_steps\n")


def test_what_a_helper_gives_back_as_a_plan_is_told_if_it_is_a_list(tmp_path: Path) -> None:
    after = told(RETURNED.replace(MADE, "parse_steps(reply)"), tmp_path)
    assert "_hl_steps = parse_steps(reply)" in after
    assert "if isinstance(_hl_steps, (list, tuple)):" in after


def test_a_returned_plan_of_which_nobody_says_that_it_is_texts_is_refused(tmp_path: Path) -> None:
    made = "parse_steps(reply)"
    assert reason(RETURNED.replace(MADE, made).replace(" -> list[str]", ""), tmp_path) == (
        "the plan is returned as it is made"
    )
