"""Load rules: folders of data, each naming the detector that answers where."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from hiveloop_scan.methods import METHODS, MISUSED
from hiveloop_scan.model import SEVERITIES, Capture, Confidence, Evidence, Options, ScanError
from hiveloop_scan.needs import Need
from hiveloop_scan.suggest import closest
from hiveloop_scan.syntax.shapes import SHAPES

if TYPE_CHECKING:
    from hiveloop_scan.visitor import Detector

_KEYS = {
    "kind": str,
    "method": str,
    "guide": str,
    "severity": str,
    "message": str,
    "detector": str,
    "evidence": dict,
    "confidence": dict,
    "options": dict,
    "triage": list,
    "fact": str,
    "fix": dict,
}
_REQUIRED = ("method", "guide", "severity", "message", "evidence", "triage")
_APPLICABILITIES = ("safe", "unsafe", "manual")
_KINDS = {"missing": METHODS, "misuse": MISUSED, "gate": ("none",)}
"""What a rule is about: calls that are missing, calls that are wrong, or comments and files that a gate stumbles on."""

_ON_A_HANDLE = {"on-an-sdk-object": 3, "looks-like-an-sdk-object": -3, "project-uses-the-sdk": 6}
"""What rules about misuse weigh without being told: how sure it is that a call is one of the SDK."""

_SPARED = {"misuse": ("triage",), "gate": ("triage", "evidence", "guide")}
"""Keys that rules of a kind need not have."""

_Fail = Callable[..., ScanError]
_DEFAULT_THRESHOLDS = {"high": 6, "medium": 4, "low": 2}


@dataclass(frozen=True)
class Rule:
    """What is wrong, how bad, with which SDK method; the weights that turn evidence into confidence."""

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
    fact: str = ""
    applicability: str | None = None
    summary: str = ""
    kind: str = "missing"
    sees_written_code: bool = False
    """Whether it also looks at what `hiveloop-scan apply` has written."""

    def __hash__(self) -> int:
        """Rules are told apart by their names first; their words are many."""
        return hash(self.name)

    @property
    def readme(self) -> str:
        """The text of the rule's page."""
        return (self.folder / "README.md").read_text("utf-8")

    def weigh(self, facts: Iterable[str]) -> tuple[Confidence | None, tuple[Evidence, ...]]:
        """Turn facts into a confidence (None: too little to speak of) and the facts with their weights."""
        try:
            evidence = tuple(Evidence(fact, self.weights[fact]) for fact in dict.fromkeys(facts))
        except KeyError as unknown:
            raise self._error(
                "key 'evidence'", f"has no weight for the fact {unknown}", "add it with a number"
            ) from None
        total = sum(item.weight for item in evidence)
        grades = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
        grade = next((grade for grade in grades if total >= self.thresholds[grade.label]), None)
        return grade, tuple(sorted(evidence, key=lambda item: -item.weight))

    def describe(self, captures: Mapping[str, Capture]) -> str:
        """Fill the captured code into the rule's message; what was not captured is "the operation"."""
        known = {name: "the operation" if value is None else value for name, value in captures.items()}
        try:
            return self.message.format_map(known).replace("`the operation`", "the operation")
        except KeyError as unknown:
            problem = f"speaks of {unknown}, which the detector does not capture"
            raise self._error("key 'message'", problem, closest(unknown.args[0], captures)) from None

    def load_detector(self) -> Detector:
        """Import the detector that this rule names."""
        name = self.detector.replace("-", "_")
        detector: Detector = getattr(importlib.import_module(f"hiveloop_scan.detectors.{name}"), name)
        return detector

    def _error(self, key: str, problem: str, hint: str) -> ScanError:
        return ScanError(f"rule folder {self.folder}: {key} {problem}", hint)


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
    rules: dict[str, Rule] = {}
    for folder in (rules_folder(), *extra_folders):
        if not folder.is_dir():
            raise ScanError(f"no such rules folder: {folder}", "check rule-folders in [tool.hiveloop-scan]")
        rule_folders = sorted(place for place in folder.iterdir() if place.is_dir() and _is_name(place.name))
        if not rule_folders:
            raise ScanError(f"no rule in the rules folder {folder}", "each rule is a folder of its own in it")
        for rule_folder in rule_folders:
            rule = _load_rule(rule_folder, (vocabulary or {}).get(rule_folder.name, {}))
            if rule.name in rules:
                problem = f"rule folder {rule_folder}: its name is taken by {rules[rule.name].folder}"
                raise ScanError(problem, "rename the folder")
            rules[rule.name] = rule
    for name in vocabulary or {}:
        if name not in rules:
            raise ScanError(f"settings for an unknown rule: {name}", closest(name, rules))
    return [rules[name] for name in sorted(rules)]


def _is_name(name: str) -> bool:
    """Say whether a folder is meant to be a rule; hidden ones and those of Python itself are not."""
    return not name.startswith((".", "_"))


def find_rule(rules: Iterable[Rule], name: str) -> Rule:
    """Return the rule called `name`; raise ScanError with the closest name when there is none."""
    by_name = {rule.name: rule for rule in rules}
    if name not in by_name:
        raise ScanError(f"no rule is called {name!r}", closest(name, by_name))
    return by_name[name]


def _load_rule(folder: Path, extra_words: Mapping[str, Sequence[str]]) -> Rule:
    def fail(key: str, problem: str, hint: str = "see rules/README.md for every key") -> ScanError:
        return ScanError(f"rule folder {folder}: {key} {problem}", hint)

    try:
        data: dict[str, Any] = tomllib.loads((folder / "rule.toml").read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise fail("rule.toml", f"is not valid TOML: {error}", "mend the line it names") from None
    except OSError as error:
        hint = "every folder among the rules is a rule"
        raise fail("rule.toml", f"cannot be read: {error.strerror}", hint) from None
    for key, value in data.items():
        if key not in _KEYS:
            raise fail(f"key {key!r}", "is unknown", closest(key, _KEYS))
        if not isinstance(value, _KEYS[key]):
            raise fail(f"key {key!r}", f"must be a {_KEYS[key].__name__}, not {type(value).__name__}")
    for key in _REQUIRED:
        if key not in data and key not in _SPARED.get(data.get("kind", ""), ()):
            raise fail(f"key {key!r}", "is missing")
    if not (folder / "README.md").is_file():
        raise fail("README.md", "is missing", "every rule has a page with examples")
    kind = data.get("kind", "missing")
    if kind not in _KINDS:
        raise fail("key 'kind'", f"is not one of {', '.join(_KINDS)}: {kind!r}")
    if data["method"] not in _KINDS[kind]:
        raise fail("key 'method'", f"is not an SDK method: {data['method']!r}", closest(data["method"], _KINDS[kind]))
    if data["severity"] not in SEVERITIES:
        raise fail("key 'severity'", f"is not one of {', '.join(SEVERITIES)}: {data['severity']!r}")
    _template(data["message"], "message", fail)
    detector = data.get("detector", folder.name)
    if kind != "gate" and detector not in (known := _detector_names()):
        raise fail("key 'detector'", f"names no detector: {detector!r}", closest(detector, known))
    weights = _numbers(data.get("evidence", {}), "evidence", fail)
    if kind == "misuse":
        weights = {**_ON_A_HANDLE, **weights}
    thresholds = {**_DEFAULT_THRESHOLDS, **_numbers(data.get("confidence", {}), "confidence", fail)}
    for grade in thresholds:
        if grade not in _DEFAULT_THRESHOLDS:
            raise fail(f"key 'confidence.{grade}'", "is unknown", closest(grade, _DEFAULT_THRESHOLDS))
    triage = data.get("triage", [{"shape": "sdk-use"}] if kind == "misuse" else [])
    if not triage and kind != "gate":
        raise fail("key 'triage'", "is empty", "without a shape the rule would never run")
    options = _options(data.get("options", {}), extra_words, fail)
    return Rule(
        name=folder.name,
        folder=folder,
        method=data["method"],
        guide=data.get("guide", ""),
        severity=data["severity"],
        message=data["message"],
        detector=detector,
        weights=weights,
        thresholds=thresholds,
        options=options,
        needs=tuple(need for entry in triage if (need := _need(entry, options, fail)) is not None),
        fact=data.get("fact", ""),
        applicability=_applicability(data.get("fix"), fail),
        summary=_template(data.get("fix", {}).get("summary", ""), "fix.summary", fail),
        kind=kind,
    )


def _applicability(fix: Mapping[str, Any] | None, fail: _Fail) -> str | None:
    """Return how far the fix of a rule may be trusted; None where `apply` writes none."""
    if fix is None:
        return None
    for key in fix:
        if key not in ("applicability", "summary"):
            raise fail(f"key 'fix.{key}'", "is unknown", closest(key, ["applicability", "summary"]))
    if (known := fix.get("applicability")) not in _APPLICABILITIES:
        raise fail("key 'fix.applicability'", f"is not one of {', '.join(_APPLICABILITIES)}: {known!r}")
    return str(known)


def _template(text: Any, key: str, fail: _Fail) -> str:
    """Return a text with names in braces."""
    try:
        list(Formatter().parse(text))
    except (TypeError, ValueError) as error:
        raise fail(f"key '{key}'", f"is no template: {error}", "write {{ and }} for braces") from None
    return str(text)


def _detector_names() -> list[str]:
    """Return the names of the detectors there are, as rules spell them."""
    files = (Path(__file__).parent / "detectors").glob("[!_]*.py")
    return [file.stem.replace("_", "-") for file in files]


def _numbers(table: Mapping[str, Any], key: str, fail: _Fail) -> dict[str, int]:
    for name, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise fail(f"key '{key}.{name}'", f"must be a whole number, not {value!r}")
    return dict(table)


class _Vocabulary(dict[str, frozenset[str]]):
    """The options of a rule; asking for one that is not there is an error of the rule."""

    def __init__(self, error: ScanError) -> None:
        super().__init__()
        self._error = error

    def __missing__(self, name: str) -> frozenset[str]:
        raise ScanError(f"{self._error.message}: {name}", "copy the [options] of the rule that has this detector")


def _options(table: Mapping[str, Any], extra: Mapping[str, Sequence[str]], fail: _Fail) -> Options:
    options = _Vocabulary(fail("options", "lack the words that its detector reads"))
    for name, value in table.items():
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise fail(f"key 'options.{name}'", "must be a list of words")
        options[name] = frozenset(word.lower() for word in value)
    for name, value in extra.items():
        if name not in options:
            raise fail(f"option {name!r}", "set in [tool.hiveloop-scan.rules] is unknown", closest(name, options))
        options[name] |= frozenset(word.lower() for word in value)
    return options


def _need(entry: Any, options: Options, fail: _Fail) -> Need | None:
    """Return what an entry asks for; None where it asks for a word out of no words, which nothing holds."""
    allowed = ("shape", "words", "also", "imports")
    if not isinstance(entry, dict) or entry.get("shape") not in SHAPES:
        raise fail("key 'triage'", f"needs tables with a shape out of {', '.join(sorted(SHAPES))}")
    for key, names in entry.items():
        if key not in allowed:
            raise fail(f"key 'triage.{key}'", "is unknown", closest(key, allowed))
        if key != "shape" and not isinstance(names, list):
            raise fail(f"key 'triage.{key}'", "must be a list of options")

    def spelled(key: str) -> tuple[str, ...]:
        found: set[str] = set()
        for name in entry.get(key, ()):
            if name not in options:
                raise fail(f"key 'triage.{key}'", f"names no option: {name!r}", closest(name, options))
            found |= options[name]
        return tuple(sorted(found))

    asked = {key: spelled(key) for key in entry if key != "shape"}
    return _shared(entry["shape"], **asked) if all(asked.values()) else None


@cache
def _shared(shape: str, **asked: tuple[str, ...]) -> Need:
    """Return one need for all rules that ask the same, so that it is looked for once."""
    return Need(shape, **asked)
