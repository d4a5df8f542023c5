"""The calls of one file, by place and by function; what is kept of them when the file is left."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from hiveloop_scan.model import QUEUES, Call, Outline, Span
from hiveloop_scan.outline.calls import walk_file
from hiveloop_scan.outline.mentions import FOREIGN, handed, is_ours, mentioned, names_given, names_in
from hiveloop_scan.outline.scopes import RETURNED, STAR, Scope, annotated, dotted, is_class_name, reference_of
from hiveloop_scan.outline.sdk import HANDLES, sdk_method
from hiveloop_scan.outline.seen import Branch, Seen, owners_of
from hiveloop_scan.syntax.names import mentions

_SWITCHES = (*HANDLES, "enabled", "telemetry", "observability", "tracing", "monitoring")
_LONGEST = 200


class FileCalls:
    """The calls of one file. Memory only: `outline` is what travels."""

    def __init__(self, tree: ast.Module, lines: Sequence[str], wrappers: Collection[str] = ()) -> None:
        """Walk `tree`, whose source has these `lines`; `wrappers` are names that count whatever they belong to."""
        self._walked = walk_file(tree)
        self._lines = lines
        self._wrappers = {name.rpartition(".")[2] for name in wrappers}
        self._counted: set[int] = set()
        self._tested: dict[int, frozenset[str]] = {}

    @cached_property
    def _placed(self) -> list[tuple[tuple[int, int], Seen, Call]]:
        """Every call that may matter, with its line and column as editors count them."""
        found = []
        for seen in self._walked.calls:
            call = self._call(seen)
            if call is not None:
                found.append((self._place(*seen.place), seen, call))
        return found

    def _call(self, seen: Seen) -> Call | None:
        node = seen.node
        func = node.func if isinstance(node, ast.Call) else node
        callee = reference_of(func, seen.scope)
        method = sdk_method(node, seen.scope) if isinstance(node, ast.Call) else ""
        first = callee.partition(".")[0]
        if len(callee) > _LONGEST or (not method and first in FOREIGN):
            callee = ""
        if not callee and not method:
            name = dotted(func).rpartition(".")[2]
            callee = f"?.{name}" if name in self._wrappers else ""
        return Call(callee, method, self._is_sure(seen, func)) if callee or method else None

    def _is_sure(self, seen: Seen, func: ast.expr) -> bool:
        """Say whether a call runs whenever its function does, but for guards: tests of the handle it is made on."""
        return all(self._is_guard(branch, func) for branch in owners_of(seen.branch) if branch.parent is not None)

    def _is_guard(self, branch: Branch, func: ast.expr) -> bool:
        if branch.is_handler or branch.test is None:
            return False
        if id(branch.test) not in self._tested:
            asks = _asks_whether_there_is_one(branch.test)
            self._tested[id(branch.test)] = frozenset(names_in(branch.test)) if asks else frozenset()
        tested = self._tested[id(branch.test)]
        if not tested:
            return False
        return any(mentions(name, _SWITCHES) for name in tested) or bool(tested & (names_in(func) - {"self", "cls"}))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        if not text.isascii():
            column = len(text.encode()[:column].decode("utf-8", "ignore"))
        return line, column + 1

    def within(self, spans: Iterable[Span], symbol: str | None = None) -> list[Call]:
        """Return the calls inside `spans`; with a `symbol`, only those that this very function makes."""
        return [call for _, call in self._found(spans, symbol)]

    def _found(self, spans: Iterable[Span], symbol: str | None) -> Iterator[tuple[Seen, Call]]:
        ranges = [((span.line, span.column), (span.end_line, span.end_column)) for span in spans]
        if not ranges:
            return
        for place, seen, call in self._placed:
            if symbol is not None and _function(seen.scope) != symbol:
                continue
            if any(start <= place < end for start, end in ranges):
                yield seen, call

    def handed_over(self, spans: Iterable[Span]) -> list[Call]:
        """Return the calls inside `spans`, those of lambdas too, and what they are given as callbacks."""
        found = []
        for seen, call in self._found(spans, None):
            found.append(call)
            found += [Call(callee) for callee in handed(seen)]
        return found

    def after(self, place: tuple[int, int], symbol: str) -> list[Call]:
        """Return the calls that the function makes below `place`."""
        return [call for at, seen, call in self._placed if at > place and _function(seen.scope) == symbol]

    def step_actions(self, spans: Iterable[Span], symbol: str) -> set[str]:
        """Return what the calls of ``plan_step`` inside `spans` say of a step, "" for what is not written out."""
        return {_action(seen.node) for seen, call in self._found(spans, symbol) if call.method == "plan_step"}

    def told(self, methods: Collection[str]) -> list[Call]:
        """Return all calls of the file that have the shape of one of the SDK's `methods`."""
        return [call for _, _, call in self._placed if call.method in methods]

    def count_for_a_site(self, spans: Iterable[Span], symbol: str, methods: Collection[str]) -> None:
        """Note that the SDK's calls inside `spans` tell of a place in this function: they are none for its callers."""
        self._counted |= {id(seen) for seen, call in self._found(spans, symbol) if call.method in methods}

    def outline(self) -> Outline:
        """Return what other files may want to know of this one."""
        tells = any(call.method for _, _, call in self._placed)
        beside = self._told_by_branch() if tells else {}
        functions: dict[str, list[Call]] = defaultdict(list)
        for _, seen, call in self._placed:
            if id(seen) in self._counted or seen.scope.is_stub:
                continue
            symbol = _function(seen.scope)
            kept = Call(call.callee, call.method, call.is_sure, _beside(seen, beside) if tells else ())
            if kept not in functions[symbol]:
                functions[symbol].append(kept)
        for symbol, value, scope in self._walked.values:
            if kept_there := [Call(name) for name in mentioned(value, scope)]:
                functions[symbol] += kept_there
        if watched := self._watched():
            functions[QUEUES] = watched
        for scope in self._walked.scopes:
            if not scope.is_class and not scope.is_stub:
                functions[scope.symbol]  # one that calls nothing is known for it
        return Outline(
            functions={symbol: tuple(calls) for symbol, calls in functions.items()},
            names=self._names(),
            bases=self._bases(),
        )

    def _watched(self) -> list[Call]:
        """Return what the file's reports of queues look at, and what is given the same things."""
        looked_at: dict[str, None] = {}
        roots: set[str] = set()
        snapshots = {id(seen) for _, seen, call in self._placed if call.method == "queue_snapshot"}
        for seen in self._walked.calls:
            for value in _reports_of_a_queue(seen, id(seen) in snapshots):
                looked_at.update(dict.fromkeys(mentioned(value, seen.scope)))
                looked_at.update((f"?.{name}", None) for name in sorted(names_in(value)))
                roots |= {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
        roots -= {"self", "cls"}
        if roots:
            for _, seen, call in self._placed:
                if call.callee and isinstance(seen.node, ast.Call) and roots & names_given(seen.node):
                    looked_at[call.callee] = None
        return [Call(name) for name in looked_at]

    def _told_by_branch(self) -> dict[int, set[str]]:
        """Map each branch to the SDK methods that it tells itself, guards of the handle left out."""
        told: dict[int, set[str]] = defaultdict(set)
        for _, seen, call in self._placed:
            if call.method in ("", "track_context"):
                continue
            branch = seen.branch
            func = seen.node.func if isinstance(seen.node, ast.Call) else seen.node
            while branch.parent is not None and self._is_guard(branch, func):
                branch = branch.parent
            told[id(branch)].add(call.method)
        return told

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for symbol, value, scope, is_annotation in self._walked.attributes:
            if not names.get(symbol):
                names[symbol] = annotated(value, scope) if is_annotation else reference_of(value, scope)
        module = self._walked.scopes[0]
        for name, bound in module.bound.items():
            first = bound[0] if bound else ""
            if isinstance(first, str) and first != f":{name}" and name != STAR:
                names.setdefault(name, first)
        for scope in self._walked.scopes:
            for answer in scope.bound.get(RETURNED, ()):
                name = f"{scope.symbol}{RETURNED}"
                if isinstance(answer, ast.expr) and not names.get(name):
                    found = reference_of(answer, scope)
                    names[name] = found if is_class_name(found) or found.startswith(":") else ""
        return {name: origin for name, origin in names.items() if origin and origin != f":{name}" and is_ours(origin)}

    def _bases(self) -> dict[str, tuple[str, ...]]:
        scopes = {scope.symbol: scope for scope in self._walked.scopes if scope.is_class}
        bases: dict[str, tuple[str, ...]] = dict.fromkeys(scopes, ())
        for symbol, nodes in self._walked.bases.items():
            around = scopes[symbol].parent
            assert around is not None
            bases[symbol] = tuple(found for node in nodes if (found := reference_of(_plain(node), around)))
        if stars := self._walked.scopes[0].bound.get(STAR):
            bases[""] = tuple(str(star) for star in stars)
        return bases


def _action(call: ast.expr) -> str:
    if not isinstance(call, ast.Call) or isinstance(call.func, ast.Name):  # a helper tells of both ends
        return ""
    given = call.args[1:2]
    given += [keyword.value for keyword in call.keywords if keyword.arg == "action"]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else ""


def _reports_of_a_queue(seen: Seen, is_snapshot: bool) -> list[ast.expr]:
    """Return what a provider of queue states, or a snapshot, is made of."""
    if not isinstance(seen.node, ast.Call):
        return []
    if is_snapshot:
        return [*seen.node.args, *(keyword.value for keyword in seen.node.keywords)]
    return [keyword.value for keyword in seen.node.keywords if keyword.arg == "queue_provider"]


def _beside(seen: Seen, told: dict[int, set[str]]) -> tuple[str, ...]:
    methods = set(told.get(id(seen.branch), ()))
    for context in seen.contexts:
        if isinstance(context, ast.Call) and sdk_method(context, seen.scope) == "track_context":
            methods.add("track_context")
    return tuple(sorted(methods))


def _plain(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def _function(scope: Scope) -> str:
    """Return the symbol of the function that runs what stands in `scope`; "" outside of functions."""
    return "" if scope.is_class or scope.parent is None else scope.symbol


def _asks_whether_there_is_one(test: ast.expr) -> bool:
    """Say whether a test asks for a thing or a switch: ``task``, ``not task``, ``task is None``, ``hasattr(...)``."""
    if isinstance(test, ast.BoolOp):
        return all(_asks_whether_there_is_one(part) for part in test.values)
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not) and _asks_whether_there_is_one(test.operand)
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], (ast.Is, ast.IsNot))
    if isinstance(test, ast.Call):
        return isinstance(test.func, ast.Name) and test.func.id in ("hasattr", "callable", "isinstance", "bool")
    return isinstance(test, (ast.Name, ast.Attribute, ast.NamedExpr))
