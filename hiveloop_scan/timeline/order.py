"""Which node is part of which: actions by the ids that they name, the rest by what was going on at that moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hiveloop_scan.timeline.model import Node

_MOST_OPEN = 50
"""More actions at a time than this are no nest of which the innermost could be told."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A node before its place is known: its first and last event by their order in time, and whom it names.

    `action` is the id that others name as their parent, `parent` the one that this names, "" where it is known to be
    part of none; `last` is None for what has no end; what `stands_alone` is part of nothing, whatever was going on.
    """

    node: Node
    first: int
    last: int | None
    process: int
    action: str = ""
    parent: str | None = None
    is_step: bool = False
    stands_alone: bool = False


def nested(placed: Iterable[Placed]) -> tuple[Node, ...]:
    """Return the nodes in the order of time, each behind what it is part of, with their depths."""
    items = sorted(placed, key=lambda item: item.first)
    parents = _parents(items)
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for index, parent in enumerate(parents):
        children[parent].append(index)
    done: dict[int, int] = {}
    for start in (*children[None], *range(len(items))):  # those in a circle of parents have no root
        waiting = [(start, 0)]
        while waiting:
            index, depth = waiting.pop()
            if index not in done:
                done[index] = depth
                waiting += [(child, depth + 1) for child in reversed(children[index])]
    return tuple(items[index].node.below(depth) for index, depth in done.items())


def _parents(items: Sequence[Placed]) -> list[int | None]:
    """Return for each item the position of the one that it is part of."""
    by_action: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.action:
            by_action.setdefault(item.action, index)
    parents: list[int | None] = []
    for index, item in enumerate(items):
        named = by_action.get(item.parent) if item.parent else None
        parents.append(named if named != index else None)
    are_nested = _are_nested(items, parents)
    going_on: list[int] = []
    for index, item in enumerate(items):
        going_on = [other for other in going_on[-2 * _MOST_OPEN :] if _is_open(items[other], item)]
        if item.stands_alone:
            continue
        if item.parent is None and are_nested:
            parents[index] = next((other for other in reversed(going_on) if items[other].action), None)
        steps = [other for other in going_on if items[other].is_step]
        if len(steps) == 1 and not item.is_step and parents[steps[0]] == parents[index]:
            parents[index] = steps[0]
        if (item.action or item.is_step) and item.last != item.first:
            going_on.append(index)
    return parents


def _are_nested(items: Sequence[Placed], parents: Sequence[int | None]) -> bool:
    """Say whether each action began as a part of the one before it that was going on.

    Where some went on side by side, nobody can tell of which of them another event is a part.
    """
    going_on: list[int] = []
    for index, item in enumerate(items):
        if item.action:
            going_on = [other for other in going_on if _is_open(items[other], item)]
            if (going_on and parents[index] != going_on[-1]) or len(going_on) > _MOST_OPEN:
                return False
            going_on.append(index)
    return True


def _is_open(item: Placed, later: Placed) -> bool:
    return (item.last is None or item.last > later.first) and item.process == later.process
