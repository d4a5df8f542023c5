"""The HTML page: what it says, that no source text gets out of its place, and that it works in a real browser."""

import re
from pathlib import Path

import pytest

from hiveloop_scan.model import Confidence, Evidence, FileError, Finding, Report, Span
from hiveloop_scan.report.highlight import highlighted
from hiveloop_scan.report.html import Preview, render_html
from tests.browsing import opened

HOSTILE = '</code></script><script>document.title="owned"</script><img src=x onerror=alert(1)>"\'&{{7*7}}\x1b[2J\u202e'


def finding(number: int = 1, method: str = "retry", path: str = "src/agent.py", text: str = "run()") -> Finding:
    return Finding(
        path=path,
        span=Span(number, 1, number, 6),
        rule=f"unreported-{method}",
        method=method,
        confidence=Confidence.HIGH if number % 2 else Confidence.MEDIUM,
        evidence=(Evidence("loop-counts-attempts", 2), Evidence("polls-a-state", -3)),
        message=f"`{text}` is tried again",
        symbol="Agent.fetch",
        captures={},
        source_line=text,
    )


def page(*findings: Finding, previews: tuple[Preview, ...] = (), errors: tuple[FileError, ...] = ()) -> str:
    sources = {item.path: [item.source_line] * item.span.line for item in findings}
    return render_html(Report(findings, errors, 3, 120, 0.5), sources, previews)


def test_a_finding_is_told_with_its_source_and_its_evidence() -> None:
    text = page(finding())
    assert "1 missing call in 1 of 3 files" in text
    assert "src/agent.py" in text
    assert "<strong>Because</strong> loop counts attempts." in text
    assert "<strong>Against it</strong> polls a state." in text


def test_the_diff_of_apply_or_the_reason_for_none_is_shown() -> None:
    text = page(finding(1), finding(2), previews=(Preview("--- a/x\n+++ b/x\n+new()"), Preview(reason="it is unsure")))
    assert '<span class="row added">+new()</span>' in text
    assert "No call is written here: it is unsure." in text


def test_a_page_without_findings_says_so() -> None:
    assert "no missing calls found in 3 files" in page()


def test_a_file_that_could_not_be_read_is_named() -> None:
    assert "<code>old.py</code>: syntax error" in page(errors=(FileError("old.py", "syntax error"),))


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = page(finding(), previews=(Preview("+x"),))
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", text)


def test_hostile_text_stays_text_wherever_it_stands() -> None:
    hostile = finding(text=HOSTILE, path=f"src/{HOSTILE}.py")
    text = page(hostile, previews=(Preview(f"+{HOSTILE}"),), errors=(FileError(HOSTILE, HOSTILE),))
    assert text.count("<script") == 1
    assert "<img" not in text
    assert "\x1b" not in text
    assert "{{7*7}}" in text.replace("&#39;", "")


def test_highlighting_keeps_every_line_and_letter() -> None:
    lines = ["def f(x):", '    """Doc', '    <b>"""', "\treturn x  # <i>&"]
    plain = [re.sub(r"<[^>]+>", "", line) for line in highlighted(lines)]
    assert plain[2] == "    &lt;b&gt;&#34;&#34;&#34;"
    assert plain[3] == "    return x  # &lt;i&gt;&amp;"


def shown(browser: object) -> int:
    script = "return document.querySelectorAll('ol.findings > li:not([hidden])').length"
    return int(browser.execute_script(script))  # type: ignore[attr-defined]


MANY = [
    finding(number, "retry" if number % 3 else "escalate", f"src/part{number % 4}/agent.py") for number in range(1, 61)
]


def test_the_filters_work_together(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(*MANY))
    assert shown(browser) == 60
    by = browser.find_element  # type: ignore[attr-defined]
    by("css selector", "select[name=method]").send_keys("escalate")
    assert shown(browser) == 20
    by("css selector", "select[name=confidence]").send_keys("high")
    assert shown(browser) == 10
    by("css selector", "input[name=text]").send_keys("part1")
    assert shown(browser) == 5
    assert by("id", "count").text == "5 of 60 places"
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


def test_a_filter_can_be_kept_as_a_link(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(*MANY), "#method=escalate&text=part2")
    assert shown(browser) == 5


def test_the_keyboard_leads_through_the_places(browser: object, tmp_path: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
    opened(browser, tmp_path, page(*MANY))
    by = browser.find_element  # type: ignore[attr-defined]
    by("tag name", "body").send_keys("jj")
    browser.switch_to.active_element.send_keys(keys.ENTER)  # type: ignore[attr-defined]
    assert len(browser.find_elements("css selector", "details[open]")) == 1  # type: ignore[attr-defined]
    by("tag name", "body").send_keys("/")
    browser.switch_to.active_element.send_keys("nothing of this kind")  # type: ignore[attr-defined]
    assert by("id", "nothing").is_displayed()


def test_hostile_text_runs_nothing(browser: object, tmp_path: Path) -> None:
    hostile = finding(text=HOSTILE, path=f"src/{HOSTILE}.py")
    opened(browser, tmp_path, page(hostile, previews=(Preview(f"+{HOSTILE}"),)))
    assert browser.title.startswith("1 missing call")  # type: ignore[attr-defined]
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


def test_two_thousand_findings_stay_quick(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, page(*(finding(number, path=f"src/a{number % 9}.py") for number in range(1, 2001))))
    assert shown(browser) == 2000
    browser.find_element("css selector", "select[name=confidence]").send_keys("high")  # type: ignore[attr-defined]
    assert shown(browser) == 1000


def test_the_page_fits_a_telephone(browser: object, tmp_path: Path) -> None:
    browser.set_window_size(500, 800)  # type: ignore[attr-defined]
    opened(browser, tmp_path, page(*MANY))
    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")  # type: ignore[attr-defined]
    assert wide <= 0
