"""JUnit's XML, which every CI server shows as a list of tests: each finding is one that has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from hiveloop_scan.report.reasons import claim, reasons_for
from hiveloop_scan.report.summary import headline
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding, Report


def render_junit(report: Report) -> str:
    """Return one suite; without findings it holds one test that has passed, as empty suites look like lost ones."""
    total = len(report.findings) + len(report.errors)
    counts = {"tests": str(max(total, 1)), "failures": str(len(report.findings)), "errors": str(len(report.errors))}
    suites = Xml.Element("testsuites")
    about = {"name": "hiveloop-scan", "time": f"{report.seconds:.3f}", **counts}
    suite = Xml.SubElement(suites, "testsuite", about)
    for finding in report.findings:
        _add(suite, finding)
    for error in report.errors:
        case = Xml.SubElement(suite, "testcase", classname=visible(error.path), name=f"line {error.line}")
        Xml.SubElement(case, "error", message=visible(error.message))
    if not total:
        Xml.SubElement(suite, "testcase", classname="hiveloop-scan", name=headline(report))
    Xml.indent(suites)
    return Xml.tostring(suites, encoding="unicode") + "\n"


def _add(suite: Xml.Element, finding: Finding) -> None:
    name = f"{finding.rule} at line {finding.span.line}"
    path = visible(finding.path)
    about = {"classname": path, "name": name, "file": path, "line": str(finding.span.line)}
    case = Xml.SubElement(suite, "testcase", about)
    failure = Xml.SubElement(case, "failure", type=finding.severity, message=visible(claim(finding)))
    because = ", ".join(reasons_for(finding))
    failure.text = visible(f"{finding.path}:{finding.span.line}:{finding.span.column}: {claim(finding)}") + (
        f"\nbecause {because}" if because else ""
    )
