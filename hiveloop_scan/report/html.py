"""The report as one HTML page: no network, readable without JavaScript, safe whatever the code in it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hiveloop_scan.methods import METHODS
from hiveloop_scan.report.dashboard import picture_of
from hiveloop_scan.report.highlight import highlighted
from hiveloop_scan.report.html_page import render_page
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.passage import shown_lines
from hiveloop_scan.report.reasons import reasons_against, reasons_for
from hiveloop_scan.report.summary import by_confidence, headline
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding, Report


@dataclass(frozen=True, slots=True)
class Preview:
    """What `apply` would write for a finding, as a unified diff, or why it writes nothing."""

    diff: str = ""
    reason: str = ""


Sources = Mapping[str, Sequence[str]]
"""The lines of each file, by the path that findings name."""


def render_html(
    report: Report,
    sources: Sources,
    previews: Sequence[Preview] = (),
    covered: Mapping[str, int] | None = None,
    order: Order = Order.VALUE,
) -> str:
    """Return the page; `previews` goes with the findings of the report one by one, `covered` counts calls by method."""
    known = dict(zip(map(id, report.findings), previews, strict=False))
    findings = list(in_order(report.findings, order))
    return render_page(
        "report.html.j2",
        styles=("page.css", "report.css"),
        headline=headline(report),
        methods=_methods(findings, covered),
        coverage=covered is not None,
        folders=sorted({_folder_of(finding) for finding in findings}),
        findings=[_finding(finding, sources, known.get(id(finding), Preview())) for finding in findings],
        errors=[{"path": visible(error.path), "message": visible(error.message)} for error in report.errors],
        picture=picture_of,
    )


def _methods(findings: Sequence[Finding], covered: Mapping[str, int] | None) -> list[dict[str, Any]]:
    rows = []
    for method in METHODS:
        own = [finding for finding in findings if finding.method == method]
        done = (covered or {}).get(method, 0)
        if own or done:
            rows.append({"method": method, **by_confidence(own), "covered": done, "total": done + len(own)})
    return rows


def _finding(finding: Finding, sources: Sources, preview: Preview) -> dict[str, Any]:
    shown = shown_lines(finding, sources.get(finding.path, ()))
    own = range(finding.span.line, finding.span.end_line + 1)
    coded = zip(shown, highlighted(list(shown.values())), strict=True)
    return {
        "path": visible(finding.path),
        "line": finding.span.line,
        "folder": _folder_of(finding),
        "rule": finding.rule,
        "method": finding.method,
        "confidence": finding.confidence.label,
        "message": visible(" ".join(finding.message.split())),
        "symbol": visible(finding.symbol),
        "rows": [{"number": number, "code": code, "own": number in own} for number, code in coded],
        "reasons_for": reasons_for(finding),
        "reasons_against": reasons_against(finding),
        "diff": [_diff_line(line) for line in preview.diff.splitlines()],
        "no_diff": visible(preview.reason),
    }


def _diff_line(line: str) -> dict[str, str]:
    kinds = {"+": "added", "-": "removed", "@": "head"}
    kind = "head" if line.startswith(("+++", "---")) else kinds.get(line[:1], "")
    return {"kind": kind, "text": visible(line)}


def _folder_of(finding: Finding) -> str:
    """Return the folder of a finding's file, which the page can be narrowed to."""
    return visible(finding.path.rpartition("/")[0] or ".")
