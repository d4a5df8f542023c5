"""What is known of an expression that holds an object of the SDK."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.sdk.signatures import Kind


class Source(enum.StrEnum):
    """Where a handle comes from."""

    BLOCK = "with"
    MADE = "made"
    GETTER = "getter"
    LOOKUP = "look-up"
    PARAMETER = "parameter"
    NAME = "name"
    USE = "use"


@dataclass(frozen=True, slots=True)
class Handle:
    """An object of the SDK: `origin` is the node that its value was traced to.

    `sure` is False where only names and calls speak for it, and the project has yet to show that it uses the SDK.
    One with a `reference` (see `hiveloop_scan.references`) is a guess: what that names in another file has to hold, or
    give, an object of the kind `referred`.
    """

    kind: Kind
    source: Source
    origin: cst.CSTNode
    sure: bool = True
    may_be_none: bool = False
    reference: str = ""
    referred: Kind | None = None
