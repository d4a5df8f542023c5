"""Settings: ``[tool.hiveloop-scan]`` of the nearest pyproject.toml, checked key by key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pathspec import GitIgnoreSpec

from hiveloop_scan.model import Confidence, ScanError
from hiveloop_scan.suggest import closest

_TABLE = "[tool.hiveloop-scan]"
_KEYS = ("select", "ignore", "exclude", "per-file-ignores", "min-confidence", "rules", "rule-folders")


@dataclass(frozen=True)
class Config:
    """The settings of a run; `root` is the folder that relative paths and patterns start from."""

    root: Path
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_confidence: Confidence = Confidence.MEDIUM
    vocabulary: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    rule_folders: tuple[Path, ...] = ()

    def ignored_for(self, path: Path) -> frozenset[str]:
        """Return the rules and methods that per-file-ignores switches off for `path`."""
        try:
            name = Path(os.path.abspath(path)).relative_to(self.root).as_posix()
        except ValueError:
            return frozenset()
        matching = (names for pattern, names in self.per_file_ignores.items() if _pattern(pattern).match_file(name))
        return frozenset(rule for names in matching for rule in names)


def load_config(paths: Sequence[Path]) -> Config:
    """Read the settings nearest to what `paths` have in common; without any, the defaults with the working folder as root."""
    start = Path(os.path.commonpath([os.path.abspath(path) for path in paths] or [Path.cwd()]))
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            data = tomllib.loads(file.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ScanError(f"{file}: cannot be read: {error}", "mend the file or run from another folder") from None
        settings = data.get("tool", {}).get("hiveloop-scan")
        if settings is not None:
            return _checked(file, settings)
    return Config(root=Path.cwd())


def _pattern(pattern: str) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines([pattern])


def _checked(file: Path, settings: Any) -> Config:
    def fail(key: str, problem: str, hint: str = "see the README, section Configuration") -> ScanError:
        return ScanError(f"{file}: {_TABLE} {key} {problem}", hint)

    def texts(key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise fail(key, "must be a list of texts")
        return tuple(value)

    def table(key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise fail(key, "must be a table")
        return value

    for key in table("itself", settings):
        if key not in _KEYS:
            raise fail(f"key {key!r}", "is unknown", closest(key, _KEYS))
    confidence = settings.get("min-confidence", "medium")
    if confidence not in ("low", "medium", "high"):
        raise fail("min-confidence", f"is {confidence!r}", "use low, medium or high")
    per_file = table("per-file-ignores", settings.get("per-file-ignores", {}))
    rules = table("rules", settings.get("rules", {}))
    return Config(
        root=file.parent,
        select=texts("select", settings.get("select", [])),
        ignore=texts("ignore", settings.get("ignore", [])),
        exclude=texts("exclude", settings.get("exclude", [])),
        per_file_ignores={key: texts(f"per-file-ignores {key!r}", value) for key, value in per_file.items()},
        min_confidence=Confidence.named(confidence),
        vocabulary={
            rule: {key: texts(f"rules.{rule}.{key}", value) for key, value in table(f"rules.{rule}", words).items()}
            for rule, words in rules.items()
        },
        rule_folders=tuple(file.parent / folder for folder in texts("rule-folders", settings.get("rule-folders", []))),
    )
