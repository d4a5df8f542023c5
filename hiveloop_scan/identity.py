"""What tells the tool, as it is installed here, from other versions of it; and bytes from other bytes."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from hiveloop_scan import __version__

DIGEST = 16
"""The length of a digest."""


def digest_of(data: bytes) -> bytes:
    """Return the fingerprint of some bytes."""
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


@lru_cache(maxsize=1)
def this_tool() -> tuple[object, ...]:
    """Return what tells this version of the tool from others, one under development included."""
    package = Path(__file__).parent
    parts = []
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - some hundred files, each run
            parts.append((name, status.st_size, status.st_mtime_ns))
    libcst = find_spec("libcst")  # its version would take longer to read than a small file to scan
    where = libcst.origin if libcst else None
    installed = (where, os.stat(where).st_mtime_ns) if where else ()  # noqa: PTH116
    return __version__, installed, sys.version, digest_of(repr(parts).encode())


VARIABLE = "HIVELOOP_SCAN_CACHE"
"""The environment variable that names another folder for what is kept between runs."""


def cache_folder() -> Path:
    """Return the folder that the platform, or the user, sets apart for it."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("hiveloop-scan")
