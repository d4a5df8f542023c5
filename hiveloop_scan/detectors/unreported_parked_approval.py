"""Find requests that are put aside until a person has decided, in files where nothing waits."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.approval_captures import approval_captures
from hiveloop_scan.approvals.parking import WEAK, Parking, decides, parkings_in
from hiveloop_scan.approvals.speech import classes_around
from hiveloop_scan.approvals.surroundings import after, before
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef)
def unreported_parked_approval(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    parkings = parkings_in(function, module, options)
    if not parkings:
        return
    own = decides(function, module, options)
    decided = any(decides(other, module, options) for other in module.nodes(cst.FunctionDef) if other is not function)
    for parking in parkings:
        facts = [parking.fact, *_around(parking, function, module, options)]
        if parking.fact in WEAK and "a-person-is-spoken-of" not in facts:
            continue
        if own or (parking.fact != "waits-for-the-yes-it-asks-for" and _reads(function.name.value, options)):
            facts.append("function-reads-or-decides")
        if decided:
            facts.append("file-notes-the-decision")
        captures = approval_captures(parking.node, code(parking.node), module, options)
        record = code(parking.record) if parking.record is not None else None
        clues = [Clue(parking.handed_to, "parks-a-request", "is-parked-by-what-is-called")] if parking.handed_to else []
        yield Match(parking.node, {**captures, "record": record, "parked": True}, facts, clues)


def _reads(name: str, options: Options) -> bool:
    """Say whether a function is named for reading, showing or settling requests, and not for making them."""
    said = words(name)
    return bool(said) and (said[0] in options["reading_verbs"] or said[-1] in options["shown_words"])


def _around(parking: Parking, function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[str]:
    branch = module.enclosing(parking.node, cst.If, cst.FunctionDef)
    said = f"{before(parking.node, module)} {after(parking.node, module)}"
    if isinstance(branch, cst.If):
        said = f"{said} {code(branch.test)}"
    if mentions(said, options["person_words"]):
        yield "a-person-is-spoken-of"
    if mentions(f"{function.name.value} {classes_around(parking.node, module)}", options["record_words"]):
        yield "code-speaks-of-approval"
    if mentions(f"{function.name.value} {classes_around(parking.node, module)}", options["sign_in_words"]):
        yield "signs-somebody-in"
