"""Fetch the pinned wheels of the labelled packages from the package index into a cache, and unpack them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class LabelSet:
    """One file of labels: whole files that were read, or whole packages that were searched for some methods."""

    name: str
    whole_packages: bool
    methods: frozenset[str]

    @property
    def path(self) -> Path:
        """The file of the labels."""
        return HERE / "accuracy" / "labels" / f"{self.name}.jsonl"


@dataclass(frozen=True)
class Package:
    """One labelled wheel, and the sets of labels that were made on it."""

    name: str
    version: str
    wheel: str
    sha256: str
    sets: frozenset[str]

    @property
    def folder(self) -> str:
        """The package's name as labels spell it."""
        return self.name.replace("-", "_")


def label_sets() -> list[LabelSet]:
    """Read the list of label sets; one without methods is for all."""
    return [
        LabelSet(entry["name"], entry["scope"] == "packages", frozenset(entry.get("methods", ())))
        for entry in _pinned()["set"]
    ]


def packages() -> list[Package]:
    """Read the list of labelled wheels."""
    return [
        Package(entry["name"], entry["version"], entry["wheel"], entry["sha256"], frozenset(entry["sets"]))
        for entry in _pinned()["package"]
    ]


def _pinned() -> dict[str, Any]:
    return tomllib.loads((HERE / "wheels.toml").read_text("utf-8"))


def cache_folder() -> Path:
    """Return where wheels are kept: $HIVELOOP_SCAN_WHEELS, or a folder in the user's cache."""
    named = os.environ.get("HIVELOOP_SCAN_WHEELS")
    return Path(named) if named else Path.home() / ".cache" / "hiveloop-scan" / "wheels"


def fetch(package: Package) -> Path:
    """Return the folder of the unpacked wheel; download it (and check its sha256) when it is not there yet."""
    folder = cache_folder() / package.wheel.removesuffix(".whl")
    if folder.is_dir():
        return folder
    wheel = cache_folder() / package.wheel
    if not wheel.is_file():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", str(cache_folder()), f"{package.name}=={package.version}"], check=True)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != package.sha256:
        sys.exit(
            f"{wheel}: sha256 is {digest}, the labels were made on {package.sha256}; delete the file and try again"
        )
    partial = folder.with_suffix(".partial")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(partial, [name for name in archive.namelist() if name.endswith(".py")])
    partial.rename(folder)
    wheel.unlink()
    return folder
