"""What a gate lets pass in old code: a baseline that survives edits, changes since a revision, comments it writes."""

from __future__ import annotations

import ast
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import report_of
from hiveloop_scan.gate.baseline import Compared, Entry, compare, dump_baseline, entry_of, load_baseline
from hiveloop_scan.gate.changes import changes_since
from hiveloop_scan.model import FileResult, ScanError
from hiveloop_scan.scan import Plan, scan_file
from tests.conftest import Run
from tests.test_fixtures import FIXTURES, MARK
from tests.test_lint import HANDOVER, found
from tests.textbook import RETRY_FILE

RETRIES = ("--select", "retry")
KNOWN = (*RETRIES, "--baseline", "known.json")


def test_a_first_baseline_holds_everything_and_the_gate_opens(run: Run, agent: Path) -> None:
    assert run("lint", *KNOWN, "--update-baseline").code == 0
    (entry,) = load_baseline(agent.parent / "known.json")
    assert (entry.path, entry.rule, entry.symbol) == ("agent.py", "unreported-retry-loop", "fetch")
    outcome = run("lint", *KNOWN)
    assert outcome.code == 0
    assert "1 finding known to the baseline" in outcome.out


def test_what_is_new_is_reported_and_does_not_get_into_the_baseline(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    (agent.parent / "new.py").write_text(RETRY_FILE.replace("fetch", "load_more"))
    assert found(run, *KNOWN) == ["unreported-retry-loop 5"]
    assert found(run, *KNOWN, "--update-baseline") == ["unreported-retry-loop 5"]
    assert len(load_baseline(agent.parent / "known.json")) == 1
    assert found(run, *KNOWN, "--update-baseline", "--accept-new") == []
    assert len(load_baseline(agent.parent / "known.json")) == 2


def test_a_second_place_like_a_known_one_is_new(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    shutil.copy(agent, agent.parent / "copy.py")
    assert found(run, *KNOWN) == ["unreported-retry-loop 5"]


def test_what_is_mended_is_stale_until_the_baseline_shrinks(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    agent.write_text("x = 1\n")
    outcome = run("lint", *KNOWN)
    assert outcome.code == 0
    assert "stale in the baseline: agent.py in fetch: unreported-retry-loop" in outcome.out
    assert json.loads(run("lint", *KNOWN, "--format", "json").out)["stale"] == [
        "agent.py in fetch: unreported-retry-loop"
    ]
    run("lint", *KNOWN, "--update-baseline")
    assert load_baseline(agent.parent / "known.json") == []
    assert "stale" not in run("lint", *KNOWN).out


def test_what_was_not_looked_at_is_neither_stale_nor_lost(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    (agent.parent / "other.py").write_text("x = 1\n")
    for arguments in (["other.py", *KNOWN], ["--baseline", "known.json"]):
        outcome = run("lint", *arguments, "--update-baseline")
        assert (outcome.code, "stale" in outcome.out) == (0, False)
    assert len(load_baseline(agent.parent / "known.json")) == 1


def test_a_renamed_file_is_known(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    agent.rename(agent.parent / "renamed.py")
    outcome = run("lint", *KNOWN)
    assert (outcome.code, "stale" in outcome.out) == (0, False)


def test_a_baseline_is_found_from_another_folder(run: Run, agent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("lint", *KNOWN, "--update-baseline")
    (agent.parent / "below").mkdir()
    monkeypatch.chdir(agent.parent / "below")
    assert found(run, "..", *RETRIES, "--baseline", "../known.json") == []


def test_a_baseline_can_be_named_in_the_settings(run: Run, agent: Path) -> None:
    run("lint", *KNOWN, "--update-baseline")
    settings = '[tool.hiveloop-scan.lint]\nselect = ["retry"]\nbaseline = "known.json"\n'
    (agent.parent / "pyproject.toml").write_text(settings)
    assert found(run) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 1, "entries": [{"rule": "x"}]}', '{"version": 2}'])
def test_what_is_no_baseline_is_refused(run: Run, agent: Path, text: str) -> None:
    (agent.parent / "known.json").write_text(text)
    outcome = run("lint", *KNOWN)
    assert (outcome.code, outcome.out) == (2, "")
    assert "known.json: " in outcome.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--baseline", "missing.json"], "no baseline at missing.json"),
        (["--update-baseline"], "does not know which file"),
        (["--accept-new"], "goes with --update-baseline"),
        (
            ["--baseline", "known.json", "--update-baseline", "--diff-base", "HEAD"],
            "a baseline is made of all findings",
        ),
        (["--diff-base", "HEAD"], "not a git repository"),
        (["--add-ignores", "--reason", " "], "no reason for a comment"),
        (["-", "--add-ignores"], "--add-ignores cannot write to stdin"),
    ],
)
def test_what_makes_no_sense_ends_with_2(run: Run, agent: Path, arguments: list[str], told: str) -> None:
    outcome = run("lint", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err


def test_a_baseline_reads_what_it_has_written(tmp_path: Path) -> None:
    entries = [
        Entry("b.py", "rule", "f", "2"),
        Entry('a "quoted".py', "rule", "", "1"),
        Entry("b.py", "rule", "f", "2"),
    ]
    (tmp_path / "known.json").write_text(dump_baseline(entries), "utf-8")
    assert load_baseline(tmp_path / "known.json") == sorted(entries)
    assert dump_baseline([]) == '{\n  "version": 1,\n  "entries": []\n}\n'


class Project:
    """A copy of an example application whose files are edited at random; only changed files are scanned again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.random = random.Random(4711)
        self.plan = replace(Plan(tuple(load_rules()), Config(folder)), known=frozenset(["any"]))
        self.results: dict[Path, FileResult] = {}
        for path in self.files():
            path.write_text(MARK.sub("", path.read_text("utf-8")), "utf-8")
            self.results[path] = scan_file(path, self.plan)

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.py"))

    def compared(self, entries: list[Entry]) -> Compared:
        report = report_of(list(self.results.values()), self.plan, perf_counter())
        rules = {rule.name for rule in self.plan.rules}
        return compare(report.findings, entries, self.folder, rules, report.scanned)

    def edit(self) -> None:
        path = self.random.choice(self.files())
        self.random.choice(EDITS)(self, path)
        for gone in set(self.results) - set(self.files()):
            del self.results[gone]
        for file in self.files():
            if file not in self.results or file == path:
                self.results[file] = scan_file(file, self.plan)

    def insert(self, path: Path, *texts: str) -> None:
        """Put lines above a statement somewhere in the file."""
        lines = path.read_text("utf-8").splitlines(keepends=True)
        places = [
            node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, ast.Expr | ast.Assign | ast.Return)
        ]
        line = self.random.choice(places).lineno if places else 1
        indent = re.match(r"\s*", lines[line - 1])
        lines[line - 1 : line - 1] = [f"{indent[0] if indent else ''}{text}\n" for text in texts]
        changed = "".join(lines)
        if self.compiles(changed) and changed.count('"""') == "".join(lines).count('"""'):
            path.write_text(changed, "utf-8")

    @staticmethod
    def compiles(text: str) -> bool:
        try:
            ast.parse(text)
        except SyntaxError:
            return False
        return True


def add_comment(project: Project, path: Path) -> None:
    project.insert(path, f"# note {project.random.randrange(1000)}")


def add_statement(project: Project, path: Path) -> None:
    project.insert(path, f"unrelated_{project.random.randrange(1000)} = {project.random.randrange(1000)}")


def add_function(project: Project, path: Path) -> None:
    number = project.random.randrange(10_000)
    text = path.read_text("utf-8")
    path.write_text(f"{text}\n\ndef added_{number}(left, right):\n    return left * {number} + right\n", "utf-8")


def move_definition(project: Project, path: Path) -> None:
    """Put one of the definitions of the module behind another."""
    text = path.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    definitions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if len(definitions) < 2:
        return
    moved, target = project.random.sample(definitions, 2)
    first = min([moved.lineno, *(item.lineno for item in moved.decorator_list)])
    piece = lines[first - 1 : moved.end_lineno]
    place = target.end_lineno or 0
    lines[place:place] = ["\n\n", *piece]
    start = first - 1 + (len(piece) + 1 if place < first else 0)
    del lines[start : start + len(piece)]
    path.write_text("".join(lines), "utf-8")


def rename_file(project: Project, path: Path) -> None:
    if path.stem.startswith("__"):
        return
    new = f"module_{project.random.randrange(10_000)}"
    path.rename(path.with_stem(new))
    for file in project.files():
        text = file.read_text("utf-8")
        changed = re.sub(rf"(?<=\.){path.stem}(?= import)", new, text)
        if changed != text:
            file.write_text(changed, "utf-8")
            project.results.pop(file, None)


def reformat(project: Project, path: Path) -> None:
    width = str(project.random.choice([60, 80, 100, 120, 160]))
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--isolated", "--line-length", width, str(path)]
    subprocess.run(ruff, check=True)


EDITS: list[Callable[[Project, Path], None]] = [
    add_comment,
    add_comment,
    add_statement,
    add_function,
    move_definition,
    rename_file,
    reformat,
]


@pytest.mark.parametrize("application", ["research_crew", "invoice_bot"])
def test_a_hundred_random_edits_elsewhere_change_nothing(application: str, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / application, tmp_path / application, ignore=shutil.ignore_patterns("__pycache__"))
    project = Project(tmp_path / application)
    first = project.compared([])
    entries = [entry_of(finding, project.folder) for finding in first.new]
    assert len(entries) > 10
    for number in range(100):
        project.edit()
        compared = project.compared(entries)
        assert (compared.new, compared.stale, len(compared.known)) == ([], [], len(entries)), f"edit {number}"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository with two files, one of which has a finding."""
    (tmp_path / "agent.py").write_text(RETRY_FILE)
    (tmp_path / "quiet.py").write_text("def total(numbers):\n    return sum(numbers)\n")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=work")


SINCE = (*RETRIES, "--diff-base", "main")
OTHER = RETRY_FILE.replace("fetch", "load_more").replace("import time\n", "")


def test_what_was_there_before_the_change_is_left_out(run: Run, repository: Path) -> None:
    assert found(run, *RETRIES) == ["unreported-retry-loop 5"]
    assert found(run, *SINCE) == []


@pytest.mark.parametrize("committed", [True, False])
def test_what_the_change_adds_is_reported(run: Run, repository: Path, committed: bool) -> None:
    git(repository, "switch", "--quiet", "--create", "work")
    (repository / "quiet.py").write_text((repository / "quiet.py").read_text() + OTHER)
    (repository / "new file.py").write_text(RETRY_FILE)
    if committed:
        commit(repository)
    assert found(run, *SINCE) == ["unreported-retry-loop 5", "unreported-retry-loop 6"]


def test_what_others_have_done_meanwhile_is_left_out(run: Run, repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "work")
    (repository / "quiet.py").write_text("x = 1\n")
    commit(repository)
    git(repository, "switch", "--quiet", "main")
    (repository / "agent.py").write_text("x = 1\n")
    commit(repository)
    git(repository, "switch", "--quiet", "work")
    assert found(run, *SINCE) == []


def test_a_place_that_the_change_edits_or_cuts_is_reported(run: Run, repository: Path) -> None:
    (repository / "agent.py").write_text(RETRY_FILE.replace("2**attempt", "3**attempt"))
    assert found(run, *SINCE) == ["unreported-retry-loop 5"]
    git(repository, "checkout", "--quiet", "agent.py")
    told = RETRY_FILE.replace(
        "            time.sleep", '            task.retry("again", attempt=attempt)\n            time.sleep'
    )
    (repository / "agent.py").write_text(told)
    commit(repository)
    (repository / "agent.py").write_text(RETRY_FILE)
    assert found(run, *SINCE) == ["unreported-retry-loop 5"]


def test_lines_around_a_place_are_not_the_place(run: Run, repository: Path) -> None:
    (repository / "agent.py").write_text(f"# a new comment\n{RETRY_FILE}\n\ndef more():\n    return 1\n")
    assert found(run, *SINCE) == []


def test_a_renamed_file_is_no_change_of_its_lines(run: Run, repository: Path) -> None:
    git(repository, "mv", "agent.py", "renamed agent.py")
    assert found(run, *SINCE) == []


@pytest.mark.parametrize("name", ['a "quoted" name.py', "名前.py", "tab\there.py", "back\\slash.py"])
def test_any_name_of_a_file_is_understood(repository: Path, name: str) -> None:
    (repository / name).write_text("x = 1\n")
    commit(repository)
    (repository / name).write_text("x = 1\ny = 2\n")
    assert changes_since("main", repository).lines == {(repository / name).resolve(): [(2, 2)]}


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~5"])
def test_a_revision_that_git_does_not_know_ends_with_2(run: Run, repository: Path, revision: str) -> None:
    outcome = run("lint", f"--diff-base={revision}")
    assert (outcome.code, outcome.out) == (2, "")
    assert "fetch-depth: 0" in outcome.err


def test_histories_without_anything_in_common_end_with_2(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--orphan", "other")
    (repository / "a.py").write_text("x = 1\n")
    commit(repository)
    with pytest.raises(ScanError, match="in common"):
        changes_since("main", repository)


AWKWARD = """\
#!/usr/bin/env python
# -*- coding: latin-1 -*-
'''A module with umlauts: \xe4\xf6\xfc.'''
import time
class Agent:
\tdef fetch(self, client):
\t\tif client: pass
\t\telif self.again:
\t\t\t# about the loop
\t\t\tfor attempt in range(
\t\t\t\t3,
\t\t\t):
\t\t\t\ttry:
\t\t\t\t\treturn client.load()
\t\t\t\texcept TransientError:
\t\t\t\t\ttime.sleep(2**attempt); print('''
no code''')
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_are_written_and_nothing_else_changes(run: Run, tmp_path: Path, newline: str) -> None:
    agent = tmp_path / "agent.py"
    before = AWKWARD.replace("\n", newline).encode("latin-1")
    agent.write_bytes(before)
    outcome = run("lint", *RETRIES, "--add-ignores", "--reason", "known since March")
    assert (outcome.code, outcome.err) == (0, "")
    after = agent.read_bytes()
    (added,) = set(after.split(newline.encode())) - set(before.split(newline.encode()))
    assert added == b"\t\t\t# hiveloop: ignore[unreported-retry-loop] -- known since March"
    assert after.replace(added + newline.encode(), b"") == before
    assert found(run, *RETRIES) == []


def test_one_comment_names_all_rules_of_a_statement(run: Run, tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(RETRY_FILE + OTHER)
    run("lint", *RETRIES, "--add-ignores")
    assert agent.read_text().count("# hiveloop: ignore[unreported-retry-loop] -- was there before the gate\n") == 2
    assert found(run, "--select", "retry") == []


def test_a_file_that_cannot_be_written_is_left_alone_and_told(run: Run, tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(HANDOVER)
    (tmp_path / "other.py").hardlink_to(agent)
    outcome = run("lint", "agent.py", "--add-ignores")
    assert outcome.code == 1
    assert "left alone: agent.py: the file has several names" in outcome.err
    assert agent.read_text() == HANDOVER
