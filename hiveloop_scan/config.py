"""Settings: ``[tool.hiveloop-scan]`` of the nearest pyproject.toml, checked key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiveloop_scan.files import absolute
from hiveloop_scan.gitignore import Patterns, relative
from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import SEVERITIES, Confidence, ScanError
from hiveloop_scan.suggest import closest

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_TABLE = "[tool.hiveloop-scan]"
_KEYS = (
    "select",
    "ignore",
    "exclude",
    "per-file-ignores",
    "min-confidence",
    "rules",
    "rule-folders",
    "wrappers",
    "lint",
)
_LINT_KEYS = ("select", "ignore", "require-reason", "baseline", "fail-on")


@dataclass(frozen=True)
class LintSettings:
    """What ``[tool.hiveloop-scan.lint]`` says: it counts for the gate only."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    require_reason: bool = False
    baseline: Path | None = None
    fail_on: str = SEVERITIES[-1]


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
    wrappers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lint: LintSettings = LintSettings()

    @property
    def wrapper_names(self) -> tuple[str, ...]:
        """The functions that tell an event, whatever can be seen of them."""
        return tuple(name for names in self.wrappers.values() for name in names)

    def ignored_for(self, path: Path) -> frozenset[str]:
        """Return the rules and methods that per-file-ignores switches off for `path`."""
        if not self.per_file_ignores:
            return frozenset()
        name = relative(absolute(path), self.root)
        matching = (names for glob, names in self.per_file_ignores.items() if _pattern(glob).match_file(name))
        return frozenset(rule for names in matching for rule in names)


def load_config(paths: Sequence[Path]) -> Config:
    """Read the settings nearest to the folder that `paths` have in common; without any, take the defaults."""
    full = [absolute(path) for path in paths] or [Path.cwd()]
    for folder in (full[0], *full[0].parents):
        if not all(path.is_relative_to(folder) for path in full):
            continue
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        import tomllib  # many folders have no settings

        try:
            data = tomllib.loads(file.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ScanError(f"{file}: cannot be read: {error}", "mend the file") from None
        tools = data.get("tool")
        if isinstance(tools, dict) and "hiveloop-scan" in tools:
            return _checked(file, tools["hiveloop-scan"])
    return Config(root=Path.cwd())


@cache
def _pattern(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([pattern])


def _checked(file: Path, settings: Any) -> Config:
    def fail(key: str, problem: str, hint: str = "see the README, section Configuration") -> ScanError:
        return ScanError(f"{file}: {_TABLE} {key} {problem}", hint)

    def texts(key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise fail(key, "must be a list of texts")
        return tuple(value)

    def patterns(key: str, lines: tuple[str, ...]) -> tuple[str, ...]:
        if invalid := Patterns(lines).invalid:
            raise fail(key, f"holds {invalid[0]!r}, which is no pattern", "write it as in a .gitignore file")
        return lines

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
    patterns("per-file-ignores", tuple(per_file))
    vocabulary = {
        rule: {key: texts(f"rules.{rule}.{key}", words) for key, words in table(f"rules.{rule}", options).items()}
        for rule, options in table("rules", settings.get("rules", {})).items()
    }
    wrappers = table("wrappers", settings.get("wrappers", {}))
    for method in wrappers:
        if method not in METHODS:
            raise fail(f"wrappers.{method}", "is not an SDK method", closest(method, METHODS))
    lint = table("lint", settings.get("lint", {}))
    for key in lint:
        if key not in _LINT_KEYS:
            raise fail(f"key 'lint.{key}'", "is unknown", closest(key, _LINT_KEYS))
    if (fail_on := lint.get("fail-on", SEVERITIES[-1])) not in SEVERITIES:
        raise fail("lint.fail-on", f"is {fail_on!r}", f"use {', '.join(SEVERITIES)}")
    rule_folders = texts("rule-folders", settings.get("rule-folders", []))
    return Config(
        root=file.parent,
        select=texts("select", settings.get("select", [])),
        ignore=texts("ignore", settings.get("ignore", [])),
        exclude=patterns("exclude", texts("exclude", settings.get("exclude", []))),
        per_file_ignores={key: texts(f"per-file-ignores {key!r}", value) for key, value in per_file.items()},
        min_confidence=Confidence.named(confidence),
        vocabulary=vocabulary,
        rule_folders=tuple(file.parent / folder for folder in rule_folders),
        wrappers={method: texts(f"wrappers.{method}", names) for method, names in wrappers.items()},
        lint=LintSettings(
            select=texts("lint.select", lint.get("select", [])),
            ignore=texts("lint.ignore", lint.get("ignore", [])),
            require_reason=lint.get("require-reason", False) is True,
            baseline=file.parent / str(lint["baseline"]) if "baseline" in lint else None,
            fail_on=fail_on,
        ),
    )
