"""What a hand-over captures for the call that will be written: who takes over, why, and what decided."""

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
from tests.textbook import scanned

CASES = {
    "the name of a call says who takes over, the test what decided": (
        """
        def answer(result, desk):
            if result.score < 0.5:
                desk.notify_oncall("The score is too low", result)
        """,
        {
            "operation": "desk.notify_oncall",
            "assigned_to": "oncall",
            "assigned_to_is_code": False,
            "summary": '"The score is too low"',
            "condition": "result.score < 0.5",
            "reason": None,
            "exception": None,
            "insert_line": 4,
        },
    ),
    "arguments say who takes over, and why": (
        """
        def book(invoice, ledger, desk):
            try:
                ledger.post(invoice)
            except PermissionError as error:
                desk.queue_for_manual_review(invoice, assignee="finance", reason=str(error))
        """,
        {"assigned_to": "finance", "reason": "str(error)", "exception": "error", "condition": None, "insert_line": 6},
    ),
    "a message about a failure has its text, and the error that led to it": (
        """
        def work_off(order, crew, notifier):
            try:
                crew.run(order)
            except RuntimeError as error:
                notifier.send_failure(f"Order {order.number} failed")
        """,
        {
            "operation": "notifier.send_failure",
            "summary": 'f"Order {order.number} failed"',
            "assigned_to": None,
            "exception": "error",
            "insert_line": 6,
        },
    ),
    "a flag that a score sets has no condition around it": (
        """
        def grade(document, reader):
            document.needs_review = reader.confidence < 0.8
            return document
        """,
        {"operation": "document.needs_review", "condition": None, "insert_line": 3},
    ),
    "what a name held decides": (
        """
        def advance(state):
            worn_out = state["rounds"] > 4
            if worn_out:
                state["next_agent"] = "human"
            return state
        """,
        {"condition": "worn_out", "insert_line": 5},
    ),
    "an assignee that is no literal is an expression": (
        """
        def sweep(case, limit, team):
            if case.age > limit:
                case.assignee = team.incident_commander
        """,
        {"assigned_to": "team.incident_commander", "assigned_to_is_code": True, "condition": "case.age > limit"},
    ),
    "the other statements of the event say what the first does not": (
        """
        def give_up(case, tries):
            if tries > 3:
                case.status = "escalated"
                case.owner = "dispatcher"
                case.reason = "three failed visits"
        """,
        {"operation": "case.status", "assigned_to": "dispatcher", "reason": '"three failed visits"', "insert_line": 4},
    ),
    "names that may hold what a user wrote are no summary": (
        """
        def fall_back(jira, question, hits):
            if not hits:
                jira.create_issue(summary=question, assignee="hr-frontdesk")
        """,
        {"summary": None, "assigned_to": "hr-frontdesk"},
    ),
    "the other branch of a choice has no condition of its own": (
        """
        def close(incident, proven):
            incident.state = "resolved" if proven else "escalated"
        """,
        {"operation": "incident.state", "condition": None, "assigned_to": None, "assigned_to_is_code": None},
    ),
    "a verdict carries its reason": (
        """
        def judge(draft):
            if draft.sentiment <= -0.7:
                return Outcome(escalate=True, reason="angry customer", assignee="retention")
            return Outcome()
        """,
        {"reason": '"angry customer"', "assigned_to": "retention", "condition": "draft.sentiment <= -0.7"},
    ),
    "a label alone says only what decided": (
        """
        def route(state):
            if state["confidence"] < 0.6:
                return "escalate"
            return "answer"
        """,
        {"operation": '"escalate"', "condition": 'state["confidence"] < 0.6', "reason": None, "summary": None},
    ),
    "the agent that takes over is an expression": (
        """
        def handle_handoff(self, handoff):
            target = self.agents[handoff.target]
            self.active_agent = target
        """,
        {"operation": "self.active_agent", "assigned_to": "target", "assigned_to_is_code": True, "insert_line": 4},
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_hand_over_captures(source: str, expected: dict[str, object]) -> None:
    (finding,) = (found for found in scanned(dedent(source)).findings if found.method == "escalate")
    assert {name: finding.captures[name] for name in expected} == expected


DESK = """\
def hand_off_to_human(case, reason):
    case.status = "escalated"
    case.reason = reason
"""
CALLER = """\
from desk import hand_off_to_human


def work(case, score):
    if score < 0.4:
        hand_off_to_human(case, "low score")
"""


def escalations(folder: Path, **sources: str) -> list[Finding]:
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    report = scan(discover([folder]), Plan(tuple(load_rules()), Config(folder)))
    return [finding for finding in report.findings if finding.method == "escalate"]


def test_a_call_of_a_function_that_hands_over_in_another_file_is_not_reported_again(tmp_path: Path) -> None:
    (finding,) = escalations(tmp_path, desk=DESK, agent=CALLER)
    assert (Path(finding.path).name, finding.span.line) == ("desk.py", 2)


def test_a_call_of_a_function_that_nobody_knows_is_reported(tmp_path: Path) -> None:
    (finding,) = escalations(tmp_path, agent=CALLER)
    assert (Path(finding.path).name, finding.span.line) == ("agent.py", 6)


def test_a_function_of_the_user_counts_once_it_is_named(tmp_path: Path) -> None:
    source = "def work(case, score):\n    if score < 0.4:\n        kick_upstairs(case)\n"
    assert escalations(tmp_path, agent=source) == []
    rules = load_rules(vocabulary={"unreported-escalation": {"escalation_calls": ["kick_upstairs"]}})
    (finding,) = scan(discover([tmp_path]), Plan(tuple(rules), Config(tmp_path))).findings
    assert finding.rule == "unreported-escalation"
