"""A world in which nothing can be relied on: values that cannot be spelled, counted, compared or put into JSON.

What happens in it is decided by a seed, so that the same code meets the same fate twice. What code does to the things
in it is kept: calls, items, loops, blocks, attributes that are set; what it merely reads is not.
"""

from __future__ import annotations

import asyncio
import builtins
import datetime
import decimal
import inspect
import json
import types
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from typing import Any
from zlib import crc32

MOST_EVENTS = 150
ADDED_ARGUMENTS = {"before_sleep", "on_backoff", "queue_provider"}
"""What `apply` hands over to calls of the user's, on purpose."""

QUIET_CALLS = (".qsize", ".strip", ".lower", ".upper", ".casefold", ".startswith")
"""What it calls of the user's, too: how much work waits, and what only reads: methods of texts, keys."""


class Stop(BaseException):
    """The end of a run that would go on for ever."""


class HostileError(Exception):
    """An exception that takes anything and cannot be spelled."""

    def __init__(self, *args: object, **details: object) -> None:
        super().__init__(*args)

    def __str__(self) -> str:
        raise RuntimeError("an exception that cannot be spelled")

    def __getattr__(self, name: str) -> object:
        return Thing(World(crc32(name.encode())), f"error.{name}")


class World:
    """What happens to things of one seed, and what was done to them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.log: list[str] = []
        self.calls: dict[str, int] = {}
        self.numbers: set[str] = set()
        """What has served as a number of rounds: Python has taken it for a number, and numbers can be compared."""
        self.left = MOST_EVENTS

    def note(self, event: str) -> None:
        self.log.append(event)
        self.left -= 1
        if self.left < 0:
            raise Stop

    def fate(self, *what: object) -> int:
        return crc32(repr((self.seed, *what)).encode())

    def value(self, path: str) -> object:
        """Return what stands at `path`: mostly a thing, at times a value that JSON cannot carry."""
        choice = self.fate("value", path) % 40
        makers = VALUES[choice : choice + 1]
        return makers[0]() if makers else Thing(self, path)

    def outcome(self, path: str) -> object:
        """Return what a call of `path` gives, or raise what it raises; the next call may fare differently."""
        self.calls[path] = self.calls.get(path, 0) + 1
        choice = self.fate("call", path, self.calls[path]) % 8
        if choice < 2:
            raise (TimeoutError, ConnectionError, ValueError, KeyError, HostileError)[self.fate(path) % 5]
        return (None, True, 429, "yes")[choice - 2] if choice < 4 else self.value(f"{path}()")


VALUES: tuple[Callable[[], object], ...] = (
    lambda: float("nan"), lambda: float("inf"), lambda: b"bytes", lambda: datetime.datetime(2026, 1, 1),
    lambda: decimal.Decimal("1.5"), lambda: {1, 2}, lambda: "x" * 100_000, lambda: 2**200, lambda: (n for n in "ab"),
    lambda: None, lambda: 3, lambda: "\ud800",
)  # fmt: skip


class Thing:
    """Something that code uses; what it gives and when it raises is up to the world."""

    def __init__(self, world: World, path: str) -> None:
        self.__dict__.update(_world=world, _path=path[-200:])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._world.value(f"{self._path}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        self._world.note(f"set {self._path}.{name}")

    def __call__(self, *args: object, **kwargs: object) -> Any:
        if self._path.endswith(QUIET_CALLS) or (self._path.endswith(".get") and args):
            return 3 if self._path.endswith("size") else self._world.value(f"{self._path}()")
        self._world.note(f"call {self._path} {len(args)} {sorted(kwargs.keys() - ADDED_ARGUMENTS)}")
        return self._world.outcome(self._path)

    def __getitem__(self, key: object) -> Any:
        return self._world.value(f"{self._path}[]")

    def __setitem__(self, key: object, value: object) -> None:
        self._world.note(f"put {self._path}")

    def __iter__(self) -> Iterator[Any]:
        self._world.note(f"iterate {self._path}")
        for number in range(self._world.fate("items", self._path) % 4):
            yield self._world.value(f"{self._path}<{number}>")

    async def __aiter__(self) -> AsyncIterator[Any]:
        for item in self:
            yield item

    def __await__(self) -> Generator[Any, None, Any]:
        self._world.note(f"await {self._path}")
        yield from ()
        return self._world.outcome(f"await {self._path}")

    def __enter__(self) -> Any:
        self._world.note(f"enter {self._path}")
        return self._world.value(f"{self._path}>")

    def __exit__(self, *error: object) -> None:
        self._world.note(f"leave {self._path}")

    async def __aenter__(self) -> Any:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.__exit__(*error)

    def _decided(self, what: str) -> bool:
        if self._world.fate(what, self._path) % 9 == 0:
            raise RuntimeError(f"no {what}")
        return bool(self._world.fate(what, self._path) % 2)

    def __bool__(self) -> bool:
        return self._decided("truth")

    def __len__(self) -> int:
        return 3 if self._decided("length") else 0

    def __index__(self) -> int:
        self._world.numbers.add(self._path)
        return 3

    def __int__(self) -> int:
        return 2**200 if self._decided("number") else 2

    def __str__(self) -> str:
        return "y" * 100_000 if self._decided("text") else "short"

    __repr__ = __format__ = __str__  # type: ignore[assignment]

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return self._decided("equality")

    def __lt__(self, other: object) -> bool:
        if self._path in self._world.numbers:
            return bool(self._world.fate("order", self._path) % 2)
        return self._decided("order")

    __gt__ = __le__ = __ge__ = __contains__ = __lt__

    def _computed(self, other: object = None) -> Any:
        return self._world.value(f"{self._path}+")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = __truediv__ = _computed
    __rtruediv__ = __floordiv__ = __mod__ = __or__ = __ror__ = __and__ = __neg__ = __round__ = _computed


class Space(dict[str, Any]):
    """The names of a module: those that nobody has bound stand for things, capital ones for classes of exceptions."""

    def __init__(self, world: World, modules: dict[str, Any]) -> None:
        def imported(name: str, *rest: Any) -> Any:
            first = modules.get(name.partition(".")[0])
            return Thing(world, name) if first is None else first

        replaced = {name: Thing(world, name) for name in ("open", "input", "exit", "quit", "print")}
        super().__init__(__builtins__={**vars(builtins), **replaced, "__import__": imported}, __name__="agent")
        self._world = world

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        kind = type(name, (HostileError,), {}) if name[:1].isupper() else Thing(self._world, name)
        self[name] = kind
        return kind


def modules_of(world: World, board: Any) -> dict[str, Any]:
    """Return the modules that code may import: its own board, and clocks that do not wait."""

    def sleep(seconds: object) -> None:
        world.note("sleep")

    async def sleep_later(seconds: object, *rest: object) -> None:
        world.note("sleep")

    clock = types.SimpleNamespace(sleep=sleep, time=lambda: 1.0, monotonic=lambda: 1.0, perf_counter=lambda: 1.0)
    loop = types.SimpleNamespace(**{**vars(asyncio), "sleep": sleep_later})
    known = {name: __import__(name) for name in ("contextlib", "dataclasses", "enum", "random", "__future__")}
    return {"observability": board, "time": clock, "asyncio": loop, **known}


def live(source: str, seed: int, board: Any) -> list[str]:
    """Run all functions and methods of a module in the world of `seed`; return what was done, and how each ended."""
    world = World(seed)
    space = Space(world, modules_of(world, board))
    try:
        exec(compile(source, "agent.py", "exec", dont_inherit=True), space)
    except (Exception, Stop) as error:
        return [*world.log, f"made: {type(error).__name__}"]
    for name, found in list(space.items()):
        if isinstance(found, types.FunctionType) and found.__globals__ is space and not name.startswith("_hl_"):
            _run(found, world, name)
        elif isinstance(found, type) and not issubclass(found, BaseException):
            for method, function in list(vars(found).items()):
                if isinstance(function, types.FunctionType):
                    _run(function, world, f"{name}.{method}")
    return world.log


def _run(function: Callable[..., Any], world: World, name: str) -> None:
    world.left = MOST_EVENTS
    try:
        wanted = [
            parameter
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD and parameter.default is inspect.Parameter.empty
        ]
        given = [Thing(world, f"{name}({parameter.name})") for parameter in wanted]
        positional = [item for item, parameter in zip(given, wanted, strict=True) if parameter.kind < 3]
        named = {parameter.name: item for item, parameter in zip(given, wanted, strict=True) if parameter.kind == 3}
        answer = function(*positional, **named)
        if inspect.iscoroutine(answer):
            answer = _outcome_of(answer)
        if inspect.isgenerator(answer):
            answer = [item for item, _ in zip(answer, range(5), strict=False)]
        ending = f"gave {type(answer).__name__}"
    except (Exception, Stop) as error:
        ending = f"raised {type(error).__name__}"
    world.log.append(f"{name} {ending}")


def _outcome_of(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine gives; one that waits for others has to stop, as there are none."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise Stop


class Telling:
    """A task or an agent: it keeps what it is told, or raises at each method; what JSON cannot carry is kept apart."""

    def __init__(self, raises: bool) -> None:
        self.told: Counter[str] = Counter()
        self.unfit: list[str] = []
        self._raises = raises

    def __getattr__(self, method: str) -> Any:
        def call(*args: object, **kwargs: object) -> Any:
            self.told[method] += 1
            try:
                json.dumps([args, kwargs], allow_nan=False)
            except (TypeError, ValueError) as error:
                self.unfit.append(f"{method}: {error}")
            if self._raises:
                raise HostileError
            return self

        if method.startswith("_"):
            raise AttributeError(method)
        return call

    def __enter__(self) -> Any:
        if self._raises:
            raise HostileError
        return self

    def __exit__(self, *error: object) -> None:
        if self._raises:
            raise HostileError
