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

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Package:
    """One labelled wheel; `whole` when every file of it is scored, not only the labelled ones."""

    name: str
    version: str
    wheel: str
    sha256: str
    labels: str
    whole: bool

    @property
    def folder(self) -> str:
        """The package's name as labels spell it."""
        return self.name.replace("-", "_")


def packages() -> list[Package]:
    """Read the list of labelled wheels."""
    entries = tomllib.loads((HERE / "wheels.toml").read_text("utf-8"))["package"]
    return [
        Package(e["name"], e["version"], e["wheel"], e["sha256"], e["labels"], e["labelled"] == "package")
        for e in entries
    ]


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
