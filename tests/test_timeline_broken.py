"""Whatever events look like, all of them are shown and none breaks the timeline."""

from __future__ import annotations

from functools import partial
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from hiveloop_scan.report.console import rendered_for_file
from hiveloop_scan.timeline.building import timeline_of
from hiveloop_scan.timeline.html import render_html
from hiveloop_scan.timeline.text import print_timeline
from hiveloop_scan.verify.records import CallSite, Record
from tests.runs import run_of

KINDS = (
    "task_started", "task_completed", "task_failed", "action_started", "action_completed", "action_failed",
    "retry_started", "escalated", "approval_requested", "approval_received", "agent_registered", "heartbeat", "custom",
)  # fmt: skip
CUSTOM = ("plan_created", "plan_step", "issue", "queue_snapshot", "llm_call", "todo", "scheduled")
OF_THE_AGENT = ("agent_registered", "heartbeat")
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(), st.floats(), st.sampled_from([10**400, -(10**400), 2**63]))
WORDS = st.one_of(st.text(max_size=12), st.sampled_from(["a", "b", "started", "completed", "\x1b[2J</script>"]))
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=8,
)
IDS = st.sampled_from(["x", "y", "z"])
MOMENTS = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from([f"2026-02-12T14:30:{second:02}.000Z" for second in range(60)]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
)


def often(likely: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly what belongs there, else anything that JSON can carry."""
    return st.one_of(likely, likely, likely, ANYTHING)


DATA = st.fixed_dictionaries(
    {},
    optional={
        "steps": often(st.lists(st.one_of(WORDS, st.fixed_dictionaries({"description": often(WORDS)})), max_size=4)),
        "revision": often(st.integers(0, 2)),
        "step_index": often(st.integers(0, 3)),
        "plan_revision": often(st.integers(0, 2)),
        "action": often(st.sampled_from(["started", "completed", "failed", "skipped", "reported", "resolved"])),
        "attempt": often(st.integers(0, 3)),
        "backoff_seconds": often(st.floats(0, 9)),
        "issue_id": often(IDS),
        "depth": often(st.integers(0, 9)),
        "items": often(st.lists(st.fixed_dictionaries({"id": often(IDS)}), max_size=3)),
        "duration_ms": often(st.integers(0, 900)),
        "tokens_in": often(st.integers(0, 900)),
        "decision": often(st.sampled_from(["approved", "rejected"])),
    },
)
PAYLOAD = st.fixed_dictionaries(
    {"kind": often(st.sampled_from(CUSTOM))},
    optional={"data": often(DATA), "summary": often(WORDS), "action_name": often(WORDS)},
)
EVENT = st.fixed_dictionaries(
    {"event_type": often(st.sampled_from(KINDS))},
    optional={
        "timestamp": often(MOMENTS),
        "task_id": often(IDS),
        "task_run_id": often(IDS),
        "action_id": often(IDS),
        "parent_action_id": often(IDS),
        "status": often(WORDS),
        "duration_ms": often(st.integers(0, 900)),
        "payload": often(PAYLOAD),
    },
)
SITES = st.one_of(st.none(), st.builds(CallSite, WORDS, st.integers(-1, 99), WORDS))
RECORDS = st.builds(
    Record, EVENT, st.one_of(IDS, WORDS), SITES, st.lists(WORDS, max_size=2).map(tuple), st.integers(1, 2), SITES
)
RUNS = st.lists(RECORDS, max_size=25)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def kind_of(event: dict[str, object]) -> object:
    payload = event.get("payload")
    kind = payload.get("kind") if isinstance(payload, dict) else None
    return kind if event["event_type"] == "custom" and isinstance(kind, str) else event["event_type"]


def deep(levels: int) -> object:
    value: object = "end"
    for _ in range(levels):
        value = [value]
    return value


ODD: tuple[object, ...] = (
    None, True, "", " \n", "\ud800\x1b[2J\u202e", -1, 0.5, 10**400, float("nan"), float("-inf"),
    [], [None, 3, {}], {}, {"description": []}, deep(3000), "0001-01-01T00:00:00+14:00",
)  # fmt: skip
OUTER = ("timestamp", "task_id", "task_run_id", "action_id", "parent_action_id", "status", "duration_ms", "payload")
INNER = ("summary", "action_name", "exception_type", "data", "kind")
DEEP = (
    "goal", "steps", "revision", "step_index", "action", "plan_revision", "turns", "attempt", "backoff_seconds", "name",
    "model", "tokens_in", "cost", "duration_ms", "depth", "oldest_age_seconds", "items", "processing", "severity",
    "issue_id", "occurrence_count", "assigned_to", "approver", "decision", "type",
)  # fmt: skip


def with_odd_values() -> list[Record]:
    """Each kind of event, with each odd value in the place of each field."""
    records = []
    for kind in (*KINDS[5:10], *CUSTOM):
        for place, names in ((0, OUTER), (1, INNER), (2, DEEP)):
            for name in names:
                for odd in ODD:
                    parts: list[dict[str, object]] = [{}, {}, {}]
                    parts[place][name] = odd
                    payload = {"kind": kind, "data": {"action": "started", **parts[2]}, **parts[1]}
                    event = {"event_type": "custom" if kind in CUSTOM else kind, "task_id": f"{kind} {name}"}
                    records.append(Record({**event, "payload": payload, **parts[0]}, "a", None, (), 1))
    return records


def test_any_field_of_any_event_may_hold_anything() -> None:
    timeline = timeline_of(run_of(with_odd_values()))
    text = rendered_for_file(partial(print_timeline, timeline))
    page = render_html(timeline)
    assert "\x1b" not in text + page and "\u202e" not in text + page
    assert page.count("</section>") > len(KINDS) * len(DEEP)


@SLOW
@given(RUNS, st.sampled_from([1, 40, 80, 160, 100_000]))
def test_any_events_can_be_printed(records: list[Record], width: int) -> None:
    text = StringIO()
    print_timeline(timeline_of(run_of(records)), Console(file=text, width=width, highlight=False, markup=False))
    assert "\x1b" not in text.getvalue()


@SLOW
@given(RUNS)
def test_any_events_make_a_page_that_nothing_gets_out_of(records: list[Record]) -> None:
    page = render_html(timeline_of(run_of(records)))
    assert page.count("<script") == page.count("</script") == 1
    assert "\x1b" not in page


@SLOW
@given(RUNS)
def test_no_event_is_lost(records: list[Record]) -> None:
    marked = [
        Record({**record.event, "mark": f"mark-{number}-"}, record.agent, record.site, (), record.process)
        for number, record in enumerate(records)
    ]
    page = render_html(timeline_of(run_of(marked)))
    for number, record in enumerate(records):
        whole = kind_of(dict(record.event)) in (*OF_THE_AGENT, "issue", "queue_snapshot")
        assert whole or f"mark-{number}-" in page


@SLOW
@given(RUNS)
def test_every_event_is_counted(records: list[Record]) -> None:
    text = rendered_for_file(partial(print_timeline, timeline_of(run_of(records))))
    assert f"{len(records):,} event" in text
