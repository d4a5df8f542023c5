"""A page in a real browser."""

from __future__ import annotations

from pathlib import Path


def opened(browser: object, folder: Path, text: str, fragment: str = "") -> None:
    (folder / "page.html").write_text(text, "utf-8")
    browser.get("about:blank")  # type: ignore[attr-defined]
    browser.get(f"file://{folder}/page.html{fragment}")  # type: ignore[attr-defined]
