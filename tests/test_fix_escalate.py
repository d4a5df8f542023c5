"""What `apply` writes for hand-overs."""

from pathlib import Path

import pytest

from hiveloop_scan.model import Confidence
from tests.fixing import applied

DESK = """\
def answer(result, desk):
    if result.score < 0.5:
        desk.notify_oncall("The score is too low", result)
"""


def written(call: str, indent: str = "        ", source: str = DESK, before: str = "        desk.notify") -> str:
    """Return `source` with a guarded call in front of the first line that begins so."""
    lines = ["_hl_task = get_current_task()", "if _hl_task:", "    try:"]
    lines += [f"        {line}" for line in call.splitlines()]
    lines += ["    except Exception:", "        pass"]
    guard = "".join(f"{indent}{line}\n" for line in lines)
    return "from observability import get_current_task\n\n\n" + source.replace(before, guard + before, 1)


def test_the_call_stands_in_the_branch_in_front_of_the_hand_over(tmp_path: Path) -> None:
    assert applied(DESK, "escalate", tmp_path) == written(
        "_hl_task.escalate(\n"
        '    "The score is too low",\n    assigned_to="oncall",\n    reason="result.score < 0.5",\n)'
    )


def test_a_hand_over_in_a_handler_gives_the_type_of_the_error_and_not_its_message(tmp_path: Path) -> None:
    source = """\
def book(invoice, ledger, desk):
    try:
        ledger.post(invoice)
    except PermissionError as error:
        desk.queue_for_manual_review(invoice, assignee="finance", reason=str(error))
"""
    after = applied(source, "escalate", tmp_path)
    assert 'assigned_to="finance",\n                    reason=type(error).__name__,' in after


def test_what_a_text_is_filled_with_is_left_out(tmp_path: Path) -> None:
    source = DESK.replace('"The score is too low"', 'f"The score of {result.customer} is too low"')
    assert '"The score of ... is too low"' in applied(source, "escalate", tmp_path)


UNDECIDED = {
    "a conditional value": 'def close(incident, proven):\n    incident.state = "resolved" if proven else "escalated"\n',
    "a flag that a test sets": "def grade(document, reader):\n    document.needs_review = reader.confidence < 0.8\n",
    "a one-line branch": 'def answer(score, desk):\n    if score < 0.5: desk.notify_oncall("too low")\n',
    "statements on one line": "def answer(score, desk):\n    if score < 0.5:\n        a = 1; desk.notify_oncall()\n",
}


@pytest.mark.parametrize("source", UNDECIDED.values(), ids=UNDECIDED)
def test_a_hand_over_that_has_no_place_of_its_own_stays_as_it_is(source: str, tmp_path: Path) -> None:
    assert applied(source, "escalate", tmp_path) == source


LAYOUTS = {
    "elif": (
        """\
def answer(result, desk):
    if result.done:
        return
    elif result.score < 0.5:
        desk.notify_oncall("The score is too low", result)
    else:
        result.send()
""",
        "        desk.notify_oncall",
    ),
    "a case of a match": (
        """\
def answer(result, desk):
    match result.kind:
        case "complaint" if result.score < 0.5:
            desk.notify_oncall("The score is too low", result)
""",
        "            desk.notify_oncall",
    ),
    "a comment above": (
        """\
def answer(result, desk):
    if result.score < 0.5:
        # somebody has to look
        desk.notify_oncall("The score is too low", result)
        # the end
""",
        "        # somebody",
    ),
    "a nested function": (
        """\
def make(desk):
    def answer(result):
        if result.score < 0.5:
            desk.notify_oncall("The score is too low", result)
    return answer
""",
        "            desk.notify_oncall",
    ),
    "no line end at the end": (DESK.removesuffix("\n"), "        desk.notify_oncall"),
    "a decorated method": (
        """\
class Agent:
    @traced
    async def answer(self, result):
        if result.score < 0.5:
            await self.desk.notify_oncall("The score is too low", result)
""",
        "            await self.desk",
    ),
    "a star handler": (
        """\
def book(invoice, ledger, desk):
    try:
        ledger.post(invoice)
    except* PermissionError:
        if invoice.total > 1000:
            desk.queue_for_manual_review(invoice)
""",
        "            desk.queue",
    ),
}


@pytest.mark.parametrize(("source", "before"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_call_fits_in_however_the_code_is_laid_out(source: str, before: str, end: str, tmp_path: Path) -> None:
    source = source.replace("\n", end)
    head, call, tail = applied(source, "escalate", tmp_path, at_least=Confidence.MEDIUM).partition(
        "_hl_task = get_current_task()"
    )
    assert call
    assert head.endswith(end + before[: len(before) - len(before.lstrip())])
    assert tail.partition(f"pass{end}")[2].startswith(before)


def test_tabs_stay_tabs(tmp_path: Path) -> None:
    after = applied(DESK.replace("    ", "\t"), "escalate", tmp_path)
    assert "\t\tif _hl_task:\n\t\t\ttry:\n\t\t\t\t_hl_task.escalate(\n" in after


def test_a_docstring_does_not_set_the_indentation(tmp_path: Path) -> None:
    source = '"""Desk.\n\n  Two columns in.\n"""\n\n\n' + DESK
    assert "        if _hl_task:\n            try:\n" in applied(source, "escalate", tmp_path)


def test_names_of_the_user_are_left_alone(tmp_path: Path) -> None:
    source = DESK.replace("(result, desk)", "(result, desk, task, agent, e, ctx)")
    assert "_hl_task = get_current_task()" in applied(source, "escalate", tmp_path)


def test_a_function_that_reads_all_its_variables_stays_as_it_is(tmp_path: Path) -> None:
    source = DESK + "    return locals()\n"
    assert applied(source, "escalate", tmp_path) == source
