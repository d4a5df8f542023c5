"""The page of a timeline: what it says, that no event gets out of its place, and that it works in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiveloop_scan.timeline.building import timeline_of
from hiveloop_scan.timeline.html import render_html
from hiveloop_scan.verify.records import CallSite, Record, write_records
from tests.browsing import opened
from tests.conftest import Run
from tests.runs import Script, run_of

HOSTILE = "</title></svg></script><script>document.title=1</script><img src=x onerror=alert(1)>\"'&{{7*7}}\x1b[2J\u202e"


def story(agent: str = "router", task: str = "lead-1") -> Script:
    script = Script(agent, task).tell("task_started").plan("Search", "Score").step(0, "started")
    script.action("started", "search_crm").action("failed", "search_crm", exception_type="TimeoutError")
    script.tell("retry_started", {"summary": "again", "data": {"attempt": 1}})
    script.action("started", "search_crm").action("completed", "search_crm").step(0, "completed")
    script.custom("llm_call", name="rank", model="sonnet").custom("queue_snapshot", depth=8, items=[{"id": "j1"}])
    script.custom("issue", "CRM is slow", action="reported", severity="high", issue_id="crm")
    return script.tell("task_completed" if task.endswith("1") else "task_failed", duration_ms=9000)


def many() -> str:
    scripts = [story(agent, f"{agent}-{number}") for agent in ("router", "billing") for number in range(1, 11)]
    return render_html(timeline_of(run_of(record for script in scripts for record in script.records)))


def hostile() -> str:
    script = Script(HOSTILE, HOSTILE).tell("task_started", project_id=HOSTILE, task_type=HOSTILE)
    script.custom("plan_created", HOSTILE, goal=HOSTILE, steps=[{"description": HOSTILE}, HOSTILE], revision=HOSTILE)
    script.step(0, "started", HOSTILE).action("started", HOSTILE).tell(HOSTILE, {HOSTILE: {HOSTILE: HOSTILE}})
    script.custom("queue_snapshot", depth=1, items=[HOSTILE], processing=HOSTILE)
    script.custom("issue", HOSTILE, issue_id=HOSTILE, category=HOSTILE, severity=HOSTILE)
    script.tell("escalated", {"summary": HOSTILE, "data": {"assigned_to": HOSTILE}}, problems=(HOSTILE,))
    site = CallSite(f"/src/{HOSTILE}.py", 1, HOSTILE)
    told = Record({"event_type": "custom", "payload": HOSTILE}, "other", site, (), 1, through=site)
    return render_html(timeline_of(run_of([*script.records, told])))


def test_the_page_tells_the_story() -> None:
    text = render_html(story().timeline)
    assert "1 task, 13 events of 1 agent in 12 s" in text
    assert '<a class="node red" href="#task-1-1-4">● search_crm ✗ 1 s</a>' in text
    assert '<span class="node red">● 1 issue</span> <span class="node amber">Q:8</span>' in text
    assert '<span class="place">/src/agent.py:6</span>' in text


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", many())
    assert "style=" not in many()


def test_hostile_events_stay_text_wherever_they_stand() -> None:
    text = hostile()
    assert text.count("<script") == text.count("</script") == 1
    assert text.count("<title>") == text.count("</title>")
    assert "<img" not in text
    assert "\x1b" not in text and "\u202e" not in text
    assert "{{7*7}}" in text


def test_a_run_without_events_says_so() -> None:
    assert "The run has told nothing." in render_html(timeline_of(run_of([])))


def test_the_command_writes_the_page(run: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "events.jsonl", run_of(story().records))
    assert run("timeline", "events.jsonl", "--format", "html", "-o", "timeline.html").code == 0
    assert (tmp_path / "timeline.html").read_text("utf-8").startswith("<!doctype html>")
    piped = run("timeline", "events.jsonl", "--format", "html")
    assert piped.out == (tmp_path / "timeline.html").read_text("utf-8")
    lost = run("timeline", "events.jsonl", "--format", "html", "-o", "nowhere/timeline.html")
    assert (lost.code, lost.err.splitlines()[-1]) == (2, "Hint: create the folder first")


def shown(browser: object, selector: str) -> int:
    script = "return [...document.querySelectorAll(arguments[0])].filter((found) => found.checkVisibility()).length"
    return int(browser.execute_script(script, selector))  # type: ignore[attr-defined]


def test_the_filters_work_together_and_hide_empty_tasks(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, many())
    by = browser.find_element  # type: ignore[attr-defined]
    assert (shown(browser, "section.task"), shown(browser, "[data-item]")) == (20, 160)
    by("css selector", "select[name=kind]").send_keys("retries")
    assert (shown(browser, "section.task"), shown(browser, "[data-item]")) == (20, 20)
    by("css selector", "select[name=agent]").send_keys("billing")
    by("css selector", "select[name=outcome]").send_keys("failed")
    assert by("id", "count").text == "9 of 160 rows"
    by("css selector", "input[name=text]").send_keys("billing-7")
    assert (shown(browser, "section.task"), shown(browser, "[data-item]")) == (1, 1)
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


def test_the_keyboard_leads_through_the_rows(browser: object, tmp_path: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
    opened(browser, tmp_path, render_html(story().timeline))
    browser.find_element("tag name", "body").send_keys("jjj")  # type: ignore[attr-defined]
    browser.switch_to.active_element.send_keys(keys.ENTER)  # type: ignore[attr-defined]
    (row,) = browser.find_elements("css selector", "ol.rows details[open]")  # type: ignore[attr-defined]
    assert "1 Search" in row.text and "/src/agent.py:9 in work" in row.text


def test_a_node_in_short_leads_to_its_row(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, many())
    browser.find_element("link text", "↻ retry #1").click()  # type: ignore[attr-defined]
    (row,) = browser.find_elements("css selector", "li:target")  # type: ignore[attr-defined]
    assert "retry #1" in row.text


def test_hostile_events_run_nothing(browser: object, tmp_path: Path) -> None:
    opened(browser, tmp_path, hostile())
    assert browser.title.startswith("1 task, ")  # type: ignore[attr-defined]
    assert browser.get_log("browser") == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [320, 390, 768, 1400])
def test_the_page_fits_any_width(width: int, browser: object, tmp_path: Path) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)  # type: ignore[attr-defined]
    for page in (many(), hostile()):
        opened(browser, tmp_path, page)
        wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")  # type: ignore[attr-defined]
        assert wide <= 0
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})  # type: ignore[attr-defined]


def test_all_is_there_without_javascript(browser: object, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})  # type: ignore[attr-defined]
    opened(browser, tmp_path, render_html(story().timeline))
    text = browser.find_element("tag name", "body").text  # type: ignore[attr-defined]
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})  # type: ignore[attr-defined]
    assert "retry #1" in text and "CRM is slow" in text
    assert "Text" not in text.split("\n")


def test_two_thousand_events_stay_quick(browser: object, tmp_path: Path) -> None:
    scripts = [story(task=f"lead-{number}") for number in range(154)]
    text = render_html(timeline_of(run_of(record for script in scripts for record in script.records)))
    opened(browser, tmp_path, text)
    assert "2,002 events" in browser.title  # type: ignore[attr-defined]
    filtered = """const start = performance.now(); document.querySelector("[name=text]").value = "retry";
        document.getElementById("filter").dispatchEvent(new Event("input")); document.body.offsetHeight;
        return performance.now() - start"""
    assert browser.execute_script(filtered) < 1000  # type: ignore[attr-defined]
    assert shown(browser, "[data-item]") == 154
