"""The visitor over a parsed file: hands each node to the detectors that asked for its kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule

Detect = Callable[..., Iterator[Match]]
"""``(node, module, options) -> matches``; the node is of one of the detector's kinds."""


@dataclass(frozen=True)
class Detector:
    """A function that answers *where*, and the kinds of node it looks at."""

    kinds: tuple[type[cst.CSTNode], ...]
    detect: Detect


def detector(*kinds: type[cst.CSTNode]) -> Callable[[Detect], Detector]:
    """Make a detector of a function ``(node, module, options)`` that yields a Match for each place it finds."""

    def make(detect: Detect) -> Detector:
        return Detector(kinds, detect)

    return make


def visit(module: ParsedModule, detect: Detector, options: Options, barred: Collection[int] = ()) -> Iterator[Match]:
    """Run one detector over every node of its kinds in `module`, outermost functions at `barred` lines left out."""
    for node in module.nodes(*detect.kinds, barred=barred):
        yield from detect.detect(node, module, options)
