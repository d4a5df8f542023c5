"""A timeline in a terminal: agents with their queues and issues, tasks with their plans and a row for each node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from hiveloop_scan.report.summary import count_of
from hiveloop_scan.timeline.amounts import since
from hiveloop_scan.timeline.model import Agent, Issue, Moment, Plan, State, Task, Timeline
from hiveloop_scan.timeline.plans import COLOURS, SYMBOLS
from hiveloop_scan.timeline.printing import INDENT, STYLES, Columns, put, put_hanging
from hiveloop_scan.timeline.rows import columns_of, print_rows
from hiveloop_scan.timeline.wording import about, badges, counts, lifetime, outcome, places, progress, queue_line

if TYPE_CHECKING:
    from rich.console import Console

_TASKS = {
    State.COMPLETED: ("✓", "green"),
    State.FAILED: ("✗", "red"),
    State.RUNNING: ("▪", STYLES["blue"]),
    State.WAITING: ("?", "red"),
}
_BARS = "▁▂▃▄▅▆▇█"
_WIDEST_CURVE = 40
_WIDEST_STEP = 60


def print_timeline(timeline: Timeline, console: Console) -> None:
    """Print the timeline; what is no terminal gets no colours, and lines as long as they are."""
    columns = columns_of(timeline, console.width)
    for agent in timeline.agents:
        _print_agent(agent, timeline.begin, console)
        for task in agent.tasks:
            _print_task(task, timeline.begin, console, columns)
        if agent.loose:
            put(console, Text("outside of tasks", "bold"))
            print_rows(agent.loose, timeline.begin, timeline.end, console, columns)
            put(console, Text())
    for words in about(timeline):
        put_hanging(console, Text(), Text(words))


def _print_agent(agent: Agent, begin: Moment, console: Console) -> None:
    line = Text.assemble((agent.name, "bold underline"))
    line.append("  " + ", ".join(agent.labels) if agent.labels else "", "dim")
    for words, colour in badges(agent):
        line.append("  ").append(words, STYLES[colour])
    if agent.heartbeats:
        line.append(f"  {count_of(agent.heartbeats, 'heartbeat')}", "dim")
    line.append("  " + ", ".join(places(agent.sites)) if agent.sites else "", "cyan")
    put_hanging(console, Text(), line, INDENT)
    if agent.queue:
        sites = places(list(dict.fromkeys(site for sample in agent.queue for site in sample.sites)))
        curve = Text(_curve([sample.depth for sample in agent.queue]), STYLES["blue"])
        said = Text.assemble(curve, "  ", queue_line(agent), ("  " + ", ".join(sites) if sites else "", "cyan"))
        put_hanging(console, Text(f"{INDENT}queue  ", "bold"), said)
        _print_problems([problem for sample in agent.queue for problem in sample.problems], console)
    for issue in agent.issues:
        _print_issue(issue, begin, console)
    put(console, Text())


def _curve(depths: Sequence[float]) -> str:
    """Return the depths as bars of text, the highest of each stretch where there are more than fit."""
    per = max(1, -(-len(depths) // _WIDEST_CURVE))
    highest = [max(depths[start : start + per]) for start in range(0, len(depths), per)]
    top = max(highest) or 1
    return "".join(_BARS[round(depth / top * (len(_BARS) - 1))] for depth in highest)


def _print_issue(issue: Issue, begin: Moment, console: Console) -> None:
    mark, colour = ("●", "red") if issue.is_open else ("✓", "green")
    said = Text.assemble((f"{mark} ", STYLES[colour]), (issue.title, "bold"))
    said.append("  " + ", ".join(issue.facts) if issue.facts else "", "dim")
    said.append(f"  {lifetime(issue, begin)}")
    said.append(f": {issue.ending}" if issue.ending and issue.ending != issue.title else "")
    said.append("  " + ", ".join(places(issue.sites)) if issue.sites else "", "cyan")
    put_hanging(console, Text(f"{INDENT}issue  ", "bold"), said)
    _print_problems(issue.problems, console)


def _print_task(task: Task, begin: Moment, console: Console, columns: Columns) -> None:
    symbol, style = _TASKS[task.state]
    head = Text.assemble((f"{symbol} ", style), (task.name, "bold"), "  ", (outcome(task), style))
    head.append(f", from {since(begin, task.at)}" if task.at is not None and task.at != begin else "", "dim")
    head.append("  " + ", ".join(task.labels) if task.labels else "", "dim")
    put_hanging(console, Text(), head, INDENT)
    if said := counts(task):
        put_hanging(console, Text(INDENT), Text(said, "dim"))
    _print_problems(task.problems, console)
    for plan in task.plans:
        _print_plan(plan, console)
    start = task.at if task.at is not None else begin
    end = start + task.seconds if start is not None and task.seconds is not None else None
    print_rows(task.nodes, start, end, console, columns)
    put(console, Text())


def _print_plan(plan: Plan, console: Console) -> None:
    goal = Text.assemble((plan.goal or "a plan without a goal", "bold" if plan.is_current else "dim"))
    goal.append(f"  {progress(plan)}", "dim")
    goal.append(f", revision {plan.revision}" if plan.revision != "0" else "", "dim")
    goal.append("" if plan.is_current else ", replaced", "dim")
    put_hanging(console, Text(INDENT), goal)
    room = max(min(_WIDEST_STEP, console.width - len(INDENT) - 4), 8)
    boxes = [_box(step.description, step.state, room) for step in plan.steps]
    for line in _lines(boxes, console.width - len(INDENT)):
        put(console, Text.assemble(INDENT, line))
    _print_problems(plan.problems, console)


def _box(description: str, state: State, room: int) -> Text:
    words = Text(f"{SYMBOLS[state]} {description}")
    words.truncate(room, overflow="ellipsis")
    style = STYLES[COLOURS[state]]
    return Text.assemble(("[", style), (words.plain, style), ("]", style))


def _lines(boxes: Iterable[Text], width: int) -> list[Text]:
    """Return the boxes in as many lines as the width asks for; none is broken."""
    lines: list[Text] = []
    for box in boxes:
        if lines and lines[-1].cell_len + 1 + box.cell_len <= width:
            lines[-1].append(" ").append_text(box)
        else:
            lines.append(box)
    return lines


def _print_problems(problems: Iterable[str], console: Console) -> None:
    for problem in dict.fromkeys(problems):
        put_hanging(console, Text(f"{INDENT}! ", "red"), Text(problem, "red"))
