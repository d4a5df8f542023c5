"""Where the time of a run went, for people."""

from __future__ import annotations

from collections import Counter

from hiveloop_scan.timing import Timing

_MOST = 15


def render_profile(timing: Timing, seconds: float) -> str:
    """Write the phases, the slowest rules and the slowest files; times of processes side by side are added up."""
    return "".join(
        [
            f"{seconds:.2f} s from the first file to the last; below, the times of all processes added up.\n",
            _table("by phase", timing.phases),
            _table("by rule (on sketches, and on what libcst parsed)", timing.rules),
            _table("slowest files", timing.files),
        ]
    )


def _table(title: str, seconds: Counter[str]) -> str:
    rows = [f"{spent:9.3f} s  {name}\n" for name, spent in seconds.most_common(_MOST)]
    rest = len(seconds) - _MOST
    return "".join([f"\n{title}\n", *rows, f"{'':9}    and {rest} more\n" if rest > 0 else ""])
