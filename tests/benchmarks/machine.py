"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

_SHOWN = ("libcst", "typer", "rich")


def describe_machine() -> str:
    """Return date, scanner, processor, operating system and versions in one line."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    where = f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.machine()}"
    scanner = f"hiveloop-scan {version('hiveloop-scan')}"
    return f"{time.strftime('%Y-%m-%d')}; {scanner}; {where}; {python}, {packages}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")
