"""The ways that lead on from a step that was started: which of them leave it open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.conditions import asks_for_handles_only
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.syntax.tree import SCOPES

Closes = Callable[[cst.CSTNode], bool]
Statements = Sequence[cst.CSTNode]
_ENDS: tuple[type[cst.CSTNode], ...] = (*SCOPES, cst.Module, cst.For, cst.While)


class StepPaths:
    """Follow control from a statement on; exceptions that leave the function are the task's failure and no exit."""

    def __init__(self, closes: Closes, module: ParsedModule) -> None:
        """Take the test that says whether a node closes the step."""
        self._closes = closes
        self._module = module
        self.open_exits: list[cst.CSTNode] = []

    def open_ends(self, start: cst.CSTNode) -> list[cst.CSTNode]:
        """Return the exits that can be met behind `start` with the step still open; the function's end is `start`."""
        inner: cst.CSTNode = self._module.enclosing(start, cst.SimpleStatementLine) or start
        falls = True
        for outer in self._module.ancestors(inner):
            if isinstance(outer, _ENDS) or (isinstance(outer, cst.With) and self._is_task_block(outer)):
                break
            if isinstance(outer, cst.IndentedBlock) and falls:
                places = [place for place, statement in enumerate(outer.body) if statement is inner]
                falls = not places or self._falls_open(outer.body[places[0] + 1 :])
            elif isinstance(outer, cst.Try):
                falls = self._leaves_try_open(outer, inner, falls)
            inner = outer
        return [*self.open_exits, start] if falls else self.open_exits

    def _leaves_try_open(self, node: cst.Try, inner: cst.CSTNode, falls: bool) -> bool:
        """Say whether the step is open behind a try in whose part `inner` it was started."""
        if node.finalbody is not None and self._has_close(node.finalbody):
            return False
        if inner is not node.body or self._is_guard(node):
            return falls
        falls = falls and (node.orelse is None or self._falls_open(_body(node.orelse)))
        handled = [self._falls_open(_body(handler)) for handler in node.handlers]
        return falls or any(handled)

    def _is_task_block(self, block: cst.With) -> bool:
        handles = [possible_handle(item.item, self._module) for item in block.items]
        return any(handle is not None and handle.kind is Kind.TASK for handle in handles)

    def _falls_open(self, block: Statements) -> bool:
        """Say whether control can reach the end of `block` with the step open; note the exits that it meets."""
        return not any(not self._passes_open(statement) for statement in block)

    def _passes_open(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.SimpleStatementLine):
            return self._passes_line(node)
        if isinstance(node, cst.If):
            return self._passes_if(node)
        if isinstance(node, cst.Try):
            return self._passes_try(node)
        if isinstance(node, cst.With):
            return self._falls_open(_body(node))
        if isinstance(node, SCOPES):
            return True
        if self._has_close(node):
            return False
        self.open_exits += self._module.below(node, cst.Return)
        return True

    def _passes_line(self, line: cst.SimpleStatementLine) -> bool:
        if self._has_close(line):
            return False
        last = line.body[-1]
        if isinstance(last, (cst.Return, cst.Continue, cst.Break)):
            self.open_exits.append(last)
        return not isinstance(last, (cst.Return, cst.Continue, cst.Break, cst.Raise))

    def _passes_if(self, node: cst.If) -> bool:
        falls = self._falls_open(_body(node))
        if asks_for_handles_only(node.test, self._module) and node.orelse is None:
            return falls
        if node.orelse is None:
            return True
        other = (
            self._passes_if(node.orelse) if isinstance(node.orelse, cst.If) else self._falls_open(_body(node.orelse))
        )
        return falls or other

    def _passes_try(self, node: cst.Try) -> bool:
        if node.finalbody is not None and self._has_close(node.finalbody):
            return False
        falls = self._falls_open(_body(node)) and (node.orelse is None or self._falls_open(_body(node.orelse)))
        if self._is_guard(node):
            return falls
        handled = [self._falls_open(_body(handler)) for handler in node.handlers]
        return falls or any(handled)

    def _is_guard(self, node: cst.Try) -> bool:
        """Say whether a try keeps nothing but calls of the SDK from raising."""
        calls = self._module.below(node.body, cst.Call)
        ours = [call for call in calls if sdk_call(call, self._module)]
        return bool(ours) and all(call in ours or self._module.is_below(call, ours) for call in calls)

    def _has_close(self, node: cst.CSTNode) -> bool:
        return any(self._closes(call) for call in self._module.below(node, cst.Call))


def _body(node: cst.If | cst.Else | cst.Try | cst.With | cst.ExceptHandler) -> Statements:
    return node.body.body if isinstance(node.body, cst.IndentedBlock) else (node.body,)
