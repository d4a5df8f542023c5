"""The report in Markdown, short enough for a comment on a pull request or the summary of a CI run."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.quoting import code_span, one_line
from hiveloop_scan.report.reasons import claim
from hiveloop_scan.report.summary import by_rule, count_of, headline

if TYPE_CHECKING:
    from hiveloop_scan.model import Report

_MOST = 100
"""Findings that are listed: a comment on GitHub holds 65,536 characters."""


def render_comment(report: Report, order: Order = Order.FILE) -> str:
    """Return the outcome, the findings by file, and the number of each rule's."""
    lines = [f"**hiveloop-scan: {headline(report)}**", ""]
    shown = list(in_order(report.findings, order))[:_MOST]
    for path, findings in groupby(shown, key=lambda finding: finding.path):
        lines.append(f"- {code_span(path)}")
        lines += [f"  - line {item.span.line}, `{item.rule}`: {code_span(claim(item))}" for item in findings]
    if len(report.findings) > _MOST:
        lines.append(f"- and {count_of(len(report.findings) - _MOST, report.noun)} more")
    lines += [f"- {code_span(error.path)}: error: {code_span(one_line(error.message))}" for error in report.errors]
    if report.findings:
        lines += ["", "| rule | findings |", "|---|---|"]
        lines += [f"| `{rule}` | {count} |" for rule, count in by_rule(report.findings).items()]
    if report.silenced:
        lines += ["", f"{count_of(len(report.silenced), 'finding')} silenced."]
    return "\n".join(lines).rstrip() + "\n"
