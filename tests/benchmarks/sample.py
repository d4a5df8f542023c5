"""A 500-line file of agent code, as people write it: classes, tools, a retry loop, a queue."""

from __future__ import annotations

from pathlib import Path

_DESKS = ("ledger", "parcel", "booking", "warranty")

_HEAD = '''\
"""Agents that answer the tickets of four desks."""

from __future__ import annotations

import json
import logging
import time
from asyncio import Queue, to_thread
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desk.model import Answer, ModelClient, TransientError
from desk.store import Store

logger = logging.getLogger(__name__)
PROMPT = "You answer the tickets of a help desk. Use a tool when a fact is missing."
MAX_ATTEMPTS = 4
URGENT_AMOUNT = 10_000.0
'''


def sample_source() -> str:
    """Return the text of the file: one desk's code, four times under other names."""
    desk = (Path(__file__).parent / "agent.py.txt").read_text("utf-8")
    parts = [desk.replace("ledger", name).replace("Ledger", name.capitalize()) for name in _DESKS]
    return "\n\n".join((_HEAD, *parts))
