"""Settings: found, checked key by key, applied."""

import subprocess
import sys
from pathlib import Path

import pytest

from hiveloop_scan.config import Config, load_config
from hiveloop_scan.model import Confidence, ScanError

EVERYTHING = """
[tool.hiveloop-scan]
select = ["retry"]
ignore = ["unreported-second-try"]
exclude = ["generated/"]
min-confidence = "low"
rule-folders = ["rules"]

[tool.hiveloop-scan.per-file-ignores]
"scripts/" = ["retry"]

[tool.hiveloop-scan.rules.unreported-retry-loop]
retry_words = ["encore"]
"""


def configured(folder: Path, text: str) -> Config:
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return load_config([folder])


def complaint(folder: Path, text: str) -> ScanError:
    with pytest.raises(ScanError) as caught:
        configured(folder, text)
    assert str(folder / "pyproject.toml") in caught.value.message
    return caught.value


def test_every_key_is_read(tmp_path: Path) -> None:
    assert configured(tmp_path, EVERYTHING) == Config(
        root=tmp_path,
        select=("retry",),
        ignore=("unreported-second-try",),
        exclude=("generated/",),
        per_file_ignores={"scripts/": ("retry",)},
        min_confidence=Confidence.LOW,
        vocabulary={"unreported-retry-loop": {"retry_words": ("encore",)}},
        rule_folders=(tmp_path / "rules",),
    )


def test_without_settings_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config([Path("src")]) == Config(root=tmp_path)


def test_the_nearest_settings_win(tmp_path: Path) -> None:
    below = tmp_path / "app" / "src"
    below.mkdir(parents=True)
    configured(tmp_path, '[tool.hiveloop-scan]\nmin-confidence = "low"\n')
    configured(tmp_path / "app", '[tool.hiveloop-scan]\nmin-confidence = "high"\n')
    assert load_config([below / "agent.py"]).min_confidence is Confidence.HIGH


def test_a_pyproject_that_does_not_speak_of_the_scanner_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    configured(tmp_path, '[tool.hiveloop-scan]\nmin-confidence = "low"\n')
    configured(tmp_path / "app", "[tool.ruff]\nline-length = 100\n")
    assert load_config([tmp_path / "app"]).root == tmp_path


def test_several_paths_take_the_settings_of_what_they_have_in_common(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        configured(tmp_path / name, "[tool.hiveloop-scan]\n")
    configured(tmp_path, '[tool.hiveloop-scan]\nmin-confidence = "low"\n')
    assert load_config([tmp_path / "one", tmp_path / "two"]).root == tmp_path


@pytest.mark.parametrize(
    ("line", "expected", "hint"),
    [
        ('exlude = ["a"]', "key 'exlude' is unknown", "did you mean 'exclude'?"),
        ('colour = "red"', "key 'colour' is unknown", "known: "),
        ('select = "retry"', "select must be a list of texts", "README"),
        ("ignore = [1]", "ignore must be a list of texts", "README"),
        ('exclude = ["a", "!"]', "exclude holds '!', which is no pattern", ".gitignore"),
        ('min-confidence = "sure"', "min-confidence is 'sure'", "low, medium or high"),
        ('per-file-ignores = ["a"]', "per-file-ignores must be a table", "README"),
        ('per-file-ignores = { "a" = "retry" }', "per-file-ignores 'a' must be a list of texts", "README"),
        ('per-file-ignores = { "a\\\\" = ["retry"] }', "per-file-ignores holds 'a", ".gitignore"),
        ('rules = ["a"]', "rules must be a table", "README"),
        ('rules = { a = ["b"] }', "rules.a must be a table", "README"),
        ('rules = { a = { words = "b" } }', "rules.a.words must be a list of texts", "README"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_and_advice(tmp_path: Path, line: str, expected: str, hint: str) -> None:
    error = complaint(tmp_path, f"[tool.hiveloop-scan]\n{line}\n")
    assert f"[tool.hiveloop-scan] {expected}" in error.message
    assert hint in error.hint


@pytest.mark.parametrize("text", ["[tool.hiveloop-scan\n", "a = \x00\n"])
def test_a_broken_file_of_settings_is_an_error(tmp_path: Path, text: str) -> None:
    assert "cannot be read" in complaint(tmp_path, text).message


def test_a_table_of_tools_that_is_none_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert configured(tmp_path, "tool = 3\n") == Config(root=tmp_path)
    assert "itself must be a table" in complaint(tmp_path, "[tool]\nhiveloop-scan = 3\n").message


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("scripts/", "scripts/deep/run.py", True),
        ("scripts/", "src/scripts.py", False),
        ("run_*.py", "src/run_all.py", True),
        ("/run.py", "src/run.py", False),
        ("src/**/old.py", "src/a/b/old.py", True),
    ],
)
def test_rules_are_ignored_for_the_files_of_a_pattern(tmp_path: Path, pattern: str, path: str, ignored: bool) -> None:
    config = Config(tmp_path, per_file_ignores={pattern: ("retry",)})
    assert config.ignored_for(tmp_path / path) == (frozenset({"retry"}) if ignored else frozenset())


def test_patterns_by_name_reach_files_outside_the_root(tmp_path: Path) -> None:
    config = Config(tmp_path / "project", per_file_ignores={"run.py": ("retry",), "/other/": ("plan",)})
    assert config.ignored_for(tmp_path / "other" / "run.py") == frozenset({"retry"})


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hiveloop_scan", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["report", "nowhere"], ""),
        (["report", "--min-confidence", "sure"], ""),
        (["report", "--rule", "unreported-retry-lop"], ""),
        (["report"], "[tool.hiveloop-scan]\nexlude = []\n"),
        (["report"], '[tool.hiveloop-scan]\nrule-folders = ["nowhere"]\n'),
    ],
)
def test_what_cannot_be_done_ends_with_exit_code_2_and_a_line_on_stderr(
    tmp_path: Path, arguments: list[str], settings: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(settings, "utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_findings_and_broken_files_end_with_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n", "utf-8")
    done = run(tmp_path, "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert "broken.py" in done.stdout
    assert "syntax error: invalid syntax (line 1)" in done.stdout
