"""SARIF 2.1.0, for code scanning of GitHub and for editors: results with help, fingerprints and suppressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hiveloop_scan import __version__
from hiveloop_scan.report.identity import identities
from hiveloop_scan.report.json import dump
from hiveloop_scan.report.quoting import one_line
from hiveloop_scan.report.reasons import claim, reasons_against, reasons_for
from hiveloop_scan.report.rules import first_sentence

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding, Report, Silenced
    from hiveloop_scan.report.rules import ShownRule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lines `first` to before `last` of a file (1-based) become `text`; where the two are equal, it is put in."""

    first: int
    last: int
    text: str


def render_sarif(report: Report, rules: Sequence[ShownRule], fixes: Mapping[int, Replacement] | None = None) -> str:
    """Return the report as one SARIF log with one run; paths are relative to the working folder.

    `fixes` maps findings, by their ``id``, to what would be written.
    """
    known = fixes or {}
    silenced = {id(item.finding): item for item in report.silenced}
    findings = [*report.findings, *(item.finding for item in report.silenced)]
    places = {rule.name: position for position, rule in enumerate(rules)}
    results = [
        {
            **_result(finding, identity, places.get(finding.rule), silenced.get(id(finding))),
            **(_fixes(finding, known[id(finding)]) if id(finding) in known else {}),
        }
        for finding, identity in zip(findings, identities(findings), strict=True)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "hiveloop-scan",
                "version": __version__,
                "informationUri": "https://pypi.org/project/hiveloop/",
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": one_line(error.message)},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(error.path)}}}],
                    }
                    for error in report.errors
                ],
            }
        ],
        "results": results,
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: ShownRule) -> dict[str, Any]:
    page = rule.readme
    return {
        "id": rule.name,
        "shortDescription": {"text": first_sentence(page)},
        "fullDescription": {"text": first_sentence(page)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["hiveloop", rule.kind, rule.method]},
    }


def _fixes(finding: Finding, fix: Replacement) -> dict[str, Any]:
    region = {"startLine": fix.first, "startColumn": 1, "endLine": fix.last, "endColumn": 1}
    change = {
        "artifactLocation": {"uri": quote(finding.path)},
        "replacements": [{"deletedRegion": region, "insertedContent": {"text": fix.text}}],
    }
    what = f"Tell HiveBoard with {finding.method}"
    return {"fixes": [{"description": {"text": what}, "artifactChanges": [change]}]}


def _result(finding: Finding, identity: str, place: int | None, silenced: Silenced | None) -> dict[str, Any]:
    span = finding.span
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity if finding.severity in _LEVELS else "warning",
        "message": {"text": claim(finding)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.path)},
                    "region": {
                        "startLine": span.line,
                        "startColumn": span.column,
                        "endLine": span.end_line,
                        "endColumn": span.end_column,
                    },
                },
                **({"logicalLocations": [{"fullyQualifiedName": finding.symbol}]} if finding.symbol else {}),
            }
        ],
        "partialFingerprints": {"hiveloopScan/v1": identity},
        "properties": {
            "confidence": finding.confidence.label,
            "method": finding.method,
            "because": reasons_for(finding),
            "against": reasons_against(finding),
        },
    }
    if place is not None:
        result["ruleIndex"] = place
    if silenced is not None:
        kind = "inSource" if silenced.by == "comment" else "external"
        result["suppressions"] = [{"kind": kind, "justification": silenced.reason or "no reason given"}]
    return result
