"""Notice the import of the SDK."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import Any

from .journal import Journal

_SDK = "hiveloop"


class SdkFinder:
    """The first finder in `sys.meta_path`: lets the others find the SDK, and attaches to it once it is loaded."""

    def __init__(self, journal: Journal, sink: str, key: str, home: str) -> None:
        self._journal, self._setting = journal, (sink, key, home)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the spec that the other finders have for the SDK; None for all other modules."""
        if name != _SDK:
            return None
        spec = next(filter(None, (self._asked(finder, name, path, target) for finder in list(sys.meta_path))), None)
        if spec is None:
            self._journal.note("missing", python=sys.executable)
        elif spec.loader is not None:
            self._wait_for(spec.loader)
        return spec

    def attach(self, module: Any) -> None:
        """Put our hooks into the SDK; what cannot be hooked is noted."""
        from .attaching import Setting, attach

        try:
            attach(module, self._journal, Setting(*self._setting))
        except Exception as error:
            self._journal.note("unknown SDK", error=f"{type(error).__name__}: {error}", path=_path_of(module))
        else:
            self._journal.note("import", path=_path_of(module))

    def _asked(self, finder: Any, name: str, path: Any, target: Any) -> ModuleSpec | None:
        if finder is self or not hasattr(finder, "find_spec"):
            return None
        spec: ModuleSpec | None = finder.find_spec(name, path, target)
        return spec

    def _wait_for(self, loader: Any) -> None:
        """Have `loader` tell when it has loaded the module; otherwise it stays the loader that it is."""
        load = loader.exec_module

        def exec_module(module: Any) -> None:
            del loader.exec_module
            try:
                load(module)
            except Exception as error:
                self._journal.note("broken", error=f"{type(error).__name__}: {error}", path=_path_of(module))
                raise
            self.attach(module)

        try:
            loader.exec_module = exec_module
        except AttributeError as error:
            self._journal.note("unknown SDK", error=f"AttributeError: {error}", path=type(loader).__name__)


def _path_of(module: Any) -> str:
    return str(getattr(module, "__file__", None))
