"""The README says what is so: its table of rules, its outputs, its settings and its commands."""

from __future__ import annotations

import ast
import json
import re
import shutil
import textwrap
import tomllib
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import load_config
from hiveloop_scan.report.formats import Format
from tests.accuracy.__main__ import FLOOR_FILE
from tests.command_lines import check, program_calls
from tests.test_known import commit, git
from tests.test_lint import HANDOVER
from tests.textbook import RETRY_FILE
from tests.transcripts import agrees, blocks_of, run
from tests.wheels import fetch, packages

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = blocks_of(README)
FOLDERS = sorted({block.folder for block in BLOCKS} - {""})
LANGUAGES = {"console", "json", "toml", "yaml", "python"}


def sentences_of(kind: str) -> dict[str, str]:
    rules = [rule for rule in load_rules() if rule.kind == kind]
    return {rule.name: rule.readme.split("\n\n")[1].replace("\n", " ") for rule in rules}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def tour(folder: Path) -> None:
    """Make the folder that the first command of the tour makes, of the pinned wheel."""
    (pinned,) = (package for package in packages() if package.name == "smolagents")
    assert f"smolagents=={pinned.version}" in README
    shutil.copytree(fetch(pinned) / "smolagents", folder / "smolagents")


def project(folder: Path) -> None:
    """Make a small project under git, with a program at its top and a package in `src`."""
    package = folder / "src" / "desk"
    package.mkdir(parents=True)
    (folder / "agent.py").write_text("x = 1\n")
    for name, text in (("__init__.py", ""), ("retries.py", RETRY_FILE), ("handover.py", HANDOVER)):
        (package / name).write_text(text)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")


def made(name: str, folder: Path) -> Path:
    """Return the folder in which the blocks of this name are run."""
    if name == "checkout":
        return ROOT
    folder = folder / name
    {"tour": tour, "project": project}[name](folder)
    return folder


def test_the_table_of_rules_is_that_of_the_rules() -> None:
    table = re.findall(r"^\| `(unreported-[a-z-]+)` \| (.+) \|$", README, re.MULTILINE)
    assert dict(table) == sentences_of("missing")


def test_the_table_of_misuse_is_that_of_the_rules() -> None:
    section = README.partition("## What it finds wrong\n")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `([a-z-]+)` \| (.+) \| \w+ \|$", section, re.MULTILINE)
    assert dict(table) == sentences_of("misuse")


def test_every_block_has_a_language_that_is_checked() -> None:
    assert {line.strip("`\n ") for line in re.findall(r"^```\w+.*$", README, re.MULTILINE)} == LANGUAGES


def test_every_block_of_commands_says_where_it_is_run_or_why_not() -> None:
    assert [block.body for block in BLOCKS if not (block.folder or block.reason)] == []
    assert len(BLOCKS) == README.count("```console\n")


@pytest.mark.parametrize("name", FOLDERS)
def test_commands_do_and_print_what_the_readme_says(name: str, tmp_path: Path) -> None:
    folder = made(name, tmp_path)
    for block in BLOCKS:
        for command, shown in block.commands() if block.folder == name else ():
            if command.startswith("python -m pip install"):
                continue  # the folder was made with what it would install
            ended = run(command, folder)
            assert ended.returncode in (0, 1), f"{command}\n{ended.stdout}"
            assert "Traceback" not in ended.stdout, ended.stdout
            if block.is_transcript:
                assert agrees(shown, ended.stdout.splitlines()), f"{command}\n{ended.stdout}"


def test_a_transcript_that_is_not_true_is_noticed() -> None:
    assert agrees(["a", "...", "d (3 lines in 0.1 s)"], ["a", "b", "c", "d (3 lines in 9.9 s)"])
    assert agrees(["..."], [])
    assert not agrees(["a", "..."], ["b"])
    assert not agrees(["a"], ["a", "b"])


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.reason], ids=lambda block: block.body[:40])
def test_commands_that_are_not_run_would_be_understood(block: object) -> None:
    for command, _ in block.commands():  # type: ignore[attr-defined]
        for arguments in program_calls(command):
            check(arguments)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_commands_in_recipes_would_be_understood(block: str) -> None:
    for line in re.findall(r"^ *- (hiveloop-scan .+)$", block, re.MULTILINE):
        check(*program_calls(line))


@pytest.mark.parametrize("block", blocks("python"))
def test_python_is_python(block: str) -> None:
    ast.parse(re.sub(r"(?m)^(\s*for .+:)(  #.*)?$", r"\1 pass\2", textwrap.dedent(block)))


def test_the_settings_are_taken(tmp_path: Path) -> None:
    (settings,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(settings)
    config = load_config([tmp_path])
    assert config.select == ("retry",)
    assert set(tomllib.loads(settings)["tool"]["hiveloop-scan"]["rules"]) <= {rule.name for rule in load_rules()}


def test_the_json_has_the_keys_that_are_promised() -> None:
    (promised,) = map(json.loads, blocks("json"))
    written = json.loads(run(f"hiveloop-scan report fixtures/support_agent --format {Format.JSON}", ROOT).stdout)
    assert list(written) == list(promised)
    for part in ("tool", "summary"):
        assert list(written[part]) == list(promised[part])
    assert list(written["findings"][0]) == list(promised["findings"][0])


def test_the_figures_of_accuracy_are_those_of_the_floor() -> None:
    floor = json.loads(FLOOR_FILE.read_text("utf-8"))
    rows = re.findall(r"^\| `(\w+)\.jsonl`.*\| (\d+) \| (\d+) \| ([\d.]+) \|$", README, re.MULTILINE)
    assert [name for name, *_ in rows] == list(floor)
    for name, sites, found, precision in rows:
        assert round(int(found) / int(sites), 4) == floor[name]["all"]["recall"]
        assert precision == f"{floor[name]['all']['precision']:.2f}"


def test_the_picture_is_there_and_small() -> None:
    (name,) = re.findall(r"!\[.+\]\((.+)\)", README)
    assert (ROOT / name).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / name).stat().st_size < 200_000


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in anchors
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target
