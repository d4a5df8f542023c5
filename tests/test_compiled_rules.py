"""Rules that an earlier run has read are the same as those in their folders, or they are read again."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules, rules_folder
from hiveloop_scan.compiled_rules import FILE, compiled, keep
from hiveloop_scan.identity import cache_folder
from hiveloop_scan.model import ScanError
from hiveloop_scan.rule import Rule
from hiveloop_scan.rule_files import read_rule

NAMES = ("unreported-retry-loop", "missing-argument")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two rules, which are kept as they are read."""
    for name in NAMES:
        shutil.copytree(rules_folder() / name, tmp_path / name)
    keep(tmp_path, read(tmp_path))
    return tmp_path


def read(folder: Path) -> dict[str, Rule]:
    return {name: read_rule(folder / name, {}) for name in NAMES}


def test_all_rules_are_the_same_in_the_next_run() -> None:
    first = load_rules()
    assert (cache_folder() / FILE).is_file()
    again = load_rules()
    assert [replace(rule) for rule in again] == first
    assert [rule.digest for rule in again] == [replace(rule).digest for rule in again]
    assert [type(rule.options) for rule in again] == [type(rule.options) for rule in first]


def test_an_option_that_a_rule_lacks_is_its_error_still(folder: Path) -> None:
    rule = compiled(folder, NAMES)[NAMES[0]]
    with pytest.raises(ScanError, match=f"rule folder {folder / rule.name}: options lack the words .*: no_such"):
        rule.options["no_such"]


def test_a_rule_whose_file_has_changed_is_read_again(folder: Path) -> None:
    assert compiled(folder, NAMES) == read(folder)
    file = folder / NAMES[0] / "rule.toml"
    status = file.stat()
    file.write_bytes(file.read_bytes().replace(b"warning", b"error"))
    assert compiled(folder, NAMES) == {}
    file.write_bytes(file.read_bytes().replace(b"error", b"warning"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert compiled(folder, NAMES) == {}


def test_a_rule_that_comes_or_goes_is_noticed(folder: Path) -> None:
    assert compiled(folder, NAMES[:1]) == {}
    shutil.copytree(folder / NAMES[0], folder / "more")
    assert compiled(folder, [*NAMES, "more"]) == {}


@pytest.mark.parametrize("size", [0, 10, 40, -1])
def test_what_is_damaged_is_read_again(folder: Path, size: int) -> None:
    file = cache_folder() / FILE
    file.write_bytes(file.read_bytes()[:size])
    assert compiled(folder, NAMES) == {}


def test_words_of_the_settings_are_in_no_kept_rule() -> None:
    words = {"unreported-retry-loop": {"retry_words": ["redo"]}}
    plain = load_rules()
    assert [rule for rule in load_rules(vocabulary=words) if "redo" in rule.options.get("retry_words", ())]
    assert load_rules() == plain


def test_a_cache_that_cannot_be_written_costs_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    monkeypatch.setenv("HIVELOOP_SCAN_CACHE", str(tmp_path / "taken" / "cache"))
    keep(folder, read(folder))
    assert compiled(folder, NAMES) == {}
