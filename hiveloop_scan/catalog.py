"""Load rules: folders of data, each naming the detector that answers where."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiveloop_scan.model import Confidence, Evidence, Options, ScanError
from hiveloop_scan.suggest import closest
from hiveloop_scan.syntax.shapes import SHAPES
from hiveloop_scan.triage import Need

if TYPE_CHECKING:
    from hiveloop_scan.visitor import Detector

METHODS = (
    "plan",
    "plan_step",
    "escalate",
    "request_approval",
    "approval_received",
    "report_issue",
    "resolve_issue",
    "queue_snapshot",
    "queue_provider",
    "retry",
    "track_context",
    "llm_call",
)
"""The SDK's methods that a rule can ask for."""

_KEYS = {
    "method": str,
    "guide": str,
    "severity": str,
    "message": str,
    "detector": str,
    "evidence": dict,
    "confidence": dict,
    "options": dict,
    "triage": list,
    "fix": dict,
}
_REQUIRED = ("method", "guide", "severity", "message", "evidence", "triage")
_SEVERITIES = ("error", "warning", "note")
_Fail = Callable[..., ScanError]
_DEFAULT_THRESHOLDS = {"high": 6, "medium": 4, "low": 2}


@dataclass(frozen=True)
class Rule:
    """What is wrong, how bad, which SDK method is missing; the weights that turn evidence into confidence."""

    name: str
    folder: Path
    method: str
    guide: str
    severity: str
    message: str
    detector: str
    weights: Mapping[str, int]
    thresholds: Mapping[str, int]
    options: Options = field(default_factory=dict)
    needs: tuple[Need, ...] = ()

    @property
    def readme(self) -> str:
        """The text of the rule's page."""
        return (self.folder / "README.md").read_text("utf-8")

    def weigh(self, facts: Iterable[str]) -> tuple[Confidence | None, tuple[Evidence, ...]]:
        """Turn named facts into a confidence (None: too little to speak of) and the list of facts with their weights."""
        try:
            evidence = tuple(Evidence(fact, self.weights[fact]) for fact in dict.fromkeys(facts))
        except KeyError as unknown:
            raise self._error("evidence", f"has no weight for the fact {unknown}", "add it with a number") from None
        total = sum(item.weight for item in evidence)
        grades = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
        grade = next((grade for grade in grades if total >= self.thresholds[grade.label]), None)
        return grade, tuple(sorted(evidence, key=lambda item: -item.weight))

    def load_detector(self) -> Detector:
        """Import the detector that this rule names."""
        module_name = self.detector.replace("-", "_")
        try:
            module = importlib.import_module(f"hiveloop_scan.detectors.{module_name}")
            detector: Detector = getattr(module, module_name)
        except (ImportError, AttributeError) as error:
            raise self._error("detector", f"names no detector: {error}", "see hiveloop_scan/detectors") from None
        return detector

    def _error(self, key: str, problem: str, hint: str) -> ScanError:
        return ScanError(f"rule folder {self.folder}: {key} {problem}", hint)


def rules_folder() -> Path:
    """Return the folder of the built-in rules: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_rules(extra_folders: Sequence[Path] = (), vocabulary: Mapping[str, Mapping[str, Sequence[str]]] | None = None) -> list[Rule]:
    """Load the built-in rules and those of `extra_folders`, in the order of their names.

    `vocabulary` maps a rule's name to words that extend its options.
    """
    rules: dict[str, Rule] = {}
    for folder in (rules_folder(), *extra_folders):
        if not folder.is_dir():
            raise ScanError(f"no such rules folder: {folder}", "check rule-folders in [tool.hiveloop-scan]")
        for file in sorted(folder.glob("*/rule.toml")):
            rule = _load_rule(file.parent, (vocabulary or {}).get(file.parent.name, {}))
            if rule.name in rules:
                raise ScanError(f"rule folder {rule.folder}: a rule named {rule.name} is there already", "rename the folder")
            rules[rule.name] = rule
    for name in vocabulary or {}:
        if name not in rules:
            raise ScanError(f"settings for an unknown rule: {name}", closest(name, rules))
    return [rules[name] for name in sorted(rules)]


def find_rule(rules: Iterable[Rule], name: str) -> Rule:
    """Return the rule called `name`; raise ScanError with the closest name when there is none."""
    by_name = {rule.name: rule for rule in rules}
    if name not in by_name:
        raise ScanError(f"no rule is called {name!r}", closest(name, by_name))
    return by_name[name]


def select_rules(
    rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str], methods: Sequence[str], names: Sequence[str]
) -> tuple[Rule, ...]:
    """Return the rules to run: settings first (`select`, `ignore`: rules or methods), then what this run asks for.

    A rule asked for by name runs even where the settings leave it out.
    """
    for method in methods:
        if method not in METHODS:
            raise ScanError(f"no SDK method is called {method!r}", closest(method, METHODS))
    for name in (*names, *(entry for entry in (*select, *ignore) if entry not in METHODS)):
        find_rule(rules, name)

    def is_in(rule: Rule, chosen: Sequence[str]) -> bool:
        return rule.name in chosen or rule.method in chosen

    kept = [rule for rule in rules if (not select or is_in(rule, select)) and not is_in(rule, ignore)]
    if names:
        return tuple(rule for rule in rules if rule.name in names and (not methods or rule.method in methods))
    return tuple(rule for rule in kept if not methods or rule.method in methods)


def _load_rule(folder: Path, extra_words: Mapping[str, Sequence[str]]) -> Rule:
    def fail(key: str, problem: str, hint: str = "see rules/README.md for every key") -> ScanError:
        return ScanError(f"rule folder {folder}: {key} {problem}", hint)

    try:
        data: dict[str, Any] = tomllib.loads((folder / "rule.toml").read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise fail("rule.toml", f"is not valid TOML: {error}", "mend the line it names") from None
    for key, value in data.items():
        if key not in _KEYS:
            raise fail(f"key {key!r}", "is unknown", closest(key, _KEYS))
        if not isinstance(value, _KEYS[key]):
            raise fail(f"key {key!r}", f"must be a {_KEYS[key].__name__}, not {type(value).__name__}")
    for key in _REQUIRED:
        if key not in data:
            raise fail(f"key {key!r}", "is missing")
    if not (folder / "README.md").is_file():
        raise fail("README.md", "is missing", "every rule has a page with examples")
    if data["method"] not in METHODS:
        raise fail("key 'method'", f"is not an SDK method: {data['method']!r}", closest(data["method"], METHODS))
    if data["severity"] not in _SEVERITIES:
        raise fail("key 'severity'", f"is not one of {', '.join(_SEVERITIES)}: {data['severity']!r}")
    weights = _numbers(data["evidence"], "evidence", fail)
    thresholds = {**_DEFAULT_THRESHOLDS, **_numbers(data.get("confidence", {}), "confidence", fail)}
    options = _options(data.get("options", {}), extra_words, fail)
    return Rule(
        name=folder.name,
        folder=folder,
        method=data["method"],
        guide=data["guide"],
        severity=data["severity"],
        message=data["message"],
        detector=data.get("detector", folder.name),
        weights=weights,
        thresholds=thresholds,
        options=options,
        needs=tuple(_need(entry, options, fail) for entry in data["triage"]),
    )


def _numbers(table: Mapping[str, Any], key: str, fail: _Fail) -> dict[str, int]:
    for name, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise fail(f"key '{key}.{name}'", f"must be a whole number, not {value!r}")
    return dict(table)


def _options(table: Mapping[str, Any], extra: Mapping[str, Sequence[str]], fail: _Fail) -> Options:
    options: dict[str, frozenset[str]] = {}
    for name, value in table.items():
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise fail(f"key 'options.{name}'", "must be a list of words")
        options[name] = frozenset(value)
    for name, value in extra.items():
        if name not in options:
            raise fail(f"option {name!r}", "set in [tool.hiveloop-scan.rules] is unknown", closest(name, options))
        options[name] |= frozenset(word.lower() for word in value)
    return options


def _need(entry: Any, options: Options, fail: _Fail) -> Need:
    allowed = ("shape", "words", "file_words")
    if not isinstance(entry, dict) or entry.get("shape") not in SHAPES:
        raise fail("key 'triage'", f"needs tables with a shape out of {', '.join(sorted(SHAPES))}")
    for key in entry:
        if key not in allowed:
            raise fail(f"key 'triage.{key}'", "is unknown", closest(key, allowed))

    def spelled(key: str) -> tuple[str, ...]:
        found: set[str] = set()
        for name in entry.get(key, ()):
            if name not in options:
                raise fail(f"key 'triage.{key}'", f"names no option: {name!r}", closest(name, options))
            found |= options[name]
        return tuple(sorted(found))

    return Need(entry["shape"], spelled("words"), spelled("file_words"))
