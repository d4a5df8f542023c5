"""The million lines that the figures are about: pinned wheels from the package index, unpacked in a cache.

python -m tests.benchmarks.corpus      # fetch them, and print the folder
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.wheels import cache_folder

WHEELS = (
    "agno==3.1.10",
    "autogen-agentchat==0.7.5",
    "autogen-core==0.7.5",
    "camel-ai==0.2.90",
    "crewai==1.15.30",
    "langchain==1.5.0",
    "langchain-core==1.8.2",
    "langgraph==1.2.22",
    "letta==0.34.12",
    "openai-agents==0.24.0",
    "smolagents==1.26.0",
)
VARIABLE = "HIVELOOP_SCAN_CORPUS"
"""The environment variable that names a folder in which they are unpacked already."""


def corpus_folder() -> Path:
    """Return the folder of the corpus, one folder in it for each wheel; fetch what is missing."""
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else cache_folder().parent / "corpus"
    for wheel in WHEELS:
        place = folder / wheel.partition("==")[0]
        if not place.is_dir():
            _fetch(wheel, place)
    return folder


def _fetch(wheel: str, place: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", scratch, wheel], check=True)
        [file] = Path(scratch).glob("*.whl")
        partial = place.with_name(f"{place.name}.partial")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(partial, [name for name in archive.namelist() if name.endswith(".py")])
        partial.rename(place)


if __name__ == "__main__":
    print(corpus_folder())
