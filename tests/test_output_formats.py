"""What other programs read: SARIF, annotations, code quality, JUnit and Markdown, several in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import jsonschema
import pytest

from hiveloop_scan.model import Confidence, Evidence, FileError, Finding, Report, Silenced, Span
from hiveloop_scan.report.comment import render_comment
from hiveloop_scan.report.formats import Format, render_report
from hiveloop_scan.report.github import render_annotations
from hiveloop_scan.report.gitlab import render_code_quality
from hiveloop_scan.report.junit import render_junit
from tests.conftest import Run
from tests.textbook import RETRY_FILE

SCHEMA = Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"
NASTY = "src/a b%,:\n\x1b[31m.py"
FINDING = Finding(
    path=NASTY,
    span=Span(4, 9, 6, 20),
    rule="unreported-retry-loop",
    method="retry",
    confidence=Confidence.HIGH,
    evidence=(Evidence("loop-counts-attempts", 2),),
    message="`client.get(\n'`|<b>'\x07)` is tried again, 100%",
    symbol="Agent.fetch",
    captures={},
    source_line="        for attempt in range(3):",
    severity="error",
    fingerprint="f00d",
)
REPORT = Report((FINDING, FINDING), (FileError(NASTY, "syntax error: <\x00>", 3),), files=2, lines=90, seconds=0.1)


@cache
def validator() -> jsonschema.protocols.Validator:
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


def sarif_of(text: str) -> Any:
    """Check a SARIF log against the official schema and return its only run."""
    log = json.loads(text)
    assert [error.message for error in validator().iter_errors(log)] == []
    (run,) = log["runs"]
    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with a finding, a silenced one, and a broken file."""
    (tmp_path / "agent.py").write_text(RETRY_FILE)
    comment = "range(3):  # hiveloop: ignore[unreported-retry-loop] -- the caller tells"
    (tmp_path / "quiet.py").write_text(RETRY_FILE.replace("range(3):", comment))
    (tmp_path / "broken.py").write_text("x = 1\ndef f(:\n")
    return tmp_path


def test_sarif_of_a_gate_is_valid_and_whole(run: Run, project: Path) -> None:
    outcome = run("lint", "--select", "all", "--format", "sarif")
    assert outcome.code == 1
    told = sarif_of(outcome.out)
    assert [(result["ruleId"], result["level"]) for result in told["results"]] == [
        ("unreported-retry-loop", "warning"),
        ("unparsable-file", "error"),
        ("unreported-retry-loop", "warning"),
    ]
    assert [result.get("suppressions") for result in told["results"]] == [
        None,
        None,
        [{"kind": "inSource", "justification": "the caller tells"}],
    ]


def test_sarif_of_a_report_is_valid_and_tells_what_could_not_be_scanned(run: Run, project: Path) -> None:
    outcome = run("report", "--format", "sarif")
    assert outcome.code == 0
    told = sarif_of(outcome.out)
    (invocation,) = told["invocations"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"].startswith("syntax error")
    assert len(told["results"]) == 2


def test_sarif_places_a_finding_and_helps_with_it(run: Run, project: Path) -> None:
    told = sarif_of(run("report", "agent.py", "--format", "sarif").out)
    (result,) = told["results"]
    rule = told["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"]
    assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n")
    (place,) = result["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "fetch"}]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "agent.py"}
    assert place["physicalLocation"]["region"]["startLine"] == 5


def test_sarif_fingerprints_stay_when_lines_move_and_tell_equals_apart(run: Run, project: Path) -> None:
    def prints() -> list[str]:
        results = sarif_of(run("report", "agent.py", "--format", "sarif").out)["results"]
        return [result["partialFingerprints"]["hiveloopScan/v1"] for result in results]

    (before,) = prints()
    (project / "agent.py").write_text("# a comment\n\n" + RETRY_FILE.replace("range(3)", "range( 3 )"))
    assert prints() == [before]
    (project / "agent.py").write_text(RETRY_FILE + RETRY_FILE.replace("import time", ""))
    assert len(set(prints())) == 2


INSIDE_A_TASK = """\
import time

import hiveloop

hb = hiveloop.init(api_key="hb_live_x", endpoint="https://hive.example.org")
agent = hb.agent("fetcher")


def fetch(client):
    with agent.task("fetch", project="shop") as task:
        for attempt in range(3):
            try:
                return client.load()
            except TransientError:
                if attempt == 2:
                    raise
                time.sleep(2**attempt)
"""


def test_sarif_brings_the_change_that_apply_would_make(run: Run, tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(INSIDE_A_TASK)
    (result,) = sarif_of(run("report", "--method", "retry", "--format", "sarif").out)["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    lines = INSIDE_A_TASK.splitlines(keepends=True)
    lines[region["startLine"] - 1 : region["endLine"] - 1] = [replacement["insertedContent"]["text"]]
    agent.write_text("".join(lines))
    assert "task.retry(" in agent.read_text()
    assert run("lint", "--select", "missing").code == 0
    assert sarif_of(run("report", "--method", "retry", "--format", "sarif").out)["results"] == []


def test_sarif_bears_any_text() -> None:
    run = sarif_of(render_report(REPORT, Format.SARIF))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("src/a%20b%25")


def test_sarif_tells_what_a_baseline_holds() -> None:
    report = Report((), (), 1, 1, 0.1, silenced=(Silenced(FINDING, "known since March", "baseline"),))
    (result,) = sarif_of(render_report(report, Format.SARIF))["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "known since March"}]


def test_github_gets_one_annotation_for_each_finding(run: Run, project: Path) -> None:
    lines = run("report", "agent.py", "--format", "github").out.splitlines()
    assert lines[0].startswith("::warning file=agent.py,line=5,endLine=9,title=unreported-retry-loop::'client.load' is")
    assert lines[1].startswith("1 missing call in 1 of 1 file")


def test_github_commands_cannot_be_broken_out_of() -> None:
    lines = render_annotations(REPORT).splitlines()
    assert lines[0].startswith("::error file=src/a b%25%2C%3A\\n\\x1b[31m.py,line=4,endLine=6,title=")
    assert lines[0].endswith("100%25")
    assert lines[2] == "::error file=src/a b%25%2C%3A\\n\\x1b[31m.py,line=3::syntax error: <\\x00>"
    assert len(lines) == 4


def test_gitlab_gets_a_list_with_what_it_needs(run: Run, project: Path) -> None:
    (entry,) = json.loads(run("report", "agent.py", "--format", "gitlab").out)
    assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert entry["severity"] == "minor"
    assert entry["location"] == {"path": "agent.py", "lines": {"begin": 5, "end": 9}}


def test_gitlab_fingerprints_are_unique() -> None:
    prints = [entry["fingerprint"] for entry in json.loads(render_code_quality(REPORT))]
    assert len(set(prints)) == len(prints) == 3


def test_junit_counts_failures_and_passes_without_any(run: Run, project: Path) -> None:
    suite = Xml.fromstring(run("report", "--format", "junit").out)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    (project / "agent.py").write_text("x = 1\n")
    suite = Xml.fromstring(run("report", "agent.py", "--format", "junit").out)[0]
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("1", "0", 1)


def test_junit_bears_any_text() -> None:
    suite = Xml.fromstring(render_junit(REPORT))[0]
    assert [case[0].tag for case in suite] == ["failure", "failure", "error"]


def test_markdown_lists_findings_by_file(run: Run, project: Path) -> None:
    text = run("report", "--format", "markdown").out
    assert text.startswith("**hiveloop-scan: 1 missing call in 1 of 3 files ")
    assert "- `agent.py`\n  - line 5, `unreported-retry-loop`: " in text
    assert "| `unreported-retry-loop` | 1 |" in text
    assert "1 finding silenced." in text


def test_markdown_quotes_code_and_stays_short() -> None:
    assert "<b>" not in render_comment(REPORT).replace("`'client.get( ''|<b>'\\x07)' is tried again, 100%`", "")
    many = Report((FINDING,) * 500, (), 2, 90, 0.1)
    assert "- and 400 missing calls more" in render_comment(many)


READ: dict[str, Callable[[str], Any]] = {"json": json.loads, "sarif": sarif_of, "junit": Xml.fromstring, "text": str}


def test_several_outputs_come_of_one_run(run: Run, project: Path) -> None:
    wanted = [f"--output={name}:out.{name}" for name in READ]
    outcome = run("lint", "--select", "all", *wanted, "--output", "github:-")
    assert outcome.code == 1
    assert outcome.out.startswith("::warning file=agent.py")
    for name, read in READ.items():
        assert read((project / f"out.{name}").read_text("utf-8")) is not None


def test_a_file_without_a_format_gets_that_of_the_run(run: Run, project: Path) -> None:
    run("report", "--format", "json", "--output", "plain.out", "--output", "gitlab:quality.json")
    assert json.loads((project / "plain.out").read_text("utf-8"))["version"] == 1
    assert isinstance(json.loads((project / "quality.json").read_text("utf-8")), list)


def test_a_name_with_a_colon_is_a_file(run: Run, project: Path) -> None:
    run("report", "--output", "odd:name.txt")
    assert (project / "odd:name.txt").read_text("utf-8").startswith("agent.py:5:5:")


def test_an_output_that_cannot_be_written_is_refused_before_the_scan(run: Run, project: Path) -> None:
    outcome = run("lint", "--output", "text:-", "--output", "sarif:missing/out.sarif")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no folder missing" in outcome.err
