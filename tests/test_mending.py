"""What `lint --fix` mends, and above all what it leaves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hiveloop_scan.fix.mending.proof import check_text
from hiveloop_scan.fix.mending.table import MENDERS
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import FileChange, Finding
from tests.conftest import Run
from tests.mended import change_of, mended

HEAD = """\
import hiveloop

hb = hiveloop.init("hb_live_x", endpoint="https://hive.example.org")
agent = hb.agent("worker")


def work(item, tools, number):
    with agent.task(f"item-{item}") as task:
"""


def called(line: str) -> str:
    """Return a program that makes one call inside of a task."""
    return f"{HEAD}        {line}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with one wrong call, and a journal of its own."""
    monkeypatch.setenv("HIVELOOP_SCAN_STATE", str(tmp_path / "state"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "agent.py").write_text(called('task.escalate(reason="too hard")'))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('task.escalate(reason="too hard")', 'task.escalate("too hard")'),
        ('task.escalate(reason=("too "\n    "hard"))', 'task.escalate(("too "\n    "hard"))'),
        ('task.escalate(assigned_to="desk", reason="x")', 'task.escalate(assigned_to="desk", summary="x")'),
        ('task.plan_step(0, "started", reason="x")', 'task.plan_step(0, "started", summary="x")'),
        ('task.retry("again", number, 2.5)', 'task.retry("again", attempt=number, backoff_seconds=2.5)'),
        ('task.retry("ä", number)  # größer', 'task.retry("ä", attempt=number)  # größer'),
        ('task.escalate("x", item.assigned_to)', 'task.escalate("x", assigned_to=item.assigned_to)'),
        ('task.retry("again", attempt=0)', 'task.retry("again", attempt=1)'),
        ('task.set_payload({"a": set(item)})', 'task.set_payload({"a": str(set(item))[:200]})'),
        (
            'task.set_payload({"a": set(item), "b": [set(item)]})',
            'task.set_payload({"a": str(set(item))[:200], "b": [str(set(item))[:200]]})',
        ),
        (
            'task.set_payload({"a": set(item), "b": Path(item)})',
            'task.set_payload({"a": str(set(item))[:200], "b": str(Path(item))[:200]})',
        ),
        ('task.set_payload({"a": str(item.result)})', 'task.set_payload({"a": str(item.result)[:200]})'),
        ('task.set_payload({"a": item.content})', 'task.set_payload({"a": str(item.content or "")[:200]})'),
        (
            'task.set_payload({"a": str(item.the_first_of_all_thaleft(number, tools, "once more").result)})',
            'task.set_payload({"a": str(item.the_first_of_all_thaleft(number, tools, "once more").result)[:200]})',
        ),
        (
            "try: item()\n        except OSError as error: task.retry(error, attempt=1)",
            "try: item()\n        except OSError as error: task.retry(type(error).__name__, attempt=1)",
        ),
        (
            'try: item()\n        except OSError as error: task.set_payload({"a": error})',
            'try: item()\n        except OSError as error: task.set_payload({"a": str(error)[:200]})',
        ),
        ("agent.start_task(int(item))", "agent.start_task(str(int(item)))"),
        (
            'kept = {"a": set(item), "b": 1}; task.set_payload(kept)',
            'kept = {"a": str(set(item))[:200], "b": 1}; task.set_payload(kept)',
        ),
        (
            'kept = str(item.result); task.set_payload({"a": kept}); tools(kept)',
            'kept = str(item.result); task.set_payload({"a": kept[:200]}); tools(kept)',
        ),
        (
            'kept = set(item); task.set_payload({"a": [kept, kept]}); tools(kept)',
            'kept = set(item); task.set_payload({"a": [str(kept)[:200], str(kept)[:200]]}); tools(kept)',
        ),
        (
            'one = set(item); kept = {"a": {"b": one}}; task.set_payload(kept); tools(one)',
            'one = set(item); kept = {"a": {"b": str(one)[:200]}}; task.set_payload(kept); tools(one)',
        ),
        ("agent.start_task(task_id=int(item))", "agent.start_task(task_id=str(int(item)))"),
    ],
)
def test_a_wrong_call_is_mended(before: str, after: str, tmp_path: Path) -> None:
    assert mended(called(before), tmp_path) == called(after)
    assert mended(called(after), tmp_path) == called(after)


@pytest.mark.parametrize(
    "line",
    [
        'task.escalate("too hard", item)',
        'task.retry("again", "because")',
        'task.retry("again", backoff_seconds)',
        'task.retry("again", (number))',
        'task.retry("again",  # twice\n    number)',
        'task.retry("again", number, 1.0, None, 5)',
        'task.retry("again", number, attempt=1)',
        'agent.report_issue("Down", "high", "connectivity")',
        'agent.report_issue("Down", "high", {"code": 1})',
        "agent.queue_snapshot(3, item)",
        'task.set_payload({"a": (each for each in item)})',
        'task.set_payload({"a": lambda: item})',
        'task.set_payload({"a": item.keys()})',
        'task.llm_call("ask", "m", cost=float("nan"))',
        'kept = {"a": set(item)}; task.set_payload(kept); tools(kept)',
        'kept = {"a": str(item.result)}; kept["b"] = 1; task.set_payload(kept)',
        'str = repr; task.set_payload({"a": set(item)})',
        "agent.start_task(None)",
        "agent.start_task(int(item) if item else None)",
        "found = None; agent.start_task(found)",
    ],
)
def test_what_is_in_doubt_stays(line: str, tmp_path: Path) -> None:
    change = change_of(called(line), tmp_path)
    assert not change.is_change
    assert [outcome.is_written for outcome in change.outcomes] == [False]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('task.approval_received("x", decision="Approved")', 'task.approval_received("x", decision="approved")'),
        ("agent.todo('a', 'b', 'c', priority='HIGH')", "agent.todo('a', 'b', 'c', priority='high')"),
        ('task.approval_received("x", decision="yes")', 'task.approval_received("x", decision="approved")'),
        ('task.approval_received("x", decision="perhaps")', ""),
        (
            'said = "Approved"; task.approval_received("x", decision=said)',
            'said = "approved"; task.approval_received("x", decision=said)',
        ),
        ('said = "Approved"; task.approval_received("x", decision=said); tools(said)', ""),
        ('task.approval_received("x", decision="""Approved""")', ""),
        ('task.approval_received("x", decision=r"Approved")', ""),
    ],
)
def test_a_word_becomes_the_known_one_that_is_close_only_when_asked(before: str, after: str, tmp_path: Path) -> None:
    assert mended(called(before), tmp_path, rule="unknown-decision") == called(before)
    assert mended(called(before), tmp_path, unsafe=True) == called(after or before)


TRACKED = """\
import hiveloop

hb = hiveloop.init("hb_live_x", endpoint="https://hive.example.org")
agent = hb.agent("worker")


class Reader:
    {}
    def read(self): ...
"""


def test_decorators_change_places_with_all_their_lines(tmp_path: Path) -> None:
    before = TRACKED.format('@agent.track(\n        "read"\n    )\n    @property')
    after = TRACKED.format('@property\n    @agent.track(\n        "read"\n    )')
    assert mended(before, tmp_path) == after


@pytest.mark.parametrize(
    "decorators",
    [
        '@agent.track("read")\n    @other\n    @property',
        '@agent.track("read")  # told\n    @property',
        '@agent.track("read")\n    @property  # of the reader',
    ],
)
def test_decorators_with_something_between_stay(decorators: str, tmp_path: Path) -> None:
    change = change_of(TRACKED.format(decorators), tmp_path)
    assert (change.is_change, len(change.outcomes)) == (False, 1)


def test_several_faults_of_one_call_are_mended_together(tmp_path: Path) -> None:
    source = called('task.retry("again", 0); task.escalate(reason="x")')
    assert mended(source, tmp_path) == called('task.retry("again", attempt=1); task.escalate("x")')


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_stay(end: str, tmp_path: Path) -> None:
    before, after = called('task.escalate(reason="x")'), called('task.escalate("x")')
    assert mended(before.replace("\n", end), tmp_path) == after.replace("\n", end)


def the_finding(change: FileChange) -> Finding:
    (outcome,) = change.outcomes
    return outcome.finding


@pytest.mark.parametrize(
    "after",
    [
        'task.escalate("x"); agent.flush()',
        'task.request_approval("x")',
        'tools.escalate("x")',
        "task.escalate(",
        "pass",
    ],
)
def test_the_proof_refuses_whatever_is_more_than_the_arguments(after: str, tmp_path: Path) -> None:
    before = called('task.escalate(reason="x")')
    finding = the_finding(change_of(before, tmp_path))
    source = Source(before.encode())
    forget = MENDERS[finding.rule].forget(source, finding)
    with pytest.raises(Refusal):
        check_text(source, Source(called(after).encode()), forget)
    check_text(source, Source(called('task.escalate("x")').encode()), forget)


def test_the_exit_code_says_whether_something_is_left(run: Run, project: Path) -> None:
    outcome = run("lint", "--fix")
    assert (outcome.code, outcome.err) == (0, "1 finding mended\n")
    assert (project / "agent.py").read_text() == called('task.escalate("too hard")')
    (project / "more.py").write_text(called("task.retry()"))
    assert run("lint", "--fix").code == 1


def test_undo_takes_it_back(run: Run, project: Path) -> None:
    before = (project / "agent.py").read_bytes()
    run("lint", "--fix")
    outcome = run("undo")
    assert (outcome.code, "1 file as before the last run of lint --fix\n" in outcome.out) == (0, True)
    assert (project / "agent.py").read_bytes() == before


def test_a_diff_writes_nothing(run: Run, project: Path) -> None:
    before = (project / "agent.py").read_bytes()
    outcome = run("lint", "--diff")
    assert (outcome.code, '+        task.escalate("too hard")\n' in outcome.out) == (1, True)
    assert (project / "agent.py").read_bytes() == before


def test_a_file_with_work_that_is_not_committed_stays(run: Run, project: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    outcome = run("lint", "--fix")
    assert (outcome.code, "not committed" in outcome.err) == (1, True)
    assert run("lint", "--fix", "--allow-dirty").code == 0


def test_what_a_comment_silences_is_not_mended(run: Run, project: Path) -> None:
    source = called('task.escalate(reason="x")  # hiveloop: ignore[reason-without-summary] -- known')
    (project / "agent.py").write_text(source)
    assert run("lint", "--fix").code == 0
    assert (project / "agent.py").read_text() == source


def test_what_the_baseline_knows_is_not_mended(run: Run, project: Path) -> None:
    run("lint", "--baseline", "known.json", "--update-baseline")
    before = (project / "agent.py").read_bytes()
    assert run("lint", "--fix", "--baseline", "known.json").code == 0
    assert (project / "agent.py").read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [("--fix", "--add-ignores"), ("--diff", "--update-baseline"), ("--unsafe-fixes",), ("--fix", "-")]
)
def test_options_that_do_not_go_together_are_refused(run: Run, project: Path, arguments: tuple[str, ...]) -> None:
    assert run("lint", *arguments, stdin=(project / "agent.py").read_bytes()).code == 2


def test_apply_writes_no_second_call_beside_a_wrong_one(run: Run, project: Path) -> None:
    source = called('task.retry("again", attempt=0)')
    (project / "agent.py").write_text(source)
    outcome = run("apply", "--rule", "zero-based-attempt")
    assert (outcome.code, "lint --fix" in outcome.out) == (0, True)
    assert (project / "agent.py").read_text() == source


HARDLY = "                delay = 2**attempt"
WAITS = "                time.sleep(delay)\n"
TELLS = """\
                task = get_current_task()
                if task:
                    try:
                        task.retry("The carrier did not answer", attempt, delay)
                    except Exception:
                        pass
"""
BREAKS = [
    ("carrier.py", 'again", attempt=state', 'again", state'),
    ("carrier.py", "attempt=attempt, backoff_seconds=delay", "attempt, delay"),
    ("carrier.py", 'again", issue_id="carrier', 'again", "carrier'),
    ("letters.py", "task.escalate(", "task.escalate(reason="),
    ("narrator.py", "_task.escalate(", "_task.escalate(reason="),
    ("journal.py", "summary, attempt=attempt", "summary, attempt"),
    ("carrier.py", "occurrence_count=", "count="),
    ("letters.py", "assigned_to=", "assignee="),
    ("carrier.py", f"{HARDLY}\n{TELLS}{WAITS}", f"{HARDLY}\n{WAITS}{TELLS}"),
]


def test_an_application_that_was_broken_gets_its_bytes_back(run: Run, project: Path) -> None:
    good = Path(__file__).parent.parent / "fixtures" / "instrumented" / "parcel_desk"
    (project / "agent.py").unlink()
    own = project / good.name
    own.mkdir()
    for path in good.glob("*.py"):
        source = path.read_text()
        for name, right, wrong in BREAKS:
            assert name != path.name or right in source
            source = source.replace(right, wrong) if name == path.name else source
        (own / path.name).write_text(source)
    outcome = run("lint", "--fix", ".")
    assert (outcome.code, outcome.err) == (0, f"{len(BREAKS)} findings mended\n")
    assert [path.name for path in good.glob("*.py") if path.read_bytes() != (own / path.name).read_bytes()] == []
