"""What a run has told becomes a timeline: tasks with their plans and nodes, and what belongs to no task."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

import hiveloop  # type: ignore[import-untyped]
import pytest

from hiveloop_scan.timeline.building import timeline_of
from hiveloop_scan.timeline.model import Agent, Colour, State, Task, Timeline
from tests.runs import Script, received, run_of, shape_of
from tests.sink import KEY, Sink, open_sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


def work(sink: Sink) -> Timeline:
    """Have an agent of the real SDK do a bit of everything."""
    hb = hiveloop.init(KEY, endpoint=sink.endpoint, flush_interval=0.2)
    agent = hb.agent("router", type="sales", queue_provider=lambda: {"depth": 7})
    with suppress(ValueError), agent.task("lead-1", project="pipeline", type="lead") as task:
        task.plan("Route the lead", ["Search", "Score"])
        task.plan_step(0, "started", "Searching")
        with agent.track_context("process"):
            with suppress(TimeoutError), agent.track_context("search"):
                raise TimeoutError("no answer")
            task.retry("Search again", attempt=1, backoff_seconds=2.0)
            with agent.track_context("search"):
                task.llm_call("rank", "sonnet", tokens_in=1200, tokens_out=80, cost=0.0125, duration_ms=40)
        task.plan_step(0, "completed", "Found", turns=2, tokens=3200)
        task.escalate("Too hard", assigned_to="people")
        task.request_approval("May I?", approver="lead")
        task.approval_received("No", approved_by="lead", decision="rejected")
        raise ValueError("lost")
    agent.report_issue("CRM is down", "high", issue_id="crm", category="connectivity", occurrence_count=3)
    agent.report_issue("CRM is down", "high", issue_id="crm", occurrence_count=4)
    agent.resolve_issue("CRM is back", issue_id="crm")
    agent.report_issue("No key", "critical")
    agent.queue_snapshot(2, oldest_age_seconds=90, items=[{"id": "j1", "priority": "high", "summary": "Review"}])
    agent._emit_heartbeat()  # the first comes after 30 s otherwise
    with agent.track_context("clean up"):
        pass
    return timeline_of(received(sink.arrived()))


@pytest.fixture
def agent(sink: Sink) -> Agent:
    (agent,) = work(sink).agents
    return agent


@pytest.fixture
def task(agent: Agent) -> Task:
    (task,) = agent.tasks
    return task


def test_nodes_stand_in_the_order_of_time_behind_what_they_are_part_of(task: Task) -> None:
    assert shape_of(task) == [
        "○ started",
        "◇ plan",
        "■ 1 Search",
        "  ● process",
        "    ● search",
        "    ↻ retry #1",
        "    ● search",
        "      ■ rank",
        "▲ escalated",
        "◆ approval requested",
        "✗ rejected",
        "✗ failed",
    ]


def test_nodes_have_the_colours_of_the_dashboard(task: Task) -> None:
    colours = {node.title: node.colour for node in task.nodes if node.state is not State.FAILED}
    assert colours["process"] is Colour.BLUE
    assert colours["rank"] is Colour.PURPLE
    assert colours["retry #1"] is colours["escalated"] is colours["approval requested"] is Colour.AMBER
    assert [node.colour for node in task.nodes if node.title == "search"] == [Colour.RED, Colour.BLUE]


def test_nodes_say_what_is_worth_a_glance(task: Task) -> None:
    said = {node.title: (node.facts, node.summary) for node in task.nodes if node.state is not State.FAILED}
    assert said["retry #1"] == (("waits 2 s",), "Search again")
    assert said["rank"] == (("sonnet", "1,200 → 80 tokens", "$0.0125"), "")
    assert said["1 Search"] == (("2 turns", "3200 tokens"), "Found")
    assert said["escalated"] == (("to people",), "Too hard")
    failed = next(node for node in task.nodes if node.state is State.FAILED)
    assert failed.summary == "TimeoutError: no answer"


def test_a_call_of_a_model_begins_before_it_is_told(task: Task) -> None:
    rank, search = (next(node for node in reversed(task.nodes) if node.title == title) for title in ("rank", "search"))
    assert rank.seconds == 0.04
    assert rank.at and search.at and rank.at < search.at


def test_a_task_says_how_it_ended(task: Task) -> None:
    assert task.state is State.FAILED
    assert task.labels == ("pipeline", "lead")
    assert task.seconds is not None
    assert task.nodes[-1].summary == "ValueError: lost"


def test_an_agent_has_issues_a_queue_and_what_belongs_to_no_task(agent: Agent) -> None:
    assert [(issue.title, issue.is_open, issue.facts) for issue in agent.issues] == [
        ("CRM is down", False, ("high", "×4", "crm")),
        ("No key", True, ("critical",)),
    ]
    assert [(sample.depth, sample.facts, sample.items) for sample in agent.queue] == [
        (2, ("oldest 1 min 30 s",), ("j1, high, Review",)),
        (7, (), ()),
    ]
    assert [node.title for node in agent.loose] == ["clean up"]
    assert (agent.labels, agent.heartbeats, agent.open_issues) == (("sales",), 1, 1)


def test_steps_of_a_plan_are_as_far_as_they_were_told() -> None:
    script = Script().plan("a", "b", "c", "d").step(0, "started").step(0, "completed", "ok").step(1, "started")
    script.step(2, "started").step(2, "failed", "403")
    (plan,) = script.told_task.plans
    assert [step.state for step in plan.steps] == [State.COMPLETED, State.RUNNING, State.FAILED, State.WAITING]
    assert plan.steps[2].summary == "403"


def test_a_new_revision_replaces_the_plan_and_leaves_its_steps_alone() -> None:
    script = Script().plan("a", "b").step(0, "completed").step(1, "failed").plan("c", revision=1)
    old, new = script.step(0, "started", revision=1).told_task.plans
    assert (old.is_current, new.is_current) == (False, True)
    assert [step.state for step in old.steps] == [State.COMPLETED, State.FAILED]
    assert [step.state for step in new.steps] == [State.RUNNING]


def test_two_plans_of_one_revision_are_told_apart_from_what_the_dashboard_makes_of_them() -> None:
    *_, plan = Script().plan("buy").plan("sell").told_task.plans
    assert plan.problems == ("a plan of revision 0 follows one of revision 0: their steps get mixed",)


def test_a_step_that_the_plan_does_not_have_is_named() -> None:
    *_, node = Script().plan("a").step(1, "started").told_task.nodes
    assert node.title == "step 2"
    assert node.problems == ("there is no step 1 in a plan of 1: its steps are counted from 0",)


def test_a_step_without_a_plan_says_so() -> None:
    (node,) = Script().step(0, "started").told_task.nodes
    assert node.title == "step 1"
    assert node.problems == ("its task has told no plan; the timeline of this task fails",)


def test_events_out_of_order_make_the_same_timeline() -> None:
    script = Script().tell("task_started").plan("a").step(0, "started").action("started", "outer")
    script.action("started", "inner", "outer").action("failed", "inner", "outer").tell("retry_started")
    script.action("completed", "outer").step(0, "completed").tell("task_completed")
    mixed = random.Random(7).sample(script.records, len(script.records))
    assert mixed != script.records
    assert shape_of(next(timeline_of(run_of(mixed)).tasks)) == shape_of(script.told_task)


def test_a_task_that_never_ends_is_still_going_on() -> None:
    task = Script().tell("task_started").action("started", "search").told_task
    assert (task.state, task.seconds) == (State.RUNNING, None)
    assert task.nodes[-1].facts == ("its end was not told",)


def test_a_task_whose_start_is_missing_says_so() -> None:
    task = Script().tell("escalated", {"summary": "help"}).told_task
    assert (task.state, task.problems) == (State.WAITING, ("its start was not told",))


def test_two_runs_of_a_task_are_two_tasks() -> None:
    script = Script()
    for run in ("r1", "r2"):
        script.tell("task_started", task_run_id=run).tell("escalated").tell("task_completed", task_run_id=run)
    assert [len(task.nodes) for task in script.timeline.tasks] == [3, 3]


def test_a_task_that_starts_again_without_a_name_for_its_run_is_another_one() -> None:
    script = Script().tell("task_started").tell("task_completed").tell("task_started").tell("escalated")
    assert [len(task.nodes) for task in script.timeline.tasks] == [2, 2]


def test_agents_keep_what_is_theirs() -> None:
    one, two = Script("one").tell("task_started"), Script("two").tell("task_started").tell("task_completed")
    timeline = timeline_of(run_of([*one.records, *two.records]))
    assert [(agent.name, len(agent.tasks[0].nodes)) for agent in timeline.agents] == [("one", 1), ("two", 2)]


def test_actions_side_by_side_take_in_nothing_that_might_be_of_the_other() -> None:
    script = Script().action("started", "left").action("started", "right").tell("retry_started")
    script.action("completed", "left").action("completed", "right")
    assert shape_of(script.told_task) == ["● left", "● right", "↻ retry"]


def test_what_happens_after_actions_side_by_side_is_nobody_s_part_either() -> None:
    script = Script().action("started", "left").action("started", "right").action("completed", "left")
    script.tell("retry_started").action("completed", "right")
    assert shape_of(script.told_task) == ["● left", "● right", "↻ retry"]


def test_an_action_that_ends_in_another_task_is_a_mistake_worth_telling() -> None:
    script = Script().tell("task_started").action("started", "search")
    script.task = "lead-2"
    script.action("completed", "search")
    first, *_ = script.timeline.tasks
    assert "began under one task and ended under another" in first.nodes[-1].problems[0]


def test_parents_in_a_circle_are_shown_all_the_same() -> None:
    script = Script().action("started", "a", "b").action("started", "b", "a").action("started", "c", "c")
    assert sorted(node.title for node in script.told_task.nodes) == ["a", "b", "c"]


def test_a_thousand_actions_within_each_other_are_shown() -> None:
    script = Script()
    for number in range(1000):
        script.action("started", f"n{number}", f"n{number - 1}")
    assert script.told_task.nodes[-1].depth == 999


def test_an_end_without_a_report_is_told() -> None:
    (issue,) = Script().custom("issue", "fine again", action="resolved", issue_id="x").told_agent.issues
    assert (issue.is_open, issue.problems) == (False, ("it ends what was never reported",))


def test_an_answer_goes_with_the_oldest_question() -> None:
    script = Script().tell("approval_requested").tell("approval_requested").tell("approval_received")
    assert [node.seconds for node in script.told_task.nodes] == [2.0, None, None]
    assert script.told_task.nodes[1].facts == ("no answer",)


def test_problems_of_an_event_stand_at_its_node() -> None:
    (node,) = Script().tell("escalated", {"summary": "x"}, problems=("HiveBoard drops it",)).told_task.nodes
    assert node.problems == ("HiveBoard drops it",)


def test_a_node_knows_the_lines_that_it_comes_from() -> None:
    (node,) = Script().action("started", "search").action("completed", "search").told_task.nodes
    assert [(site.path, site.line) for site in node.sites] == [("/src/agent.py", 1), ("/src/agent.py", 2)]
