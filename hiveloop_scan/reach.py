"""Which functions tell HiveBoard what: calls followed from file to file, by resolved references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hiveloop_scan.model import QUEUES, Call, Outline
from hiveloop_scan.outline.modules import Modules, Read

_MOST_HOPS = 4
_MOST_STEPS = 12
_RUN_BY_A_CLASS = ("__init__", "__enter__", "__aenter__", "__call__")

_GIVEN_BY_INIT = frozenset({"track", "track_awaitable", "track_call", "track_step", "tell_task", "tell_agent"})
"""What the module of `hiveloop-scan init` offers: what such a call tells stands in the call, not in their bodies."""

Target = tuple[str, str]
"""A function: the path of its file, its path in it."""

Rest = Callable[[], Iterable[tuple[str, Outline]]]


class Reach:
    """The functions of the whole project and what they call; files not scanned are read when needed."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        wrappers: Mapping[str, Sequence[str]] | None = None,
        root: Path | None = None,
        read: Read | None = None,
        rest: Rest | None = None,
    ) -> None:
        """Index `outlines` by path; `wrappers` maps SDK methods to functions that tell them whatever they hold.

        `rest` reads the files of the project that use the SDK and were not scanned: a place may be told in one of them.
        """
        self._rest = rest
        self._modules = Modules(outlines, root, read)
        self._outlines = self._modules.outlines
        self._wrappers = wrappers or {}
        self._targets: dict[tuple[str, str], Target | None] = {}
        self._telling: dict[tuple[Target, tuple[str, ...], int], bool] = {}
        self._referring: dict[tuple[str, str], bool] = {}
        self._callers: dict[str, list[tuple[str, Call]]] | None = None

    def renew(self, path: str, outline: Outline) -> None:
        """Take the new outline of a file that has changed."""
        self._modules.add(path, outline)
        self._targets.clear()
        self._telling.clear()
        self._referring.clear()
        self._callers = None

    def is_told(self, calls: Iterable[Call], methods: Sequence[str], path: str, own: Collection[str] = ()) -> bool:
        """Say whether one of `calls`, made in the file at `path`, tells one of `methods`.

        What the functions in `own` tell only now and then counts as well: the place is the call of them.
        """
        return any(self._tells(call, tuple(methods), path, 0, call.callee in own) for call in calls)

    def is_told_by_decorator(self, calls: Iterable[Call], methods: Sequence[str], path: str) -> bool:
        """Say the same of what is handed over, decorators too: what the functions they define tell counts."""
        return any(
            self._tells(call, tuple(methods), path, 0, True) or self._inside_tells(call, tuple(methods), path)
            for call in calls
        )

    def _inside_tells(self, call: Call, methods: tuple[str, ...], path: str) -> bool:
        target = self.target(call.callee, path)
        if target is None:
            return False
        return any(
            self._tells(item, methods, target[0], 1, True)
            for symbol, inside in self._outlines[target[0]].functions.items()
            if symbol.startswith(f"{target[1]}.")
            for item in inside
        )

    def _tells(self, call: Call, methods: tuple[str, ...], path: str, hops: int, is_own: bool = False) -> bool:
        if self._is_named_wrapper(call.callee, methods):
            return True
        target = self.target(call.callee, path)
        if target is None or (call.method and target[1] in _GIVEN_BY_INIT):
            return call.method in methods
        return hops < _MOST_HOPS and self._function_tells(target, methods, hops + 1, is_own)

    def _function_tells(self, target: Target, methods: tuple[str, ...], hops: int, all_of_it: bool) -> bool:
        known = None if all_of_it else self._telling.get((target, methods, hops))
        if known is not None:
            return known
        told = any(
            (call.is_sure or all_of_it) and self._tells(call, methods, target[0], hops)
            for symbol in self._run_with(target)
            for call in self._outlines[target[0]].functions.get(symbol, ())
        )
        if not all_of_it:
            self._telling[target, methods, hops] = told
        return told

    def _run_with(self, target: Target) -> Iterator[str]:
        path, symbol = target
        yield symbol
        if symbol in self._outlines[path].bases:
            yield from (f"{symbol}.{name}" for name in _RUN_BY_A_CLASS)

    def _is_named_wrapper(self, callee: str, methods: Sequence[str]) -> bool:
        plain = callee.lstrip(":.?")
        return any(
            f".{plain}".endswith(f".{name}") for method in methods for name in self._wrappers.get(method, ()) if plain
        )

    def _read_the_rest(self) -> None:
        """Take in the outlines of the rest of the project, once."""
        rest, self._rest = self._rest, None
        for path, outline in rest() if rest is not None else ():
            if path not in self._outlines:
                self.renew(path, outline)

    def callers_tell(self, path: str, symbol: str, methods: Sequence[str]) -> bool:
        """Say whether the function is called, and tells one of `methods` wherever it is, beside or around it."""
        self._read_the_rest()
        if self._callers is None:
            self._callers = defaultdict(list)
            for place, outline in self._outlines.items():
                for function, calls in outline.functions.items():
                    if function != QUEUES:
                        for call in calls:
                            self._callers[call.callee.rpartition(".")[2].lstrip(":")].append((place, call))
        found = [
            call
            for place, call in self._callers.get(symbol.rpartition(".")[2], ())
            if self.target(call.callee, place) == (path, symbol)
        ]
        return bool(found) and all(set(call.beside) & set(methods) for call in found)

    def watched_queues(self) -> Iterator[tuple[str, Call]]:
        """Yield what reports of queues look at, with the path of the file that has the report."""
        self._read_the_rest()
        for path, outline in list(self._outlines.items()):  # more are read meanwhile
            for call in outline.functions.get(QUEUES, ()):
                yield path, call

    def refers(self, path: str, other: str) -> bool:
        """Say whether the file at `path` names something of the file at `other`: imports, calls, base classes."""
        if (path, other) not in self._referring:
            outline = self._outlines.get(path, Outline())
            named = {call.callee for calls in outline.functions.values() for call in calls}
            named |= {*outline.names.values(), *(base for bases in outline.bases.values() for base in bases)}
            plain = (name for name in named if name and not name.startswith((":", "?")))
            self._referring[path, other] = any(self.file_of(name, path) == other for name in plain)
        return self._referring[path, other]

    def file_of(self, reference: str, path: str) -> str | None:
        """Return the path of the file that `reference` leads to from the file at `path`."""
        if reference.startswith(":"):
            target = self.target(reference, path)
            return target[0] if target else None
        found = self._modules.module_of(reference, path)
        if found is None:
            return None
        target = self._walk(found[0], found[1], _MOST_STEPS)
        return target[0] if target else found[0]

    def target(self, reference: str, path: str) -> Target | None:
        """Return the function or class of the project that `reference` names in the file at `path`."""
        if not reference or reference.startswith("?"):
            return None
        key = (reference, path)
        if key not in self._targets:
            self._targets[key] = None  # a name that stands for itself stands for nothing
            self._targets[key] = self._resolved(reference, path, _MOST_STEPS)
        return self._targets[key]

    def _resolved(self, reference: str, path: str, steps: int) -> Target | None:
        if steps <= 0:
            return None
        if reference.startswith(":"):
            return self._walk(path, reference[1:].split("."), steps)
        found = self._modules.module_of(reference, path)
        return self._walk(*found, steps) if found else None

    def _walk(self, path: str, segments: Sequence[str], steps: int) -> Target | None:
        """Follow `segments` from the module at `path` to a function or a class."""
        outline = self._outlines[path]
        symbol = ""
        for position, segment in enumerate(segments):
            rest = segments[position + 1 :]
            below = f"{symbol}.{segment}" if symbol else segment
            called = below.removesuffix("()") if segment.endswith("()") else ""
            if below in outline.bases or (below in outline.functions and (not rest or below not in outline.names)):
                symbol = below
                continue
            if below in outline.names:
                return self._resolved(".".join((outline.names[below], *rest)), path, steps - 1)
            if called and called in outline.bases:
                symbol = called
                continue
            if not symbol and (inside := self._modules.submodule(path, segment)) is not None:
                return self._walk(inside, rest, steps - 1) if rest else None
            for base in outline.bases.get(symbol, ()):
                further = rest if segment == "super()" else segments[position:]
                if found := self._resolved(".".join((base, *further)), path, steps - 1):
                    return found
            return None
        return (path, symbol) if symbol else None
