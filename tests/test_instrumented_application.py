"""An application that tells HiveBoard all it does: nothing is missing, and a call that goes is missed where it told."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import report_of
from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import FileResult, Report
from hiveloop_scan.scan import Plan, scan_file
from tests.conftest import Run

SOURCE = Path(__file__).parent.parent / "fixtures" / "instrumented" / "parcel_desk"
WRAPPERS = ("handed_over", "asks", "answered", "tracked", "note_another_try", "_tell")
CALLBACKS = ("queue_provider", "before_sleep")
CONTEXTS = ("tracked", "track_context")

MISSED = {
    "app.py App.__init__ queue_provider": ["inbox.py Inbox.__init__ unreported-work-queue"],
    "carrier.py Carrier.track retry": ["carrier.py Carrier.track unreported-retry-loop"],
    "carrier.py Carrier before_sleep": ["carrier.py Carrier.scans unreported-retry-library"],
    "carrier.py note_retry retry": ["carrier.py Carrier.scans unreported-retry-library"],
    "carrier.py Carrier.on_failure report_issue": [
        "carrier.py Carrier.on_failure unreported-failure-limit",
        "carrier.py Carrier.on_success resolve-without-report",
    ],
    "carrier.py Carrier.on_success resolve_issue": [
        "carrier.py Carrier.on_failure issue-never-resolved",
        "carrier.py Carrier.on_success unreported-recovery",
    ],
    "desk.py Desk.settle handed_over": ["desk.py Desk.settle unreported-escalation"],
    "desk.py Desk.pay_out asks": ["desk.py Desk.pay_out unreported-console-approval"],
    "desk.py Desk.pay_out answered": ["desk.py Desk.pay_out unreported-console-approval"],
    "journal.py note_another_try _tell": ["letters.py send unreported-retry-loop"],
    "journal.py _tell retry": ["letters.py send unreported-retry-loop"],
    "letters.py send note_another_try": ["letters.py send unreported-retry-loop"],
    "letters.py answer escalate": ["letters.py answer unreported-escalation"],
    "letters.py redeliver retry": ["letters.py redeliver unreported-requeue"],
    "model.py ask llm_call": ["model.py ask unreported-llm-call"],
    "narrator.py Narrator.plan plan": ["plan.py Investigation.run unreported-plan"],
    "narrator.py Narrator.handed_over escalate": ["desk.py Desk.settle unreported-escalation"],
    "narrator.py Narrator.asks request_approval": [
        "desk.py Desk.pay_out unreported-console-approval",
        "narrator.py Narrator.answered approval-without-request",
    ],
    "narrator.py Narrator.answered approval_received": [
        "desk.py Desk.pay_out unreported-console-approval",
        "narrator.py Narrator.asks approval-without-answer",
    ],
    "observability.py tracked track_context": ["tools.py Toolbox.run_all unreported-tool-lookup"],
    "tools.py Toolbox.run_all tracked": ["tools.py Toolbox.run_all unreported-tool-lookup"],
    "plan.py Investigation.run plan": ["plan.py Investigation.run unreported-plan"],
    "plan.py Investigation.carry_out plan_step 'started'": ["plan.py Investigation.carry_out unreported-plan-loop"],
    "plan.py Investigation.carry_out plan_step 'failed'": ["plan.py Investigation.carry_out step-left-open"],
    "plan.py Investigation.carry_out plan_step 'completed'": ["plan.py Investigation.carry_out step-left-open"],
}
"""What is reported once a call is gone: its one place, and the other half where it is half of a pair."""


@dataclass(frozen=True)
class Mutant:
    """The application without one of its calls."""

    file: str
    call: str
    text: str


class Calls(ast.NodeVisitor):
    """All calls that tell HiveBoard something, with the function they stand in."""

    def __init__(self, file: Path) -> None:
        self.text = file.read_text("utf-8")
        self.found: list[tuple[str, ast.expr | ast.keyword]] = []
        self._around: list[str] = []
        self.visit(ast.parse(self.text))

    def generic_visit(self, node: ast.AST) -> None:
        is_scope = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                self.visit(decorator)
            node.decorator_list = []
        if is_scope:
            self._around.append(node.name)  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            self._note(node)
        super().generic_visit(node)
        if is_scope:
            self._around.pop()

    def _note(self, call: ast.Call) -> None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if (name in METHODS or name in WRAPPERS) and ast.unparse(call.func) != "tenacity.retry":
            action = f" {ast.unparse(call.args[1])}" if name == "plan_step" else ""
            self._add(f"{name}{action}", call)
        for keyword in call.keywords:
            if keyword.arg in CALLBACKS:
                self._add(str(keyword.arg), keyword)

    def _add(self, name: str, node: ast.expr | ast.keyword) -> None:
        self.found.append((f"{'.'.join(self._around)} {name}", node))


def mutants() -> Iterator[Mutant]:
    for file in sorted(SOURCE.glob("*.py")):
        calls = Calls(file)
        starts = [0]
        for line in calls.text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        for name, node in calls.found:
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            if isinstance(node, ast.keyword):
                before, after = calls.text[:start].rstrip(), calls.text[end:]
                text = before + after.removeprefix(",") if before.endswith(",") else before + after
            else:
                what = "nullcontext()" if name.split()[1] in CONTEXTS else "None"
                text = calls.text[:start] + what + calls.text[end:]
            compile(text, file.name, "exec", dont_inherit=True)
            yield Mutant(file.name, f"{file.name} {name}", text)


MUTANTS = list(mutants())


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan, dict[str, FileResult]]:
    """Return a copy of the application, what to look for, and what was found in each of its files."""
    folder = tmp_path_factory.mktemp("app") / SOURCE.name
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    rules = tuple(rule for rule in load_rules() if rule.name != "unexplained-suppression")
    plan = Plan(rules, Config(folder.parent))
    return folder, plan, {file.name: scan_file(file, plan) for file in sorted(folder.glob("*.py"))}


def report_without(mutant: Mutant, folder: Path, plan: Plan, results: dict[str, FileResult]) -> Report:
    file = folder / mutant.file
    whole = file.read_text("utf-8")
    file.write_text(mutant.text, "utf-8")
    try:
        return report_of(list({**results, mutant.file: scan_file(file, plan)}.values()), plan, perf_counter())
    finally:
        file.write_text(whole, "utf-8")


def test_the_gate_says_nothing_and_all_is_covered(run: Run) -> None:
    assert run("lint", str(SOURCE), "--select", "all").code == 0
    outcome = run("coverage", str(SOURCE), "--fail-under", "100")
    assert outcome.out.splitlines()[-1] == "100 % covered: 15 of 15 places"


def test_every_method_is_told_somewhere(run: Run) -> None:
    told = run("coverage", str(SOURCE)).out
    companions = {"approval_received": "request_approval", "queue_provider": "queue_snapshot"}
    assert [method for method in METHODS if f"\n{companions.get(method, method)} " not in f"\n{told}"] == []


def test_there_is_a_mutant_for_every_call() -> None:
    assert sorted(mutant.call for mutant in MUTANTS) == sorted(MISSED)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.call)
def test_a_call_that_goes_is_missed_where_it_told_and_nowhere_else(
    mutant: Mutant, application: tuple[Path, Plan, dict[str, FileResult]]
) -> None:
    report = report_without(mutant, *application)
    found = [f"{Path(finding.path).name} {finding.symbol} {finding.rule}" for finding in report.findings]
    assert sorted(found) == MISSED[mutant.call]
    assert sum(finding.kind == "missing" for finding in report.findings) <= 1
