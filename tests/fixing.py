"""Run `apply` in memory on a small project: one file of code and a module that offers the task and the agent."""

from __future__ import annotations

from pathlib import Path

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Proposal, Wish, propose
from hiveloop_scan.config import Config
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan

GETTERS = """\
import hiveloop


def get_current_task(): ...


def get_hiveloop_agent(name=None): ...
"""


def proposed(
    source: str,
    method: str,
    folder: Path,
    getters: str = GETTERS,
    style: Style = Style.INLINE,
    unsafe: bool = False,
    at_least: Confidence = Confidence.HIGH,
) -> Proposal:
    """Return what `apply` would do to `source` as ``agent.py`` beside ``observability.py``.

    `method` may be several, separated by commas.
    """
    (folder / "agent.py").write_bytes(source.encode())
    (folder / "observability.py").write_text(getters)
    rules = tuple(rule for rule in load_rules() if rule.method in method.split(","))
    plan = Plan(rules, Config(folder), at_least)
    return propose(discover([folder]), [], plan, Wish(style, unsafe))


def applied(
    source: str,
    method: str,
    folder: Path,
    getters: str = GETTERS,
    style: Style = Style.INLINE,
    unsafe: bool = False,
    at_least: Confidence = Confidence.HIGH,
) -> str:
    """Return `source` as `apply` would leave it."""
    changed = proposed(source, method, folder, getters, style, unsafe, at_least).changed
    return changed[0].after.decode() if changed else source
