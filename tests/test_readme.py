"""The README says what is so: its table of rules, its outputs, its settings and its commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import load_config
from hiveloop_scan.report.formats import Format
from tests.accuracy.__main__ import FLOOR_FILE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
OUTPUTS = re.findall(r"<!-- output: (.+?) -->\n```text\n(.*?)```", README, re.DOTALL)
LEFT_OUT = "\n...\n"
COMMANDS = re.search(r"## Use it\n\n```console\n(.*?)```", README, re.DOTALL)


def sentences_of(kind: str) -> dict[str, str]:
    rules = [rule for rule in load_rules() if rule.kind == kind]
    return {rule.name: rule.readme.split("\n\n")[1].replace("\n", " ") for rule in rules}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command, comments=True)
    assert words[0] == "hiveloop-scan"
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "hiveloop_scan", *words[1:]],
        cwd=folder,
        env=environment,
        input="x = 1\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def without_time(output: str) -> str:
    return re.sub(r"in \d+\.\d s\)", "in 0.0 s)", output)


def test_the_table_of_rules_is_that_of_the_rules() -> None:
    table = re.findall(r"^\| `(unreported-[a-z-]+)` \| (.+) \|$", README, re.MULTILINE)
    assert dict(table) == sentences_of("missing")


def test_the_table_of_misuse_is_that_of_the_rules() -> None:
    section = README.partition("## What it finds wrong\n")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `([a-z-]+)` \| (.+) \| \w+ \|$", section, re.MULTILINE)
    assert dict(table) == sentences_of("misuse")


@pytest.mark.parametrize(("command", "shown"), OUTPUTS)
def test_an_output_is_what_the_command_prints(command: str, shown: str) -> None:
    printed = without_time(run(command).stdout)
    parts = map(re.escape, without_time(shown).split(LEFT_OUT))
    assert re.fullmatch("\n.*\n".join(parts), printed, re.DOTALL)


def test_there_is_an_output_to_check() -> None:
    assert OUTPUTS


@pytest.mark.parametrize("line", COMMANDS[1].splitlines() if COMMANDS else [])
def test_a_command_does_its_job(line: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "agent.py").write_text("x = 1\n")
    command = line.partition(" | ")[2] or line
    assert run(command, tmp_path).returncode == 0


def test_the_settings_are_taken(tmp_path: Path) -> None:
    (settings,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(settings)
    config = load_config([tmp_path])
    assert config.select == ("retry",)
    assert set(tomllib.loads(settings)["tool"]["hiveloop-scan"]["rules"]) <= {rule.name for rule in load_rules()}


def test_the_json_has_the_keys_that_are_promised(tmp_path: Path) -> None:
    (promised,) = map(json.loads, blocks("json"))
    written = json.loads(run(f"hiveloop-scan report fixtures/support_agent --format {Format.JSON}").stdout)
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
