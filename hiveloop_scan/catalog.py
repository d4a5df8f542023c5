"""All rules there are: the built-in ones and those of the user's folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hiveloop_scan.compiled_rules import compiled, keep
from hiveloop_scan.model import ScanError
from hiveloop_scan.rule import Rule as Rule
from hiveloop_scan.suggest import closest


def rules_folder() -> Path:
    """Return the folder of the built-in rules: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_rules(
    extra_folders: Sequence[Path] = (), vocabulary: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> list[Rule]:
    """Load the built-in rules and those of `extra_folders`, in the order of their names.

    `vocabulary` maps a rule's name to words that extend its options.
    """
    words = vocabulary or {}
    rules = _built_in(words)
    for folder in extra_folders:
        if not folder.is_dir():
            raise ScanError(f"no such rules folder: {folder}", "check rule-folders in [tool.hiveloop-scan]")
        for name in _names_in(folder):
            if name in rules:
                problem = f"rule folder {folder / name}: its name is taken by {rules[name].folder}"
                raise ScanError(problem, "rename the folder")
            rules[name] = _read(folder, name, words)
    for name in words:
        if name not in rules:
            raise ScanError(f"settings for an unknown rule: {name}", closest(name, rules))
    return [rules[name] for name in sorted(rules)]


def _built_in(words: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Rule]:
    folder = rules_folder()
    names = _names_in(folder)
    rules = compiled(folder, names)
    if not rules:
        rules = {name: _read(folder, name, {}) for name in names}
        keep(folder, rules)
    return {**rules, **{name: _read(folder, name, words) for name in words if name in rules}}


def _read(folder: Path, name: str, words: Mapping[str, Mapping[str, Sequence[str]]]) -> Rule:
    from hiveloop_scan.rule_files import read_rule  # knows all shapes, which take their time

    return read_rule(folder / name, words.get(name, {}))


def _names_in(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if _is_name(entry.name) and entry.is_dir())
    if not names:
        raise ScanError(f"no rule in the rules folder {folder}", "each rule is a folder of its own in it")
    return names


def _is_name(name: str) -> bool:
    """Say whether a folder is meant to be a rule; hidden ones and those of Python itself are not."""
    return not name.startswith((".", "_"))


def find_rule(rules: Iterable[Rule], name: str) -> Rule:
    """Return the rule called `name`; raise ScanError with the closest name when there is none."""
    by_name = {rule.name: rule for rule in rules}
    if name not in by_name:
        raise ScanError(f"no rule is called {name!r}", closest(name, by_name))
    return by_name[name]
