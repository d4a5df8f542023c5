"""What a wait for a person captures for the pair of calls: the question, the answer, what means yes, the places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import Finding
from hiveloop_scan.scan import Plan

RULES = [rule for rule in load_rules() if rule.method == "request_approval"]

CASES = {
    "work that is held back is told of before the answer": (
        """
        def restart(shell, service, apply_now):
            if not apply_now:
                return {"blocked": True, "requires_approval": True, "service": service}
            return shell.run(service)
        """,
        {"parked": True, "decision": None, "approved_if": None, "insert_line": 4, "after_line": None},
    ),
    "an action among those that wait is the record": (
        """
        PENDING_ACTIONS = {}

        def plan_refund(order, chat):
            PENDING_ACTIONS[order.number] = order
            chat.reply(f"Approve the refund of {order.total}?")
        """,
        {"parked": True, "record": "order", "insert_line": 5},
    ),
    "the answer of a socket is the decision": (
        """
        async def allowed(socket, tool):
            await socket.send_json({"type": "confirm", "tool": tool.name})
            answer = await socket.receive_json()
            return answer["approved"]
        """,
        {"operation": "socket.receive_json", "decision": "answer", "insert_line": 4, "after_line": 5},
    ),
    "a bare confirm has the answer in the test": (
        """
        def clean(folder, confirm):
            if not confirm(f"Delete {folder.name}?"):
                return "kept"
            folder.delete()
        """,
        {"operation": "confirm", "decision": None, "insert_line": 3, "after_line": None},
    ),
    "a question in a condition of its own": (
        """
        def run(shell, command):
            answer = input(f"Run {command}? [y/N] ").strip().lower()
            if answer != "y":
                return None
            return shell.run(command)
        """,
        {
            "operation": "input",
            "wait": 'input(f"Run {command}? [y/N] ").strip().lower()',
            "summary": 'f"Run {command}? [y/N] "',
            "summary_is_literal": False,
            "decision": "answer",
            "approved_if": 'answer == "y"',
            "timeout": None,
            "insert_line": 3,
            "after_line": 4,
        },
    ),
    "a question inside the condition has no line after it": (
        """
        from rich.prompt import Confirm

        def send(mailbox, draft):
            if not Confirm.ask("Send it?"):
                return
            mailbox.send(draft)
        """,
        {
            "operation": "Confirm.ask",
            "summary": '"Send it?"',
            "summary_is_literal": True,
            "decision": None,
            "approved_if": None,
            "insert_line": 5,
            "after_line": None,
        },
    ),
    "what only yes or no answers is a yes by itself": (
        """
        import click

        def drop(store):
            go = click.confirm("Drop the table?")
            if not go:
                return
            store.drop()
        """,
        {"decision": "go", "approved_if": "go", "insert_line": 5, "after_line": 6},
    ),
    "a test for a no is turned round": (
        """
        def publish(page):
            reply = input("Publish? (yes/no) ")
            if reply == "no":
                return
            page.publish()
        """,
        {"decision": "reply", "approved_if": 'reply != "no"'},
    ),
    "two tests for different answers tell no yes": (
        """
        def gate(call, allowed):
            answer = input("Allow it? [y/n/always] ")
            if answer == "always":
                allowed.add(call.name)
            return answer in ("y", "always")
        """,
        {"decision": "answer", "approved_if": None},
    ),
    "half of a condition tells no yes": (
        """
        async def cancel(ctx, booking):
            answer = await ctx.elicit(message="Cancel it?", schema=Confirmation)
            if answer.action != "accept" or not answer.data.sure:
                return "kept"
            return booking.cancel()
        """,
        {"operation": "elicit", "summary": '"Cancel it?"', "decision": "answer", "approved_if": None},
    ),
    "what a thread asks is the question": (
        """
        import asyncio

        async def allow(call):
            reply = await asyncio.to_thread(input, "Allow it? (yes/no) ")
            return reply == "yes"
        """,
        {"operation": "input", "summary": '"Allow it? (yes/no) "', "approved_if": 'reply == "yes"', "insert_line": 5},
    ),
    "a wait for an event takes its time from the wrapper": (
        """
        async def ask_desk(desk, order):
            pending = desk.open_approval(order)
            await asyncio.wait_for(pending.decided.wait(), 300)
            return pending.approved
        """,
        {
            "operation": "pending.decided.wait",
            "wait": "await asyncio.wait_for(pending.decided.wait(), 300)",
            "timeout": "300",
            "decision": None,
            "approved_if": None,
            "insert_line": 4,
        },
    ),
    "that an event came is no yes": (
        """
        def request_permission(record):
            came = record.event.wait(timeout=60)
            if not came:
                return False
            return record.allowed
        """,
        {"decision": "came", "approved_if": None, "timeout": "60", "after_line": 4},
    ),
    "a poll is known by what it asks": (
        """
        def wait_for_approval(store, request_id):
            while True:
                row = store.load(request_id)
                if row.approved is not None:
                    return row.approved
                time.sleep(5)
        """,
        {"operation": "store.load", "wait": None, "insert_line": 3, "after_line": None},
    ),
    "a callback names its approver": (
        """
        async def apply(self, change):
            approved = await self.approval_callback(change, approver="release-manager")
            if not approved:
                return
            await change.apply()
        """,
        {
            "operation": "self.approval_callback",
            "approver": '"release-manager"',
            "decision": "approved",
            "approved_if": "approved",
        },
    ),
    "an argument waits elsewhere": (
        """
        from crewai import Task

        def writing(agent):
            return Task(description="Write it", agent=agent, human_input=True)
        """,
        {"operation": "human_input", "waits_here": False, "insert_line": None, "after_line": None, "decision": None},
    ),
    "an interrupt returns the answer": (
        """
        from langgraph.types import interrupt

        def gate(state):
            verdict = interrupt("May it be deployed?")
            return {"approved": verdict == "yes"}
        """,
        {
            "operation": "interrupt",
            "waits_here": True,
            "summary": '"May it be deployed?"',
            "decision": "verdict",
            "approved_if": 'verdict == "yes"',
            "insert_line": 5,
            "after_line": 6,
        },
    ),
    "a comment inside the call is not glued to the code": (
        """
        from langgraph.types import interrupt

        def gate(state):
            verdict = interrupt(  # somebody of the desk
                "May it be deployed?"
            )
            return {"approved": verdict == "yes"}
        """,
        {"wait": None, "decision": "verdict", "after_line": 8},
    ),
    "what is parked is named": (
        """
        def call_tool(session, tool):
            request = ApprovalRequest(tool=tool.name)
            session.add(request)
            session.commit()
        """,
        {"parked": True, "record": "request", "insert_line": 4},
    ),
}


def findings_in(folder: Path, vocabulary: dict[str, dict[str, list[str]]] | None = None, **files: str) -> list[Finding]:
    """Scan modules, given by name and source, with the rules for approvals."""
    for name, source in files.items():
        (folder / f"{name}.py").write_text(dedent(source), "utf-8")
    chosen = {rule.name for rule in RULES}
    rules = tuple(rule for rule in load_rules(vocabulary=vocabulary) if rule.name in chosen)
    config = Config(folder)
    report = scan(discover([folder]), Plan(rules, config, config.min_confidence))
    assert not report.errors
    return [replace(finding, path=Path(finding.path).name) for finding in report.findings]


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_wait_captures(source: str, expected: dict[str, object], tmp_path: Path) -> None:
    (finding,) = findings_in(tmp_path, agent=source)
    assert {name: finding.captures[name] for name in expected} == expected


GATE = """
    class Gate:
        def request_approval(self, action):
            return input(f"Allow {action}? [y/n] ") == "y"
"""
CALLER = """
    from gate import Gate

    def run(action):
        gate = Gate()
        allowed = gate.request_approval(action)
        if allowed:
            action.run()
"""


def test_the_wait_is_reported_where_it_stands_and_not_where_it_is_called(tmp_path: Path) -> None:
    (finding,) = findings_in(tmp_path, gate=GATE, caller=CALLER)
    assert (finding.path, finding.rule) == ("gate.py", "unreported-console-approval")


def test_a_call_is_reported_where_nothing_is_known_of_what_it_runs(tmp_path: Path) -> None:
    (finding,) = findings_in(tmp_path, caller=CALLER)
    assert (finding.path, finding.rule) == ("caller.py", "unreported-approval-callback")


STORE = """
    def create_approval(database, action):
        database.execute("INSERT INTO approvals (action) VALUES (?)", (action.name,))
"""
PARKER = """
    from store import create_approval

    def pause(database, action):
        create_approval(database, action)
        return "waiting for a human"
"""


def test_a_request_is_parked_where_it_is_stored_and_not_where_that_is_called(tmp_path: Path) -> None:
    (finding,) = findings_in(tmp_path, store=STORE, parker=PARKER)
    assert finding.path == "store.py"


def test_where_a_file_waits_the_store_is_no_second_event(tmp_path: Path) -> None:
    source = """
        def ask(database, action):
            database.execute("INSERT INTO approvals (action) VALUES (?)", (action.name,))

        def wait_for_approval(database, action):
            while True:
                row = database.load_approval(action.name)
                if row.approved is not None:
                    return row.approved
                time.sleep(5)
    """
    (finding,) = findings_in(tmp_path, agent=source)
    assert finding.rule == "unreported-approval-wait"


def test_a_poll_and_the_wait_in_it_are_one_event(tmp_path: Path) -> None:
    source = """
        def wait_for_approval(store, pending):
            while True:
                if pending.approval_event.wait(timeout=1):
                    return pending.approved
                if store.load_approval(pending.id).approved:
                    return True
                time.sleep(1)
    """
    assert len(findings_in(tmp_path, agent=source)) == 1


def test_a_name_of_the_users_own_asks_for_approval(tmp_path: Path) -> None:
    source = """
        from desk import four_eyes

        def pay(invoice):
            if four_eyes(invoice):
                invoice.pay()
    """
    vocabulary = {"unreported-approval-callback": {"approval_calls": ["four_eyes"]}}
    assert findings_in(tmp_path, agent=source) == []
    (finding,) = findings_in(tmp_path, vocabulary)
    assert finding.captures["operation"] == "four_eyes"


TOLD = {
    "before the condition that asks": """
        def run(shell, command, task):
            task.request_approval("May the command run?", approver="operator")
            if input("Run it? [y/N] ") != "y":
                return None
            return shell.run(command)
    """,
    "in front of the loop that polls": """
        def wait_for_approval(store, request_id, task):
            task.request_approval("May it be merged?", approver="desk")
            while True:
                row = store.load(request_id)
                if row.approved is not None:
                    return row.approved
                time.sleep(5)
    """,
    "around the question": """
        def run(shell, command, task):
            task.request_approval("May the command run?", approver="operator")
            answer = input("Run it? [y/N] ")
            task.approval_received("decided", approved_by="operator", decision="approved")
            return shell.run(command) if answer == "y" else None
    """,
    "elsewhere, when an argument makes the framework wait": """
        def build(graph):
            return graph.compile(interrupt_before=["apply"])

        def drive(graph, task, given):
            for event in graph.stream(given):
                if "__interrupt__" in event:
                    task.request_approval("May it be applied?", approver="desk")
    """,
}


@pytest.mark.parametrize("source", TOLD.values(), ids=TOLD)
def test_a_wait_that_is_told_is_not_reported(source: str, tmp_path: Path) -> None:
    assert findings_in(tmp_path, agent=source) == []
