"""The commands of the program: what each is for, and where it is, to be imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command: its module and function, what it is for in one sentence, and how it is typed."""

    where: str
    purpose: str
    examples: tuple[str, ...]
    is_last: bool = False
    """Whether what stands behind it belongs to another program."""

    def load(self) -> Callable[..., None]:
        """Import the function."""
        module, _, name = self.where.partition(":")
        function: Callable[..., None] = getattr(importlib.import_module(f"hiveloop_scan.commands.{module}"), name)
        return function

    @property
    def settings(self) -> dict[str, bool]:
        """How the words behind it are read."""
        return {"allow_interspersed_args": False} if self.is_last else {}


COMMANDS = {
    "init": Command(
        "init:init",
        "Write the module that gives your code its task and agent.",
        (
            "hiveloop-scan init",
            "hiveloop-scan init src/my_agent --diff",
            "hiveloop-scan init --name telemetry",
        ),
    ),
    "report": Command(
        "report:report",
        "Show where calls are missing, and why.",
        (
            "hiveloop-scan report",
            "hiveloop-scan report ./src --method retry --min-confidence high",
            "hiveloop-scan report ./src --sort value --output html:report.html",
            "hiveloop-scan report - --stdin-filename src/agent.py < src/agent.py",
        ),
    ),
    "apply": Command(
        "apply:apply",
        "Write the missing calls.",
        (
            "hiveloop-scan apply --method retry --diff ./src",
            "hiveloop-scan apply --method retry ./src",
            "hiveloop-scan apply --interactive ./src",
            "hiveloop-scan apply --check",
        ),
    ),
    "undo": Command(
        "undo:undo",
        "Take back the last run of apply, lint --fix or remove.",
        ("hiveloop-scan undo",),
    ),
    "remove": Command(
        "undo:remove",
        "Take out the calls that apply has written.",
        (
            "hiveloop-scan remove --diff",
            "hiveloop-scan remove ./src",
        ),
    ),
    "lint": Command(
        "lint:lint",
        "Check the calls that are there, and what must not be missing.",
        (
            "hiveloop-scan lint",
            "hiveloop-scan lint ./src --select misuse --select escalate",
            "hiveloop-scan lint --output text:- --output sarif:hiveloop.sarif",
        ),
    ),
    "coverage": Command(
        "coverage:coverage",
        "Tell how many of the places tell HiveBoard already.",
        (
            "hiveloop-scan coverage",
            "hiveloop-scan coverage ./src --fail-under 80 --fail-under escalate=100",
            "hiveloop-scan coverage --output text:- --output svg:coverage.svg",
        ),
    ),
    "rules": Command(
        "rules:list_rules",
        "List the rules that there are here.",
        (
            "hiveloop-scan rules",
            "hiveloop-scan rules --method retry --format json",
        ),
    ),
    "explain": Command(
        "rules:explain",
        "Show a rule's page.",
        ("hiveloop-scan explain unreported-retry-loop",),
    ),
    "prompt": Command(
        "prompt:prompt",
        "Write what a language model needs to judge the rest.",
        (
            "hiveloop-scan prompt",
            "hiveloop-scan prompt ./src --output prompt.md",
            "hiveloop-scan prompt ./src --min-confidence medium --max-sites 20",
        ),
    ),
    "checklist": Command(
        "checklist:checklist",
        "Write what to check on the dashboard.",
        (
            "hiveloop-scan checklist",
            "hiveloop-scan checklist ./src --output checklist.md",
            "hiveloop-scan checklist ./src --method retry --min-confidence high",
        ),
    ),
    "verify": Command(
        "verify:verify",
        "Run a program and see what it tells HiveBoard.",
        (
            "hiveloop-scan verify -- python agent.py",
            "hiveloop-scan verify --timeout 20 -- uvicorn app:app",
            "hiveloop-scan verify --save events.jsonl -- python -m pytest tests",
            "hiveloop-scan verify --checklist --replay events.jsonl",
            "hiveloop-scan verify --fail-under retry=100 -- python -m my_agent",
        ),
        is_last=True,
    ),
    "timeline": Command(
        "timeline:timeline",
        "Show what a run has told HiveBoard, on a timeline.",
        (
            "hiveloop-scan timeline events.jsonl",
            "hiveloop-scan timeline events.jsonl --task lead-4801",
            "hiveloop-scan timeline events.jsonl --format html --output timeline.html",
        ),
    ),
    "clear-cache": Command(
        "cache:clear_cache",
        "Delete what earlier runs have kept.",
        ("hiveloop-scan clear-cache",),
    ),
}
