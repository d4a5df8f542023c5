"""Whatever lies in a folder: a clear line for that file, all others scanned, and findings in their place."""

import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import MAX_BYTES, scan_file
from tests.textbook import RETRY, RETRY_LINE, plan_for, scanned

LOOP = b"for a in b:\n    try: attempt()\n    except E: pass\n"
"""Makes a file worth a closer look."""

BAD = {
    "syntax.py": (b"def f(:\n", r"syntax error: invalid syntax \(line 1\)"),
    "python2.py": (
        b"def f():\n    print 'hello'\n",
        r"syntax error: Missing .* \(line 2\); is this Python 2\?",
    ),
    "python2_except.py": (
        b"try:\n    pass\nexcept A, e:\n    pass\n",
        r"syntax error: .*; is this Python 2\?",
    ),
    "nul.py": (b"x = 1\0\n", r"syntax error: .*null bytes|not Python source: .*null bytes"),
    "not_utf8.py": (
        b"x = '\xff'\n",
        r"syntax error: \(unicode error\) 'utf-8' codec can't decode byte 0xff.*",
    ),
    "comment_not_utf8.py": (b"x = 1\n\n# \xff\n", r"(syntax error|not Python source): .*can't decode byte 0xff.*"),
    "first_line_not_utf8.py": (b"# \xff\n", r"syntax error: .*"),
    "coding.py": (
        b"# coding: klingon\nx = 1\n",
        r"syntax error: (unknown encoding|encoding problem): klingon.*",
    ),
    "wrong_coding.py": (
        b"# coding: ascii\nx = '\xff'\n",
        r"syntax error: .*'ascii' codec can't decode byte 0xff.*",
    ),
    "utf16.py": ("x = 1\n".encode("utf-16"), r"syntax error: .*|not Python source: .*"),
    "bom_and_coding.py": (b"\xef\xbb\xbf# coding: latin-1\n", r"syntax error: encoding problem.*"),
    "branches.py": (LOOP + b"if a: pass\n" + b"elif a: pass\n" * 20_000, r".*nested .*deep.*"),
    "sum.py": (LOOP + b"x = " + b" + ".join([b"1"] * 20_000), r".*nested .*deep.*"),
    "choice.py": (
        LOOP + b"x = " + b" or ".join([b"a"] * 20_000),
        r"lines 4-4: nested more than 250 levels deep.*",
    ),
    "calls.py": (LOOP + b"x = a" + b".b()" * 3000, r".*nested .*deep.*"),
    "pieces.py": (
        LOOP + b"x = f(" + b"'a' " * 20_000 + b")",
        r"lines 4-4: nested more than 250 levels deep.*",
    ),
    "brackets.py": (LOOP + b"x = " + b"(" * 300 + b")" * 300, r"syntax error: too many nested parentheses.*"),
    "huge.py": (b"x = 1\n" * 1_700_000, r"larger than 2 MB, left out"),
}
GOOD = {
    "empty.py": b"",
    "only_bom.py": b"\xef\xbb\xbf",
    "only_comment.py": b"# nothing",
    "only_form_feed.py": b"\x0c\n",
    "no_last_newline.py": b"x = 1",
    "warns.py": b"x = '\\d' is 'a'\n",
    "latin1.py": "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
}


def report_on(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "hiveloop_scan", "report", "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.stderr.decode() == ""
    assert done.returncode == 0
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_each_bad_file_is_told_in_a_line_and_all_others_are_scanned(tmp_path: Path) -> None:
    for name, (source, _) in BAD.items():
        (tmp_path / name).write_bytes(source)
    for name, source in GOOD.items():
        (tmp_path / name).write_bytes(source)
    (tmp_path / "with space.py").write_text(RETRY, "utf-8")
    (tmp_path / "größe_数.py").write_text(RETRY, "utf-8")
    (tmp_path / os.fsdecode(b"undecodable_\xff.py")).write_text(RETRY, "utf-8")
    (tmp_path / "x.py").mkdir()
    (tmp_path / "x.py" / "inside.py").write_text(RETRY, "utf-8")
    (tmp_path / "broken.py").symlink_to("nowhere.py")
    (tmp_path / "circular.py").symlink_to("circular.py")
    report = report_on(tmp_path)
    told = {error["path"]: error["message"] for error in report["errors"]}
    assert told.pop("broken.py") == "broken symbolic link to nowhere.py"
    assert told.pop("circular.py") == "circular symbolic link"
    assert set(told) == set(BAD)
    assert {finding["path"] for finding in report["findings"]} == {
        "with space.py",
        "größe_数.py",
        "undecodable_\ufffd.py",
        "x.py/inside.py",
    }


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_what_is_wrong(tmp_path: Path, name: str) -> None:
    source, expected = BAD[name]
    (tmp_path / name).write_bytes(source)
    result = scan_file(tmp_path / name, plan_for(tmp_path))
    assert len(result.errors) == 1
    message = result.errors[0].message
    assert "\n" not in message
    assert re.fullmatch(expected, message)


@pytest.mark.parametrize("name", GOOD)
def test_a_plain_file_is_no_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    assert scan_file(tmp_path / name, plan_for(tmp_path)).errors == ()


def test_a_file_is_scanned_up_to_the_limit(tmp_path: Path) -> None:
    filler = b"#" * (MAX_BYTES - len(RETRY) - 1) + b"\n"
    (tmp_path / "full.py").write_bytes(filler + RETRY.encode())
    result = scan_file(tmp_path / "full.py", plan_for(tmp_path))
    assert (result.errors, len(result.candidates)) == ((), 1)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    [error] = scan_file(tmp_path / "folder.py", plan_for(tmp_path)).errors
    assert error.message == "cannot be read: Is a directory"


@pytest.mark.skipif(sys.platform != "linux", reason="a file that not even root can read")
def test_a_file_that_fails_while_it_is_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "memory.py").symlink_to("/proc/self/mem")
    (tmp_path / "good.py").write_text(RETRY, "utf-8")
    report = report_on(tmp_path)
    assert report["errors"] == [{"path": "memory.py", "message": "cannot be read: Input/output error"}]
    assert len(report["findings"]) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed.py").write_text(RETRY, "utf-8")
    (tmp_path / "closed.py").chmod(0)
    [error] = scan_file(tmp_path / "closed.py", plan_for(tmp_path)).errors
    assert error.message == "cannot be read: Permission denied"


def test_a_bad_source_from_stdin_is_told_by_its_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hiveloop_scan", "report", "--format", "json"]
    named = [*command, "-", "--stdin-filename", "my agent.py"]
    done = subprocess.run(named, cwd=tmp_path, capture_output=True, input=b"def f(:\n", check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [error["path"] for error in json.loads(done.stdout)["errors"]] == ["my agent.py"]


PLACES = {
    "tabs": "class A:\n\t" + RETRY.replace("\n", "\n\t").replace("    ", "\t"),
    "tabs and blanks": RETRY.replace("    ", "  \t"),
    "a byte order mark": "\ufeff" + RETRY,
    "windows line ends": RETRY.replace("\n", "\r\n"),
    "old mac line ends": RETRY.replace("\n", "\r"),
    "form feeds": "x = 1\n\x0c\n" + RETRY.replace("    for", "\x0c    for"),
    "decorators": "@a\n# why\n@b(\n    1\n)\n\n" + RETRY,
    "statements that share a line": "a = 1; b = 2\nc = 3;\n" + RETRY,
    "other alphabets": "größe = '数' * 3\n" + RETRY.replace("attempt", "versuch_数").replace("call", "größe"),
    "an expression over lines": RETRY.replace("range(3)", "range(\n        3\n    )"),
    "text over lines": "x = '''\na\n'''; y = '''\nb\n'''\n" + RETRY,
    "a line that goes on": "x = 1 + \\\n    2\n" + RETRY,
    "a line with a break alone": "if a:\n    pass\n\\\n" + RETRY,
    "breaks one after the other": "x = 1 + \\\n\\\n\\\n    2\n" + RETRY,
    "no last newline": RETRY.rstrip(),
    "a comment at the end": RETRY + "        # done\n    # done\n# done\n",
    "a loop in a condition": "if a:\n    pass\nelif b:\n" + RETRY.partition("\n")[2],
}


@pytest.mark.parametrize("source", PLACES.values(), ids=PLACES)
def test_a_finding_stands_where_the_standard_parser_says(source: str) -> None:
    [finding] = scanned(source).findings
    [loop] = [node for node in ast.walk(ast.parse(source.encode())) if isinstance(node, ast.For)]
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def column(line: int | None, offset: int | None) -> int:
        assert line is not None
        return len(lines[line - 1].encode()[:offset].decode()) + 1

    assert (finding.span.line, finding.span.column) == (loop.lineno, column(loop.lineno, loop.col_offset))
    assert finding.span.end_line == loop.end_lineno
    assert finding.span.end_column == column(loop.end_lineno, loop.end_col_offset)
    assert finding.source_line == lines[loop.lineno - 1]


def test_a_declared_encoding_is_honoured() -> None:
    source = RETRY.replace("call", "größe")
    [finding] = scanned(b"# -*- coding: latin-1 -*-\n" + source.encode("latin-1")).findings
    assert finding.message.startswith("`größe`")
    assert finding.span.line == RETRY_LINE + 1


@pytest.mark.parametrize("name", ["_", "通知"])
def test_functions_whose_names_have_no_words_are_called_like_any_other(name: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.py"
    path.write_text(f'def close(case):\n    {name}("Done")\n    escalate_to_human(case)\n', "utf-8")
    found = scan_file(path, replace(plan_for(tmp_path), min_confidence=Confidence.LOW)).candidates
    assert [candidate.finding.rule for candidate in found] == ["unreported-escalation"]
