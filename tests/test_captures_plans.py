"""What a finding captures for calls that tell of plans and steps: goal, texts, position, action, places."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import Finding
from hiveloop_scan.scan import Plan

METHODS = ("plan", "plan_step")
CASES = {
    "a loop that counts from zero knows the position and the text of the step": (
        "unreported-plan-loop",
        """
        def execute_plan(plan, data):
            for i, step in enumerate(plan.steps):
                logger.info(step.description)
                try:
                    data = step.execute(data)
                except StepError as error:
                    raise
            return data
        """,
        {
            "plan": "plan.steps",
            "step": "step",
            "step_text": "step.description",
            "index": "i",
            "index_base": 0,
            "action": None,
            "started_line": 6,
            "completed_line": 6,
            "failed_line": 7,
            "exception": "error",
        },
    ),
    "a loop that counts from one says so": (
        "unreported-plan-loop",
        """
        def execute_plan(plan, data):
            for number, step in enumerate(plan.steps, start=1):
                data = step.execute(data)
        """,
        {"index": "number", "index_base": 1, "step_text": None, "failed_line": None},
    ),
    "a loop without a counter invents none": (
        "unreported-plan-loop",
        """
        def execute_plan(steps: list[str], plan, agent):
            for step in steps:
                agent.run(step)
        """,
        {"index": None, "index_base": None, "step": "step", "step_text": "step"},
    ),
    "a start that is worked out is not guessed": (
        "unreported-plan-loop",
        """
        def resume_plan(plan, first, agent):
            for number, step in enumerate(plan.steps, first):
                agent.run(step)
        """,
        {"index": "number", "index_base": None},
    ),
    "a step by its position is text of its own": (
        "unreported-plan-loop",
        """
        def run_plan(plan, agent):
            for i in range(len(plan.steps)):
                agent.run(plan.steps[i])
        """,
        {"plan": "plan.steps", "step": "plan.steps[i]", "index": "i", "index_base": 0},
    ),
    "a mark knows the action of the SDK": (
        "unreported-step-mark",
        """
        class Plan:
            def mark_blocked(self, index):
                step = self.steps[index]
                step.status = StepStatus.BLOCKED
        """,
        {"step": "step", "action": "failed", "insert_after_line": 5},
    ),
    "a mark with a status that is given has no action": (
        "unreported-step-mark",
        """
        class Plan:
            def update_step(self, index, status):
                step = self.steps[index]
                step.status = status
        """,
        {"step": "step", "action": None, "insert_after_line": 5},
    ),
    "a step taken by a position names it": (
        "unreported-plan-position",
        """
        def run_current(self):
            step = self.plan.steps[self.position]
            self.executor.execute(step)
        """,
        {"plan": "self.plan.steps", "step": "step", "index": "self.position", "started_line": 4},
    ),
    "a list of texts is its own list of steps": (
        "unreported-listed-plan",
        """
        def publish(self, goal: str):
            steps = ["proofread", "translate"]
            for step in steps:
                self.editor.run(step)
        """,
        {"plan": "steps", "goal": "goal", "steps": "steps", "insert_after_line": 3},
    ),
    "a plan that is taken over is what it is put into": (
        "unreported-kept-plan",
        """
        class Runner:
            def work(self, thought, goal: str):
                self.plan = thought.plan
                self.cursor = 0
                while self.cursor < len(self.plan):
                    step = self.plan[self.cursor]
                    self.execute_step(step)
                    self.cursor += 1
        """,
        {"plan": "self.plan", "goal": "goal", "operation": None, "insert_after_line": 4},
    ),
    "a call that tells of a step names the step and the action": (
        "unreported-told-step",
        """
        @tool
        def finish_item(item: str) -> str:
            done = board.complete_plan_item(item)
            return "done" if done else "no such item"
        """,
        {"operation": "board.complete_plan_item", "step": "item", "action": "completed", "insert_after_line": 4},
    ),
    "a step that is told itself is the step": (
        "unreported-told-step",
        """
        def on_failure(plan, number, error):
            step = plan.find(number)
            step.mark_failed()
        """,
        {"step": "step", "action": "failed"},
    ),
    "rounds that end with a plan have no step of their own": (
        "unreported-plan-loop",
        """
        def work(self):
            while not self.plan.is_complete:
                self.phase.execute_iteration()
        """,
        {"plan": "self.plan.is_complete", "step": None, "step_text": None, "index": None, "started_line": 4},
    ),
    "a list of functions has no texts": (
        "unreported-listed-plan",
        """
        def publish(self, article):
            steps = [self.proofread, self.translate]
            for step in steps:
                article = step(article)
        """,
        {"plan": "steps", "goal": None, "steps": None},
    ),
    "steps of a class with a text are listed by it": (
        "unreported-plan",
        """
        class PlanStep:
            title: str

        async def create_plan(llm, objective: str):
            reply = await llm.complete(objective)
            steps = [PlanStep(item) for item in json.loads(reply)]
            return steps
        """,
        {
            "plan": "steps",
            "goal": "objective",
            "steps": "[step.title for step in steps]",
            "is_replan": False,
            "revision": None,
            "insert_after_line": 7,
        },
    ),
    "a plan that is made anew is a revision": (
        "unreported-plan",
        """
        async def recover(self, goal: str, error):
            self.replan_count += 1
            self.plan = await self.planner.replan(goal, error)
        """,
        {"plan": "self.plan", "goal": "goal", "is_replan": True, "revision": "self.replan_count", "steps": None},
    ),
    "a plan that is returned as it is made has no place after it": (
        "unreported-plan",
        """
        async def create_plan(llm, request):
            reply = await llm.complete(request)
            return Plan(steps=json.loads(reply))
        """,
        {"insert_after_line": None, "goal": "request"},
    ),
}


def found_in(folder: Path) -> list[Finding]:
    """Scan a folder, and return what it finds about plans."""
    rules = tuple(rule for rule in load_rules() if rule.method in METHODS)
    return list(scan(discover([folder]), Plan(rules, Config(folder))).findings)


@pytest.mark.parametrize(("rule", "source", "expected"), CASES.values(), ids=CASES)
def test_captures(rule: str, source: str, expected: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(dedent(source), "utf-8")
    (finding,) = [finding for finding in found_in(tmp_path) if finding.rule == rule]
    assert {name: finding.captures[name] for name in expected} == expected


PLANNER = """
class Planner:
    async def create_plan(self, goal):
        reply = await self.llm.complete(goal)
        steps = json.loads(reply)["steps"]
        return steps
"""

CALLER = """
from agent.planning import Planner


async def handle(goal):
    planner = Planner()
    plan = await planner.create_plan(goal)
    return await execute(plan)
"""


def test_a_plan_is_told_where_it_is_made_and_not_again_by_who_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "planning.py").write_text(PLANNER, "utf-8")
    (tmp_path / "agent" / "work.py").write_text(CALLER, "utf-8")
    assert [(Path(found.path).name, found.rule) for found in found_in(tmp_path)] == [("planning.py", "unreported-plan")]


def test_a_plan_of_a_planner_that_is_elsewhere_is_told_by_who_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(CALLER, "utf-8")
    assert [(Path(found.path).name, found.rule) for found in found_in(tmp_path)] == [("work.py", "unreported-plan")]


def test_a_loop_stands_for_the_marks_in_the_function_that_it_calls(tmp_path: Path) -> None:
    source = """
    class Runner:
        def run_plan(self, plan):
            for step in plan.steps:
                self._execute_step(step)

        def _execute_step(self, step):
            step.status = "running"
            self.agent.run(step)
            step.status = "completed"
    """
    (tmp_path / "agent.py").write_text(dedent(source), "utf-8")
    assert [found.rule for found in found_in(tmp_path)] == ["unreported-plan-loop"]
