"""The next command to type, by what a first look has found."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Confidence, Report
from hiveloop_scan.overview import Overview, Step

_REPORT = "hiveloop-scan report --sort value"
_LINT = Step("hiveloop-scan lint", "checks the calls that are there; a gate for CI")
_VERIFY = Step(
    "hiveloop-scan verify --checklist -- python YOUR_PROGRAM.py", "runs it and shows what it really tells HiveBoard"
)


def next_steps(seen: Overview, init: str) -> Iterator[Step]:
    """Yield what to type next, the first thing first; `init` is the command that writes the plumbing."""
    report = seen.report
    if not seen.files:
        yield Step("hiveloop-scan report PATH", "looks at the code of your agent, where that is elsewhere")
        yield Step("hiveloop-scan --help", "lists the commands")
        return
    if seen.is_cut and seen.projects:
        yield Step(f"cd {seen.projects[0]} && hiveloop-scan", "looks at one project")
    if report.findings:
        yield from _ways_to_add(seen, init)
    if report.covered or seen.hiveloop.files:
        yield _LINT
    if report.covered:
        yield _VERIFY
    if not (report.findings or report.covered):
        yield Step("hiveloop-scan report --min-confidence low", "shows what was in doubt as well")
    yield Step("hiveloop-scan --help", "lists the other commands")


def _ways_to_add(seen: Overview, init: str) -> Iterator[Step]:
    method = _method_to_write(seen.report)
    if method and not seen.hiveloop.plumbing:
        yield Step(init, "writes the module that gives your code its current task and agent")
    if method:
        yield Step(
            f"hiveloop-scan apply --method {method} --diff", "shows the calls it would write, and writes nothing"
        )
    count = len(seen.report.findings)
    yield Step(_REPORT, f"shows {'the place' if count == 1 else f'all {count:,} places'}, each with its reason")


def _method_to_write(report: Report) -> str:
    """Return the most telling method of which `apply` can write a call that is sure; "" for none."""
    sure = {finding.method for finding in report.findings if _can_be_written(finding.fix, finding.confidence)}
    return next((method for method in METHODS if method in sure), "")


def _can_be_written(fix: str | None, confidence: Confidence) -> bool:
    return fix == "safe" and confidence is Confidence.HIGH
