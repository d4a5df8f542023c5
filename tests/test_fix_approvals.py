"""What `apply` writes for waits for a person."""

from pathlib import Path

import pytest

from hiveloop_scan.model import Confidence
from tests.fixing import applied as applied_with
from tests.fixing import proposed

QUESTION = """\
def run(shell, command):
    answer = input(f"Run {command}? [y/N] ").strip().lower()
    if answer != "y":
        return None
    return shell.run(command)
"""


def applied(source: str, folder: Path, unsafe: bool = False) -> str:
    """Return `source` with the calls for its approvals."""
    return applied_with(source, "request_approval", folder, unsafe=unsafe, at_least=Confidence.MEDIUM)


def test_the_request_stands_before_the_wait_and_the_decision_behind_it(tmp_path: Path) -> None:
    assert applied(QUESTION, tmp_path).endswith("""\
def run(shell, command):
    _hl_task = get_current_task()
    if _hl_task:
        try:
            _hl_task.request_approval("Run ...? [y/N]")
        except Exception:
            pass
    answer = input(f"Run {command}? [y/N] ").strip().lower()
    _hl_task = get_current_task()
    if _hl_task:
        try:
            _hl_task.approval_received(
                "Run ...? [y/N]",
                decision="approved" if answer == "y" else "rejected",
            )
        except Exception:
            pass
    if answer != "y":
        return None
    return shell.run(command)
""")


def test_an_answer_that_is_yes_or_no_is_the_decision(tmp_path: Path) -> None:
    source = """\
from rich.prompt import Confirm


def may_send(draft):
    approved = Confirm.ask("Send it?")
    return approved
"""
    after = applied(source, tmp_path)
    assert '_hl_task.request_approval("Send it?")' in after
    assert 'decision="approved" if approved else "rejected"' in " ".join(after.split())


IN_TESTS = {
    "a confirmation": (
        """\
from rich.prompt import Confirm


def send(mailbox, draft):
    if not Confirm.ask("Send it?"):
        return
    mailbox.send(draft)
""",
        ['_hl_answer = Confirm.ask("Send it?")', 'decision="approved" if _hl_answer else', "if not _hl_answer:"],
    ),
    "a comparison with a yes": (
        """\
def erase(folder):
    if input("Erase all? [y/N] ").strip().lower() != "y":
        return
    folder.erase()
""",
        ['decision="rejected" if _hl_answer != "y" else "approved"', 'if _hl_answer != "y":'],
    ),
    "an answer that is given back": (
        'def gate(call):\n    return input("Allow the call? [y/n] ").lower() == "y"\n',
        ['decision="approved" if _hl_answer == "y" else "rejected"', 'return _hl_answer == "y"'],
    ),
}


@pytest.mark.parametrize(("source", "lines"), IN_TESTS.values(), ids=IN_TESTS)
def test_an_answer_in_a_test_is_given_once_and_told_before_it_decides(
    source: str, lines: list[str], tmp_path: Path
) -> None:
    after = applied(source, tmp_path)
    assert [line for line in lines if line not in after] == []
    assert after.count("input(") + after.count("Confirm.ask(") == 1


REFUSED = {
    "a question in an elif": (
        """\
def erase(folder, force):
    if force:
        folder.erase()
    elif input("Erase all? [y/N] ").lower() == "y":
        folder.erase()
""",
        "an elif has no place in front of it",
    ),
    "a question in the head of a loop": (
        """\
def may(call):
    while input("Allow the call? [y/n] ").lower() != "y":
        call.wait()
    return call.run()
""",
        "the wait is a loop, and where it ends is not certain",
    ),
    "a question that is asked until the answer is known": (
        """\
def may(call):
    while True:
        answer = input("Allow the call? [y/n] ").lower()
        if answer == "y":
            return True
        if answer == "n":
            return False
        print("y or n")
""",
        "an answer that is not understood is asked for again",
    ),
    "a question that comes again behind the first": (
        """\
def may(call):
    answer = input("Allow the call? [y/n] ")
    while answer not in ("y", "n"):
        answer = input("y or n? ")
    return call.run() if answer == "y" else None
""",
        "an answer that is not understood is asked for again",
    ),
    "a question behind another test": (
        """\
def erase(folder, quiet):
    if quiet or input("Erase all? [y/N] ").lower() == "y":
        folder.erase()
""",
        "it cannot be told here which answer means yes",
    ),
    "a one-line branch": (
        'def erase(folder):\n    if input("Erase all? [y/N] ").lower() != "y": return\n    folder.erase()\n',
        "several statements begin on its line",
    ),
}


@pytest.mark.parametrize(("source", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_wait_that_is_not_certain_says_why_it_stays(source: str, reason: str, tmp_path: Path) -> None:
    proposal = proposed(source, "request_approval", tmp_path, at_least=Confidence.MEDIUM)
    assert reason in [outcome.reason for outcome in proposal.outcomes]
    assert not proposal.changed


def test_a_request_that_is_put_aside_has_no_answer_yet(tmp_path: Path) -> None:
    source = """\
def call_tool(session, tool):
    request = ApprovalRequest(tool=tool.name)
    session.add(request)
    session.commit()
"""
    after = applied(source, tmp_path, unsafe=True)
    assert "_hl_task.request_approval(" in after
    assert "approval_received" not in after


def test_an_awaited_answer_is_awaited_once(tmp_path: Path) -> None:
    source = """\
import asyncio


async def allow(call):
    reply = await asyncio.to_thread(input, "Allow it? (yes/no) ")
    return reply == "yes"
"""
    assert applied(source, tmp_path).count("await asyncio.to_thread(input") == 1


def test_the_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    after = applied(QUESTION, tmp_path)
    assert applied(after, tmp_path) == after
