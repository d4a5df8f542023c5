"""A badge that tells the coverage, as an SVG file without anything from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiveloop_scan.report.tallies import Tally

_LABEL = "hiveloop"
_COLOURS = ((90, "#2e7d32"), (75, "#827717"), (50, "#b26a00"), (0, "#c62828"))
"""From which percentage on a colour is taken; all bear white text."""

_LETTER = 7
_MARGIN = 6


def render_badge(whole: Tally) -> str:
    """Return the badge: the tool's name and the share of places that are covered, in a colour."""
    value = f"{int(whole.percent)}%" if whole.total else "no places"
    colour = next(colour for least, colour in _COLOURS if whole.percent >= least)
    left, right = (len(text) * _LETTER + 2 * _MARGIN for text in (_LABEL, value))
    width = left + right
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{_LABEL}: {value}">
  <title>{_LABEL}: {value}</title>
  <rect width="{width}" height="20" rx="3" fill="#424242"/>
  <path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}z" fill="{colour}"/>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    <text x="{left / 2:g}" y="14">{_LABEL}</text>
    <text x="{left + right / 2:g}" y="14">{value}</text>
  </g>
</svg>
"""
