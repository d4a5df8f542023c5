"""The nouns of the start page: what there is in a folder, and what to type next."""

from __future__ import annotations

from dataclasses import dataclass

from hiveloop_scan.model import Report


@dataclass(frozen=True, slots=True)
class FrameworkUse:
    """An agent framework: how many files import it, and how many agents they make with it."""

    name: str
    files: int
    agents: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command to type and what it does."""

    command: str
    effect: str


@dataclass(frozen=True, slots=True)
class Agents:
    """The agents of a code base: ids registered with HiveLoop ("" where one is computed), frameworks, own classes."""

    registered: tuple[str, ...] = ()
    frameworks: tuple[FrameworkUse, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hiveloop:
    """Where a code base speaks of the SDK: files that import it, and the file that lists it as a dependency.

    `plumbing` says in words what gives the current task and agent, the best first.
    """

    files: int = 0
    listed_in: str = ""
    plumbing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What a first look at a folder has found.

    `report` is about the files that were scanned, out of `files` with `lines`; `is_cut` says that the look ended
    before the folder did, `projects` are the folders below that look like one.
    """

    files: int
    lines: int
    report: Report
    agents: Agents = Agents()
    hiveloop: Hiveloop = Hiveloop()
    is_cut: bool = False
    projects: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
