"""What `apply` writes around the steps of a plan: every way out is told, and none is changed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hiveloop_scan.fix.starting import new_module
from tests.fixing import GETTERS, applied, proposed

HELPERS = new_module(Path("agent"), "observability").text
PLAN = "import time\n\n\ndef tell(task, plan):\n    task.plan('all', plan)\n\n\n"
LOOP = f"""\
{PLAN}def carry_out(plan, crew):
    for step in plan:
        result = crew.execute(step)
        print(result)
"""
RUN = "        result = crew.execute(step)\n"


def told(source: str, folder: Path) -> str:
    return applied(source, "plan_step", folder)


def tracked(source: str, folder: Path) -> str:
    """Return `source` as `apply` leaves it in a project that has the helper."""
    return applied(source, "plan_step", folder, HELPERS)


def reason(source: str, folder: Path, getters: str = GETTERS) -> str:
    proposal = proposed(source, "plan_step", folder, getters)
    assert not proposal.changed
    return next(outcome.reason for outcome in proposal.outcomes if outcome.finding.rule.startswith("unreported"))


def test_the_loop_counts_and_both_ends_are_told(tmp_path: Path) -> None:
    assert (
        told(LOOP, tmp_path).partition("def carry_out")[2]
        == """\
(plan, crew):
    for _hl_index, step in enumerate(plan):
        _hl_task = get_current_task()
        if _hl_task:
            try:
                _hl_task.plan_step(_hl_index, "started", "crew.execute")
            except Exception:
                pass
        try:
            result = crew.execute(step)
        except BaseException:
            if _hl_task:
                try:
                    _hl_task.plan_step(_hl_index, "failed", "crew.execute")
                except Exception:
                    pass
            raise
        else:
            if _hl_task:
                try:
                    _hl_task.plan_step(_hl_index, "completed", "crew.execute")
                except Exception:
                    pass
        print(result)
"""
    )


def test_the_helper_of_the_project_takes_one_line(tmp_path: Path) -> None:
    source = LOOP.removeprefix(PLAN).replace("(step)", "(step.title)")
    assert (
        tracked(source, tmp_path).partition("def carry_out")[2]
        == """\
(plan, crew):
    for _hl_index, step in enumerate(plan):
        with _hl_track_step(_hl_index, lambda: str(step.title)[:200]):
            result = crew.execute(step.title)
        print(result)
"""
    )


HEADS = {
    "for i, step in enumerate(plan):": "(i, ",
    "for number, step in enumerate(plan, start=1):": "(number - 1, ",
    "for number, step in enumerate(plan, 1):": "(number - 1, ",
}


@pytest.mark.parametrize(("head", "position"), HEADS.items(), ids=HEADS)
def test_a_counter_that_is_there_is_used_and_counts_from_nought(head: str, position: str, tmp_path: Path) -> None:
    after = tracked(LOOP.replace("for step in plan:", head), tmp_path)
    assert f"    {head}\n" in after
    assert f"_hl_track_step{position}" in after


def test_names_of_a_pair_are_put_in_parentheses(tmp_path: Path) -> None:
    after = tracked(LOOP.replace("for step in plan:", "for step, worker in zip(plan, crew.workers):"), tmp_path)
    assert "    for _hl_index, (step, worker) in enumerate(zip(plan, crew.workers)):\n" in after


def test_a_result_that_says_that_it_failed_is_believed(tmp_path: Path) -> None:
    source = LOOP.replace("        print(result)\n", "        if not result.success:\n            break\n")
    assert '"failed" if not result.success else "completed"' in told(source, tmp_path)


def test_a_step_that_is_skipped_is_told_as_skipped(tmp_path: Path) -> None:
    skip = '        if not step.wanted:\n            print("skipped", step)\n            continue\n'
    after = told(LOOP.replace(RUN, skip + RUN), tmp_path)
    assert after.index('_hl_task.plan_step(_hl_index, "skipped"') < after.index("            continue\n")
    assert after.index("            continue\n") < after.index('_hl_task.plan_step(_hl_index, "started"')


UNCLEAR = {
    "the loop may not go over all steps in the order of the plan": LOOP.replace("in plan:", "in plan[1:]:"),
    "whether the step has succeeded is decided further down": LOOP
    + "        if result.kind == 3:\n            break\n",
    "a failure of the step is caught inside of its statement": LOOP.replace(
        RUN,
        "        if step.kind:\n            try:\n                crew.execute(step)\n            except OSError:\n"
        "                pass\n        else:\n            crew.retire(step)\n",
    ),
    "only some of the branches carry the step out": LOOP.replace(
        RUN,
        "        if step.kind:\n            result = crew.execute(step)\n        else:\n            result = None\n",
    ),
    "several statements begin on its line": LOOP.replace(RUN, RUN.rstrip() + "; print(1)\n"),
    "the plan of the step is not told in this file": LOOP.removeprefix(PLAN),
}


@pytest.mark.parametrize(("why", "source"), UNCLEAR.items(), ids=UNCLEAR)
def test_what_is_not_clear_is_refused(why: str, source: str, tmp_path: Path) -> None:
    assert reason(source, tmp_path) == why


def test_a_step_whose_values_are_yielded_is_refused(tmp_path: Path) -> None:
    source = LOOP.replace(RUN, "        for result in crew.execute(step):\n            yield result\n")
    assert reason(source, tmp_path).startswith("the statement that carries the step out yields")


WAYS = {
    "line ends": ("\n", "\r\n"),
    "tabs": ("    ", "\t"),
    "a guard": (RUN, "        try:\n    " + RUN + "        except OSError:\n            continue\n"),
    "a lock": (RUN, "        with crew.lock:\n    " + RUN),
    "an else": ("print(result)\n", "print(result)\n    else:\n        crew.rest()\n"),
    "a text over several lines": ("(step)", '(step, """\n  - one\n""")'),
    "several lines": ("(step)", "(\n            step,  # the next\n        )"),
    "a condition": (RUN, "        if step.enabled:\n    " + RUN),
}


@pytest.mark.parametrize("change", WAYS.values(), ids=WAYS)
def test_the_lines_of_the_user_stay_as_they_are(change: tuple[str, str], tmp_path: Path) -> None:
    source = LOOP.replace(*change)
    assert users_lines(tracked(source, tmp_path)) == users_lines(source)


def users_lines(source: str) -> list[str]:
    """Return the lines that hold code of the user's, and are not the head of the loop."""
    lines = [line.strip() for line in source.splitlines()]
    return [line for line in lines if line and "_hl_" not in line and not line.startswith("for step in plan:")]


def test_a_mark_is_told_by_what_picks_the_step(tmp_path: Path) -> None:
    source = f"""\
{PLAN}class Plan:
    def mark_step_done(self, position):
        self.steps[position].status = StepStatus.COMPLETED
"""
    after = told(source, tmp_path)
    assert '_hl_task.plan_step(int(position), "completed", "mark step done")' in after


class StepError(Exception):
    """What a step of the tests raises."""


class Task:
    """A stand-in for the SDK's task that keeps what it is told, or raises."""

    def __init__(self, is_broken: bool = False) -> None:
        self.is_broken = is_broken
        self.told: list[tuple[int, str]] = []

    def plan_step(self, index: int, action: str, summary: str) -> None:
        if self.is_broken:
            raise RuntimeError
        self.told.append((index, action))


class Crew:
    def __init__(self, fails_at: str = "") -> None:
        self.fails_at = fails_at
        self.done: list[str] = []

    def execute(self, step: str) -> str:
        self.done.append(step)
        if step == self.fails_at:
            raise StepError
        return step


def carry_out(source: str, task: Task | None, crew: Crew, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Execute `source` with its calls, in a project whose getter gives `task`."""
    module = ModuleType("observability")
    module.get_current_task = lambda: task  # type: ignore[attr-defined]
    patch.setitem(sys.modules, "observability", module)
    names: dict[str, Any] = {}
    exec(told(source, folder), names)
    names["carry_out"](["a", "b", "c"], crew)


def test_every_step_is_told_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    carry_out(LOOP, task, Crew(), tmp_path, monkeypatch)
    assert task.told == [(index, action) for index in range(3) for action in ("started", "completed")]


def test_a_failure_is_told_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    with pytest.raises(StepError):
        carry_out(LOOP, task, Crew("b"), tmp_path, monkeypatch)
    assert task.told[2:] == [(1, "started"), (1, "failed")]


@pytest.mark.parametrize("task", [None, Task(is_broken=True)], ids=["no task", "a task that raises"])
def test_steps_run_as_before_whatever_the_sdk_does(
    task: Task | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew()
    carry_out(LOOP, task, crew, tmp_path, monkeypatch)
    assert crew.done == ["a", "b", "c"]
