"""What each Python process of a verified program loads first; a sitecustomize of the user's own runs right after it.

Any version of Python may come across this file, so it is written for all of them.
"""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120

try:
    if sys.version_info >= (3, 11):  # noqa: UP036  older ones cannot have the SDK
        from hiveloop_scan_child.starting import start  # type: ignore[import-not-found]  # found at run time

        start()
except Exception:  # whatever is wrong with us, the user's program runs
    pass

sys.path[:] = [path for path in sys.path if path != _FOLDER]
_this = sys.modules.pop("sitecustomize", None)
try:
    import sitecustomize  # type: ignore[import-not-found]  # noqa: F401  the user's, if there is one; what it raises is the user's as well
except ImportError as error:
    if _this is not None:
        sys.modules["sitecustomize"] = _this  # or the import system misses it
    if getattr(error, "name", None) != "sitecustomize":
        raise
