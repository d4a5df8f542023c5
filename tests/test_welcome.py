"""The program without a command looks around and says what to type next."""

from __future__ import annotations

from pathlib import Path

import pytest

from hiveloop_scan.files import Bounds
from hiveloop_scan.overview import FrameworkUse
from hiveloop_scan.welcome.agents import agents_of
from hiveloop_scan.welcome.looking import look
from tests.conftest import Run
from tests.test_cli import on_a_terminal, without_colours
from tests.textbook import RETRY_FILE

FIXTURES = Path(__file__).parent.parent / "fixtures"


def first_step(page: str) -> str:
    """Return the first command of a page, without what it does."""
    return page.partition("\nNext:\n")[2].splitlines()[0].strip().partition("  ")[0]


def stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def test_code_without_hiveloop_is_told_to_write_the_plumbing_first(run: Run, agent: Path) -> None:
    outcome = run()
    assert (outcome.code, outcome.err) == (0, "")
    assert "HiveLoop    not used here yet: pip install hiveloop" in outcome.out
    assert "agent.py:5:5:  retry  high" in outcome.out
    assert first_step(outcome.out) == "hiveloop-scan init"


def test_every_step_but_placeholders_can_be_typed(run: Run, agent: Path) -> None:
    steps = [line.strip().partition("  ")[0] for line in run().out.partition("\nNext:\n")[2].splitlines()]
    assert len(steps) > 2
    assert [step for step in steps if run(*step.split()[1:]).code] == []


def test_once_the_plumbing_is_there_the_next_step_is_to_look_at_the_calls(run: Run, agent: Path) -> None:
    run("init")
    page = run().out
    assert "get_current_task() in observability.py gives the task" in page
    assert first_step(page) == "hiveloop-scan apply --method retry --diff"


def test_code_that_tells_everything_is_told_to_check_it(run: Run, agent: Path) -> None:
    run("init")
    run("apply")
    page = run().out
    assert "covered     1 of 1 place where HiveBoard should be told (100 %)" in page
    assert first_step(page) == "hiveloop-scan lint"


def test_code_in_which_nothing_is_missing_is_offered_a_look_at_what_is_in_doubt(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text("x = 1\n")
    page = run().out
    assert "no place found" in page
    assert first_step(page) == "hiveloop-scan report --min-confidence low"


@pytest.mark.parametrize("files", [[], ["notes.txt", "page.html"]], ids=["empty", "no Python"])
def test_a_folder_without_python_says_so(run: Run, tmp_path: Path, files: list[str]) -> None:
    for name in files:
        (tmp_path / name).touch()
    outcome = run()
    assert (outcome.code, outcome.out.splitlines()[0]) == (0, "folder      no Python files")
    assert first_step(outcome.out) == "hiveloop-scan report PATH"


def test_a_folder_that_is_too_large_is_left_in_time_and_the_projects_in_it_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay(tmp_path, monkeypatch)
    for project in ("code/bot", "web"):
        (tmp_path / project / ".git").mkdir(parents=True)
    for number in range(60):
        (tmp_path / f"note-{number:02}.txt").touch()
    seen = look(tmp_path, bounds=Bounds(files=10, entries=50))
    assert seen.is_cut
    assert seen.projects == ("code/bot", "web")
    assert not look(tmp_path, bounds=Bounds(files=10, entries=100)).is_cut


def test_too_many_python_files_are_not_all_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stay(tmp_path, monkeypatch)
    for number in range(12):
        (tmp_path / f"part_{number:02}.py").touch()
    seen = look(tmp_path, bounds=Bounds(files=10, entries=100))
    assert (seen.files, seen.is_cut) == (10, True)


def test_of_much_new_code_what_speaks_of_hiveloop_or_agents_is_scanned_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay(tmp_path, monkeypatch)
    (tmp_path / "a_table.py").write_text("VALUES = 1\n" * 50)
    (tmp_path / "z_agent.py").write_text(f"import hiveloop\n{RETRY_FILE}")
    seen = look(tmp_path, new_bytes=500)
    assert (seen.files, seen.report.files) == (2, 1)
    assert [finding.path for finding in seen.report.findings] == ["z_agent.py"]


def test_what_an_earlier_run_has_seen_counts_however_much_it_is(run: Run, agent: Path) -> None:
    run("report")
    assert look(agent.parent, new_bytes=0).report.files == 1


def test_the_page_is_no_wider_than_the_terminal(agent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stay(agent.parent, monkeypatch)
    page = without_colours(on_a_terminal(columns=80))
    assert max(map(len, page.splitlines())) <= 80
    assert "hiveloop-scan init\n      writes the module" in page


def test_names_in_the_code_cannot_move_the_cursor(run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'import hiveloop\nhb = hiveloop.init("hb_k", endpoint="e")\nhb.agent("\\x1b[2J")\n'
    )
    page = run().out
    assert "registered with HiveLoop: \\x1b[2J" in page
    assert "\x1b" not in page


def test_agents_are_counted_by_what_makes_them() -> None:
    source = b"""
import hiveloop
import smolagents as s
from crewai import Agent as Worker, Task

hb = hiveloop.init("hb_key", endpoint="http://localhost")
desk = hb.agent("desk")
shift = hb.agent(name_of_shift())
hiveloop.init("hb_key").agent(agent_id="night")
first, second = Worker(role="reader"), Worker(role="writer")
Task(description="no agent")
s.CodeAgent(tools=[])
"""
    agents = agents_of([source], own=set())
    assert agents.registered == ("desk", "night", "")
    assert agents.frameworks == (FrameworkUse("CrewAI", 1, 2), FrameworkUse("smolagents", 1, 1))


def test_a_class_that_derives_from_an_agent_of_a_framework_is_one() -> None:
    agents = agents_of([b"from smolagents import CodeAgent\nclass Coder(CodeAgent): ...\n"], own=set())
    assert agents.frameworks == (FrameworkUse("smolagents", 1, 1),)


def test_a_package_of_the_project_is_no_framework() -> None:
    agents = agents_of([b"from agents import SupportAgent\nSupportAgent()\n"], own={"agents"})
    assert agents.frameworks == ()


def test_a_file_that_cannot_be_parsed_keeps_nobody_from_the_page(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("from crewai import Agent\nclass (:\n")
    outcome = run()
    assert outcome.code == 0
    assert "CrewAI (imported in 1 file)" in outcome.out
    assert "1 error in reading or parsing; 'hiveloop-scan report' says which" in outcome.out


def test_of_several_packages_the_one_where_most_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    for package, text in (("quiet", ""), ("busy", RETRY_FILE)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(text)
    assert first_step(run().out) == "hiveloop-scan init busy"


def test_the_sdk_is_looked_for_where_dependencies_are_listed(run: Run, agent: Path) -> None:
    (agent.parent / "requirements.txt").write_text("requests\nhiveloop==0.2.0\n")
    assert "HiveLoop    listed in requirements.txt, imported nowhere yet" in run().out


def test_an_agent_that_is_instrumented_by_hand_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = stay(FIXTURES / "instrumented", monkeypatch)
    seen = look(folder)
    assert seen.agents.registered == ("parcel-desk",)
    assert seen.hiveloop.plumbing[0] == "get_current_task() in parcel_desk/observability.py gives the task"
