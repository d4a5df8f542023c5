"""What parsing alone costs, as JSON: ``python -m tests.benchmarks.parsers ast|libcst FOLDER...``.

A process of its own, so that nobody else's trees slow it down. The files are those that a report scans;
libcst gets every n-th of them, enough for about 20,000 lines.
"""

from __future__ import annotations

import ast
import gc
import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.files import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SAMPLE_LINES = 20_000


def main() -> None:
    """Parse what the arguments name, and print how long it took."""
    parser, folders = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    sources = [source for path in discover(folders).files if _is_valid(source := path.read_bytes())]
    if parser == "libcst":
        import libcst

        every = max(1, sum(_lines(source) for source in sources) // _SAMPLE_LINES)
        print(json.dumps(_time(libcst.parse_module, sources[::every])))
    else:
        print(json.dumps(_time(ast.parse, sources)))


def _is_valid(source: bytes) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _time(parse: Callable[[bytes], object], sources: Sequence[bytes]) -> dict[str, float]:
    """Parse with the garbage collector off, as the workers of a scan do."""
    gc.disable()
    started, cpu = time.perf_counter(), time.process_time()
    for source in sources:
        parse(source)
    return {
        "lines": sum(_lines(source) for source in sources),
        "wall": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
    }


def _lines(source: bytes) -> int:
    return len(source.splitlines())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
