"""What a finding captures of chains, schedules, plans that are read, and ways back: places, positions, counters."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.scan import Plan

CASES = {
    "a chain with a counter knows the position of its agent": (
        "unreported-agent-chain",
        """
        async def publish(self, text):
            for number, agent in enumerate(self.agents, start=1):
                text = await agent.respond(text)
            return text
        """,
        {"plan": "self.agents", "step": "agent", "index": "number", "index_base": 1, "started_line": 3},
    ),
    "a chain without a counter is given none": (
        "unreported-agent-chain",
        """
        def publish(self, text):
            for agent in self.agents:
                text = agent.run(text)
            return text
        """,
        {"index": None, "index_base": None, "started_line": 3, "completed_line": 3},
    ),
    "a schedule knows its steps and where one runs, and no position": (
        "unreported-scheduled-step",
        """
        def run(self, pending, done):
            while pending:
                for task in pending:
                    if all(name in done for name in task.depends_on):
                        self.execute_task(task)
                        done.add(task.name)
        """,
        {"operation": "self.execute_task", "plan": "pending", "index": None, "started_line": 5},
    ),
    "a plan that is built in one statement is known after it": (
        "unreported-loaded-plan",
        """
        def load_workflow(raw):
            steps = [Step(entry["text"]) for entry in raw["steps"]]
            return steps
        """,
        {"plan": "steps", "insert_after_line": 2},
    ),
    "a plan that is put together is known after that": (
        "unreported-loaded-plan",
        """
        def load_workflow(raw):
            steps = []
            for entry in raw["steps"]:
                steps.append(Step(entry["text"], depends_on=entry["after"]))
            workflow = Workflow(raw["name"], steps)
            return workflow
        """,
        {"plan": "steps", "insert_after_line": 5},
    ),
    "a way back knows its counter and where it leads": (
        "unreported-retry-route",
        """
        def route(state):
            if state["error"] and state["attempts"] < 3:
                return "generate"
            return "deliver"
        """,
        {"operation": "generate", "attempt": 'state["attempts"]', "backoff_seconds": None, "insert_line": 3},
    ),
    "a plainer request is the second attempt": (
        "unreported-plainer-request",
        """
        def ask(self, messages, form):
            try:
                return self.client.chat.completions.create(messages=messages, response_format=form)
            except BadRequestError as error:
                return self.plain_text(messages)
        """,
        {"operation": "self.plain_text", "attempt": "1", "exception": "error", "insert_line": 5},
    ),
    "a parser that asks again belongs to its library": (
        "unreported-retry-library",
        """
        from langchain.output_parsers import OutputFixingParser

        def reader(llm, plain):
            return OutputFixingParser.from_llm(llm=llm, parser=plain)
        """,
        {"library": "langchain", "operation": None, "attempt": None},
    ),
}


@pytest.mark.parametrize(("rule", "source", "captures"), CASES.values(), ids=CASES.keys())
def test_a_finding_captures(rule: str, source: str, captures: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(dedent(source).lstrip(), encoding="utf-8")
    rules = tuple(each for each in load_rules() if each.method in ("plan", "plan_step", "retry"))
    found = scan(discover([tmp_path]), Plan(rules, Config(tmp_path))).findings
    assert [finding.rule for finding in found] == [rule]
    assert {name: found[0].captures[name] for name in captures} == captures


ASKS = """
def suggest_angles(llm, topic):
    text = llm.generate(topic)
    return [line for line in text.splitlines() if line]
"""
ASKS_NOBODY = """
def suggest_angles(llm, topic):
    return topic.split()
"""
WORKS_OFF = """
from ideas import suggest_angles

def work(llm, topic):
    angles = suggest_angles(llm, topic)
    for angle in angles:
        search(angle)
"""


@pytest.mark.parametrize(
    ("helper", "found"),
    [(ASKS, [("unreported-plan", 5), ("unreported-plan-loop", 6)]), (ASKS_NOBODY, [])],
    ids=["asks a model", "asks nobody"],
)
def test_a_helper_of_another_file_makes_a_plan_if_it_asks_a_model(
    helper: str, found: list[tuple[str, int]], tmp_path: Path
) -> None:
    (tmp_path / "ideas.py").write_text(helper, encoding="utf-8")
    (tmp_path / "study.py").write_text(WORKS_OFF, encoding="utf-8")
    rules = tuple(each for each in load_rules() if each.method in ("plan", "plan_step"))
    report = scan(discover([tmp_path]), Plan(rules, Config(tmp_path)))
    assert [(finding.rule, finding.span.line) for finding in report.findings] == found
