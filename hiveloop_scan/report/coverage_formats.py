"""The forms in which coverage is told."""

from __future__ import annotations

import enum


class CoverageFormat(enum.StrEnum):
    """The values of --format."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SVG = "svg"
