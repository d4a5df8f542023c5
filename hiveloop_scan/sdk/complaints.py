"""A match about a call of the SDK: with what is known of the object it is made on."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Capture, Clue, Match
from hiveloop_scan.sdk.calls import SdkCall
from hiveloop_scan.sdk.elsewhere import USES_THE_SDK, holds
from hiveloop_scan.sdk.handle import Handle
from hiveloop_scan.syntax.tree import code

_PROVEN = "project-uses-the-sdk"
_LONGEST = 60


def complaint(
    call: SdkCall, *facts: str, at: cst.CSTNode | None = None, clues: tuple[Clue, ...] = (), **captures: Capture
) -> Match:
    """Return a match at `call` (or at a node that belongs to it) with its method, what it is made on, and `facts`."""
    told = "on-an-sdk-object" if call.sure else "looks-like-an-sdk-object"
    known = {"method": call.method, "receiver": short(call.receiver) if call.receiver else "hiveloop", **captures}
    return Match(at or call.node, known, [told, *facts], (*clues, *(() if call.sure else (_proof_of(call.handle),))))


def _proof_of(handle: Handle) -> Clue:
    """Return the clue that makes a handle in doubt one of the SDK."""
    if handle.referred:
        return Clue(handle.reference, holds(handle.referred), _PROVEN)
    return Clue("*", USES_THE_SDK, _PROVEN)


def short(node: cst.CSTNode) -> str:
    """Return the source of `node` on one line, cut where it is long."""
    text = code(node)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
