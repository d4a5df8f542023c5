"""The module that `hiveloop-scan init` writes, as a program imports it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hiveloop_scan.fix.starting import new_module


def load_module(folder: Path) -> Any:
    """Write the module into `folder` and import it, under a name that no other test sees."""
    module = new_module(folder, "observability")
    module.path.write_text(module.text, "utf-8")
    spec = importlib.util.spec_from_file_location(f"observability_in_{folder.name}", module.path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
