"""The JSON report: a contract, written down as assertions on keys, types and order."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hiveloop_scan import __version__
from hiveloop_scan.catalog import load_rules
from hiveloop_scan.cli import main
from hiveloop_scan.model import Confidence, Evidence, FileError, Finding, Report, Span
from hiveloop_scan.report.json import render_json
from hiveloop_scan.report.rules import first_sentence, render_rules_json
from tests.textbook import RETRY_FILE

FINDING = Finding(
    path="src/agent.py",
    span=Span(41, 9, 58, 20),
    rule="unreported-retry-loop",
    method="retry",
    confidence=Confidence.HIGH,
    evidence=(Evidence("loop-counts-attempts", 2), Evidence("polls-a-state", -3)),
    message="`client.get` is tried again after a failure, and HiveBoard is not told",
    symbol="Agent.fetch",
    captures={"operation": "client.get", "attempt_base": 0, "last": None, "delay": 1.5, "bounded": True},
    source_line="for attempt in range(3):",
)
REPORT = Report((FINDING,), (FileError("b.py", "syntax error"),), files=2, lines=90, seconds=0.12345, suppressed=1)

FINDING_TYPES: dict[str, type | tuple[type, ...]] = {
    "path": str,
    "line": int,
    "column": int,
    "end_line": int,
    "end_column": int,
    "rule": str,
    "method": str,
    "confidence": str,
    "evidence": list,
    "message": str,
    "symbol": str,
    "captures": dict,
    "fix": (str, type(None)),
    "kind": str,
    "severity": str,
    "fingerprint": str,
}


def rendered(report: Report) -> Any:
    return json.loads(render_json(report))


def scanned(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], *names: str) -> Any:
    """Run the program on `names` and return the document it prints."""
    monkeypatch.setattr("sys.argv", ["hiveloop-scan", "report", *names, "--format", "json"])
    with pytest.raises(SystemExit) as ending:
        main()
    assert ending.value.code == 0
    return json.loads(capsysbinary.readouterr().out)


def test_the_document_has_these_keys_in_this_order() -> None:
    assert list(rendered(REPORT)) == ["version", "tool", "findings", "errors", "summary"]


def test_the_document_names_its_version_and_its_tool() -> None:
    document = rendered(REPORT)
    assert document["version"] == 1
    assert document["tool"] == {"name": "hiveloop-scan", "version": __version__}


def test_a_finding_has_these_keys_in_this_order() -> None:
    assert list(rendered(REPORT)["findings"][0]) == list(FINDING_TYPES)


def test_a_finding_says_all_it_knows() -> None:
    assert rendered(REPORT)["findings"][0] == {
        "path": "src/agent.py",
        "line": 41,
        "column": 9,
        "end_line": 58,
        "end_column": 20,
        "rule": "unreported-retry-loop",
        "method": "retry",
        "confidence": "high",
        "evidence": ["loop-counts-attempts", "against: polls-a-state"],
        "message": "`client.get` is tried again after a failure, and HiveBoard is not told",
        "symbol": "Agent.fetch",
        "captures": {
            "operation": "client.get",
            "attempt_base": 0,
            "last": None,
            "delay": 1.5,
            "bounded": True,
        },
        "fix": None,
        "kind": "missing",
        "severity": "warning",
        "fingerprint": "",
    }


@pytest.mark.parametrize("fix", ["safe", "unsafe", "manual", None])
def test_a_fix_is_named_by_how_safe_it_is(fix: str | None) -> None:
    assert rendered(replace(REPORT, findings=(replace(FINDING, fix=fix),)))["findings"][0]["fix"] == fix


def test_an_error_has_a_path_and_a_message() -> None:
    assert rendered(REPORT)["errors"] == [{"path": "b.py", "message": "syntax error"}]


def test_the_summary_has_these_keys_in_this_order() -> None:
    assert list(rendered(REPORT)["summary"].items()) == [
        ("files", 2),
        ("lines", 90),
        ("by_method", {"retry": 1}),
        ("by_confidence", {"high": 1, "medium": 0, "low": 0}),
        ("seconds", 0.123),
    ]


def test_methods_are_counted_most_first_then_by_name() -> None:
    methods = ["retry", "plan", "escalate", "retry", "escalate"]
    findings = tuple(replace(FINDING, method=method) for method in methods)
    counts = rendered(replace(REPORT, findings=findings))["summary"]["by_method"]
    assert list(counts.items()) == [("escalate", 2), ("retry", 2), ("plan", 1)]


def test_an_empty_report_has_every_key() -> None:
    document = rendered(Report((), (), files=0, lines=0, seconds=0.0))
    assert (document["findings"], document["errors"], document["summary"]["by_method"]) == ([], [], {})


def test_text_of_other_languages_stays_readable() -> None:
    assert '"symbol": "Agent.获取"' in render_json(replace(REPORT, findings=(replace(FINDING, symbol="Agent.获取"),)))


@pytest.mark.parametrize("text", ["\x1b[31m", "\x9b31m", "\x7f", "\u202e", "a\u2028b", "\ud800", "tab\tline\nend"])
def test_control_characters_are_escaped_and_come_back_whole(text: str) -> None:
    report = replace(REPORT, findings=(replace(FINDING, message=text),))
    assert rendered(report)["findings"][0]["message"] == text
    assert all(letter == "\n" or letter.isprintable() for letter in render_json(report))


def test_the_program_keeps_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agent.py").write_text(RETRY_FILE)
    [finding] = scanned(monkeypatch, capsysbinary, "agent.py")["findings"]
    assert [(key, isinstance(finding[key], kind)) for key, kind in FINDING_TYPES.items()] == [
        (key, True) for key in finding
    ]
    assert finding["confidence"] in ("high", "medium", "low")
    assert all(isinstance(fact, str) for fact in finding["evidence"])


def test_lines_and_columns_are_counted_from_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "agent.py").write_text(RETRY_FILE)
    [finding] = scanned(monkeypatch, capsysbinary, str(tmp_path / "agent.py"))["findings"]
    assert (finding["line"], finding["column"], finding["end_line"]) == (5, 5, 9)
    assert finding["end_column"] == len("            time.sleep(2**attempt)") + 1


def test_paths_are_relative_to_the_working_folder_and_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.py", "src/deep/a.py", "a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(RETRY_FILE)
    (tmp_path / "src" / "broken.py").write_text("def f(:\n")
    document = scanned(monkeypatch, capsysbinary, str(tmp_path / "src"), "b.py", "a.py")
    assert [finding["path"] for finding in document["findings"]] == ["a.py", "b.py", "src/deep/a.py"]
    assert [error["path"] for error in document["errors"]] == ["src/broken.py"]
    assert (document["summary"]["files"], document["summary"]["by_method"]) == (4, {"retry": 3})


def test_paths_outside_the_working_folder_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "agent.py").write_text(RETRY_FILE)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    [finding] = scanned(monkeypatch, capsysbinary, "../agent.py")["findings"]
    assert finding["path"] == (tmp_path / "agent.py").as_posix()


def test_the_list_of_rules_is_a_document_of_the_same_kind() -> None:
    document = json.loads(render_rules_json(load_rules()))
    assert list(document) == ["version", "tool", "rules"]
    loop = next(rule for rule in document["rules"] if rule["name"] == "unreported-retry-loop")
    assert list(loop) == ["name", "method", "guide", "severity", "summary", "options"]
    assert (loop["method"], loop["guide"]) == ("retry", "7.3")
    assert "backoff" in loop["options"]["retry_words"]


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("# name\n\nOne sentence\nin two lines.\n\n## Why it matters\n", "One sentence in two lines."),
        ("# name\n\n## Why it matters\n\nBecause.\n", ""),
        ("# name\n", ""),
    ],
)
def test_the_summary_of_a_rule_is_the_sentence_under_its_title(page: str, sentence: str) -> None:
    assert first_sentence(page) == sentence
