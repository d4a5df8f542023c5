"""The rows of a timeline in a terminal: when, what, how long, where in the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hiveloop_scan.timeline.amounts import duration, since
from hiveloop_scan.timeline.model import Moment, Node, State, Timeline
from hiveloop_scan.timeline.printing import INDENT, STYLES, Columns, put
from hiveloop_scan.timeline.wording import places

if TYPE_CHECKING:
    from rich.console import Console

_FOR_PATHS, _UNLIMITED = 100, 1000
_BARS = range(12, 41)
_WHAT = range(28, 65)
_DEEPEST = 8
_GAP = "  "


def columns_of(timeline: Timeline, width: int) -> Columns:
    """Return columns that suit all rows of a timeline and a terminal of this width."""
    parts = [(task.nodes, task.at) for agent in timeline.agents for task in agent.tasks]
    parts += [(agent.loose, timeline.begin) for agent in timeline.agents]
    nodes = [node for own, _ in parts for node in own]
    at = max((len(since(begin, node.at)) for own, begin in parts for node in own), default=0)
    took = max((len(duration(node.seconds)) for node in nodes), default=0)
    site = max((cell_len(_place(node)) for node in nodes), default=0)
    what = max((_what(node).cell_len for node in nodes), default=0)
    if width >= _UNLIMITED:
        return Columns(at, min(what, 100), took, 0, site)
    site = min(site, width // (4 if width < _FOR_PATHS else 3))
    room = width - len(INDENT) - at - took - site - 3 * len(_GAP)
    bar = min(room - min(what, _WHAT[-1]) - len(_GAP), _BARS[-1])
    if bar < _BARS[0]:
        return Columns(at, min(what, max(room, _WHAT[0])), took, 0, site)
    return Columns(at, min(what, room - bar - len(_GAP)), took, bar, site)


def print_rows(nodes: Sequence[Node], begin: Moment, end: Moment, console: Console, columns: Columns) -> None:
    """Print the nodes; bars show when each was going on between `begin` and `end`."""
    for node in nodes:
        lines = _wrapped(_what(node), node, console, columns.what if console.width < _UNLIMITED else console.width)
        head = Text.assemble(
            INDENT,
            (since(begin, node.at).rjust(columns.at), "dim"),
            _GAP,
            _filled(lines[0], columns.what),
            _GAP,
            (duration(node.seconds).rjust(columns.took), "dim" if node.seconds is None else ""),
            _GAP,
            *((_bar(node, begin, end, columns.bar), _GAP) if columns.bar else ()),
            (_cut_left(_place(node), columns.site), "cyan"),
        )
        put(console, head)
        margin = " " * (len(INDENT) + columns.at + len(_GAP))
        for line in lines[1:]:
            put(console, Text.assemble(margin, line))
        for problem in node.problems:
            for line in Text(f"! {problem}", "red").wrap(console, max(console.width - len(margin) - 2, _WHAT[0])):
                put(console, Text.assemble(margin, " " * _indent(node), line))


def _what(node: Node) -> Text:
    style = STYLES[node.colour]
    text = Text.assemble(" " * _indent(node), (f"{node.symbol} ", style), (node.title, _title_style(node)))
    text.append(" ✗" if node.kind == "action" and node.state is State.FAILED else "", style)
    text.append("  " + ", ".join(node.facts) if node.facts else "", "dim")
    text.append(f"  {node.summary}" if node.summary else "")
    return text


def _title_style(node: Node) -> str:
    return {"task_started": "dim", "plan_step": STYLES[node.colour]}.get(node.kind, "bold")


def _indent(node: Node) -> int:
    return 2 * min(node.depth, _DEEPEST)


def _wrapped(text: Text, node: Node, console: Console, width: int) -> list[Text]:
    """Return the text in lines; those after the first begin below the title."""
    if text.cell_len <= width:
        return [text]
    hang = " " * (_indent(node) + 2)
    first, *_ = text.wrap(console, width)
    rest = text[len(first.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    further = list(rest.wrap(console, max(width - len(hang), 12))) if rest.plain else []
    return [first, *(Text.assemble(hang, line) for line in further)]


def _filled(text: Text, width: int) -> Text:
    text.rstrip()
    return Text.assemble(text, " " * max(width - text.cell_len, 0))


def _place(node: Node) -> str:
    return next(iter(places(node.sites)), "")


def _cut_left(text: str, width: int) -> str:
    """Return the end of a path: it says more than its beginning."""
    if cell_len(text) <= width:
        return text
    tails = [text[start:] for start in range(1, len(text)) if cell_len(text[start:]) < width]
    whole = [tail for tail in tails if tail.startswith("/")]  # better to lose a folder than half of its name
    return f"…{next(iter([*whole, *tails]), '')}"


def _bar(node: Node, begin: Moment, end: Moment, width: int) -> Text:
    if begin is None or end is None or node.at is None or end <= begin:
        return Text(" " * width)
    left = min(max((node.at - begin) / (end - begin), 0), 1) * (width - 1)
    long = min((node.seconds or 0) / (end - begin), 1) * width
    cells = max(round(left + long) - int(left), 1)
    mark = "━" * min(cells, width - int(left)) if node.seconds is not None else "·"
    return Text.assemble(" " * int(left), (mark, STYLES[node.colour]), " " * (width - int(left) - len(mark)))
