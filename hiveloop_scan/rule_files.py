"""Read a folder that is a rule, and check all that stands in it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from hiveloop_scan.methods import METHODS, MISUSED
from hiveloop_scan.model import SEVERITIES, Options, ScanError
from hiveloop_scan.need import Need
from hiveloop_scan.rule import Rule, Vocabulary
from hiveloop_scan.suggest import closest
from hiveloop_scan.syntax.shapes import SHAPES

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


def read_rule(folder: Path, extra_words: Mapping[str, Sequence[str]]) -> Rule:
    """Return the rule in `folder`, its options extended by `extra_words`; ScanError says what is wrong with it."""

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
    options = _options(folder, data.get("options", {}), extra_words, fail)
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


@cache
def _detector_names() -> frozenset[str]:
    """Return the names of the detectors there are, as rules spell them."""
    files = (Path(__file__).parent / "detectors").glob("[!_]*.py")
    return frozenset(file.stem.replace("_", "-") for file in files)


def _numbers(table: Mapping[str, Any], key: str, fail: _Fail) -> dict[str, int]:
    for name, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise fail(f"key '{key}.{name}'", f"must be a whole number, not {value!r}")
    return dict(table)


def _options(folder: Path, table: Mapping[str, Any], extra: Mapping[str, Sequence[str]], fail: _Fail) -> Options:
    options = Vocabulary(folder)
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
    allowed = ("shape", "beside", "words", "also", "imports")
    if not isinstance(entry, dict) or entry.get("shape") not in SHAPES:
        raise fail("key 'triage'", f"needs tables with a shape out of {', '.join(sorted(SHAPES))}")
    for key, names in entry.items():
        if key not in allowed:
            raise fail(f"key 'triage.{key}'", "is unknown", closest(key, allowed))
        if key in allowed[2:] and not isinstance(names, list):
            raise fail(f"key 'triage.{key}'", "must be a list of options")
        if key == "beside" and not isinstance(names, bool):
            raise fail("key 'triage.beside'", "must be true or false")

    def spelled(key: str) -> tuple[str, ...]:
        found: set[str] = set()
        for name in entry.get(key, ()):
            if name not in options:
                raise fail(f"key 'triage.{key}'", f"names no option: {name!r}", closest(name, options))
            found |= options[name]
        return tuple(sorted(found))

    asked = {key: spelled(key) for key in entry if key in allowed[2:]}
    return _shared(entry["shape"], beside=entry.get("beside", False), **asked) if all(asked.values()) else None


@cache
def _shared(shape: str, *, beside: bool, **asked: tuple[str, ...]) -> Need:
    """Return one need for all rules that ask the same, so that it is looked for once."""
    return Need(shape, beside=beside, **asked)
