"""Tool calls as values: what a model has asked for, one by one or as a list, under the names that people give it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.tools.access import bare, index_of, member_of, text_of
from hiveloop_scan.tools.scopes import Scope

_INNER = ("function", "root", "data")
_TYPE_ENDS = ("context", "step", "event", "like", "base", "model", "union", "frame", "message")
_CALLABLES = {"function", "func", "fn", "tool"}
_CALLED_WITH = {"args", "kwargs", "arguments", "tool_input", "tool_args", "action_input"}
_FEEDS = "called with"
"""Stands among the members of a name for one that a call is given; ``tool.args`` is none: it describes them."""

_ITEM = "[]"
_FILTERS = ("filter", "list", "tuple", "sorted", "next", "iter", "deepcopy", "copy")


class Requests:
    """The tool calls that one function deals with. A *request* is one tool call, no call of code."""

    def __init__(self, scope: Scope, options: Options) -> None:
        """Take the function, and the words of the rule for requests, their kinds and members, and what is none."""
        self.scope, self.module = scope, scope.module
        self._singular = {tuple(word.removesuffix("s").split("_")) for word in options["request_words"]}
        self._kinds = options["kind_words"]
        self._other = options["no_request_words"]
        self._short, self._keys, self._arguments = (
            options[name] for name in ("short_request_words", "name_keys", "argument_keys")
        )
        self._open: set[str] = set()

    def is_request(self, node: cst.BaseExpression) -> bool:
        """Say whether an expression is one tool call."""
        return any(self._is_request(part) for part in bare(node))

    def are_requests(self, node: cst.BaseExpression) -> bool:
        """Say whether an expression is a list of tool calls."""
        return any(self._are_requests(part) for part in bare(node))

    def comes_from_a_list(self, node: cst.BaseExpression) -> bool:
        """Say whether a request is seen to be taken from a list of them, or told from other things by its type."""
        name = dotted(node)
        root = name.partition(".")[0]
        if root in self._tested or name in self._tested or self._taken_out(node):
            return True
        bindings = [binding for key in {root, name} for binding in self.scope.bindings.get(key, ())]
        return any(
            (binding.each and self.are_requests(binding.value))
            or (not binding.each and any(self._taken_out(part) for part in bare(binding.value)))
            for binding in bindings
        )

    def is_typed(self, node: cst.BaseExpression) -> bool:
        """Say whether a request is a parameter whose annotation says so."""
        param = self.scope.params.get(dotted(node).partition(".")[0])
        return param is not None and param.annotation is not None and self._annotates(param.annotation, False)

    def _taken_out(self, node: cst.BaseExpression) -> bool:
        """Say whether an expression takes one request out of a list: ``calls[0]``, ``next(iter(calls))``, ``pop()``."""
        if isinstance(node, cst.Subscript):
            index = index_of(node)
            return index is not None and text_of(index) is None and self.are_requests(node.value)
        if isinstance(node, cst.Call):
            if last_name(node.func) == "next" and node.args:
                return self.are_requests(node.args[0].value)
            if isinstance(node.func, cst.Attribute) and node.func.attr.value in ("pop", "popleft"):
                return self.are_requests(node.func.value)
        return False

    def _is_request(self, node: cst.BaseExpression) -> bool:
        if self._taken_out(node) or (isinstance(node, cst.Subscript) and _item_of(node) in self._shaped):
            return True
        member = member_of(node)
        if member is not None:
            owner, key = member
            if dotted(node) in self._shaped:
                return True
            return self._names_one(key) or (key in _INNER and self.is_request(owner))
        if isinstance(node, cst.Call):
            return self._names_one(last_name(node.func)) and not self._is_a_run(node)
        if isinstance(node, cst.Name):
            return self._is_bound(node.value, False)
        return False

    def _are_requests(self, node: cst.BaseExpression) -> bool:
        member = member_of(node)
        if member is not None:
            return self._names_many(member[1])
        if isinstance(node, cst.Call):
            name = last_name(node.func)
            if name in _FILTERS and node.args:
                return self.are_requests(node.args[-1].value)
            return self._names_many(name) and not self._is_a_run(node)
        if isinstance(node, (cst.ListComp, cst.GeneratorExp)):
            return self.is_request(node.elt) or self.are_requests(node.for_in.iter)
        if isinstance(node, cst.Subscript):
            return index_of(node) is None and self.are_requests(node.value)
        if isinstance(node, cst.Name):
            return self._is_bound(node.value, True)
        return False

    def _is_bound(self, name: str, many: bool) -> bool:
        """Say whether a plain name is one request (or many), by its own words or by what it is bound to."""
        if (self._names_many if many else self._names_one)(name) or (not many and name in self._tested):
            return True
        if not many and name in self._shaped:
            return True
        param = self.scope.params.get(name)
        if param is not None and param.annotation is not None and self._annotates(param.annotation, many):
            return True
        key = f"{name} {many}"
        if key in self._open:
            return False
        self._open.add(key)
        try:
            return any(
                self.are_requests(binding.value)
                if many or binding.each
                else not binding.part and self.is_request(binding.value)
                for binding in self.scope.bindings.get(name, ())
                if not (many and (binding.each or binding.part))
            )
        finally:
            self._open.discard(key)

    def _names_one(self, name: str) -> bool:
        """Say whether a name ends in words for a tool call: ``last_tool_call``, ``tool_use_block``."""
        found = words(name)
        while found and found[-1] in self._kinds:
            found = found[:-1]
        return any(found[-len(word) :] == word for word in self._singular)

    def _names_many(self, name: str) -> bool:
        """Say whether a name speaks of several tool calls and of nothing made from them: ``tool_calls_to_run``."""
        found = words(name)
        if not found or found[-1] in self._other:
            return False
        plain = tuple(word[:-1] if word.endswith("s") else word for word in found)
        return any(
            plain[start : start + len(word)] == word and found[start + len(word) - 1].endswith("s")
            for word in self._singular
            for start in range(len(found) - len(word) + 1)
        )

    def _is_a_run(self, call: cst.Call) -> bool:
        """Say whether a call with such a name carries the tool calls out and gives back their results."""
        return words(last_name(call.func))[0] in ("execute", "run", "invoke", "handle", "process", "call", "dispatch")

    def _annotates(self, annotation: cst.Annotation, many: bool) -> bool:
        text = self.module.text(annotation.annotation)
        names = [last_name(node) for node in self.module.all_below(annotation.annotation, cst.Attribute)]
        names += [node.value for node in self.module.all_below(annotation.annotation, cst.Name)]
        listed = any(word in text.lower() for word in ("list", "sequence", "iterable", "tuple"))
        return listed == many and any(self._is_type(name) for name in names)

    def _is_type(self, name: str) -> bool:
        found = words(name)
        while found and (found[-1] in self._kinds or found[-1] in _TYPE_ENDS):
            found = found[:-1]
        return any(found[-len(word) :] == word for word in self._singular)

    @cached_property
    def _shaped(self) -> frozenset[str]:
        """The names such as ``call`` and ``func`` of which the code reads both a name and what to call it with."""
        read: dict[str, set[str]] = defaultdict(set)
        for body in self.scope.bodies:
            for node in (*self.module.below(body, cst.Attribute, cst.Subscript), *self.module.below(body, cst.Call)):
                member = member_of(node)
                if member is not None and (owner := _item_of(member[0]) or dotted(member[0])):
                    is_spec = isinstance(node, cst.Attribute) and words(owner)[-1:] == ("tool",)
                    read[owner] |= {member[1], _FEEDS} if member[1] in _CALLED_WITH and not is_spec else {member[1]}
        return frozenset(name for name, keys in read.items() if keys & self._keys and self._feeds(name, keys))

    def _feeds(self, name: str, keys: set[str]) -> bool:
        """Say whether what is read of a name besides its own is what a call is given, for the words of that name."""
        found = words(name.removesuffix(_ITEM))
        while found and (found[-1] in self._kinds or (name.endswith(_ITEM) and found[-1] == "list")):
            found = found[:-1]
        if name.endswith(_ITEM):
            found = tuple(word.removesuffix("s") for word in found)
        if set(found[-1:]) & self._short and "." not in name and keys & self._arguments:
            return True
        return bool(set(found[-1:]) & _CALLABLES) and _FEEDS in keys

    @cached_property
    def are_at_hand(self) -> bool:
        """The function, or one around it, reads a tool call or is given one."""
        if any(self.is_request(param.name) for param in self.scope.params.values()):
            return True
        read = (node for body in self.scope.bodies for node in self.module.below(body, cst.Attribute, cst.Subscript))
        return any(self.is_request(node) for node in read)

    @cached_property
    def _tested(self) -> frozenset[str]:
        """The names of which the code asks whether they are tool calls: ``block.type == "tool_use"``."""
        found: set[str] = set()
        for body in self.scope.bodies:
            for test in self.module.below(body, cst.Comparison):
                member = member_of(test.left)
                if member is None or member[1] not in ("type", "kind", "part_kind"):
                    continue
                values = [node for target in test.comparisons for node in _alternatives(target.comparator)]
                if any(self._names_one(text_of(value) or last_name(value)) for value in values):
                    found.add(dotted(member[0]))
            for call in self.module.below(body, cst.Call):
                if last_name(call.func) == "isinstance" and len(call.args) == 2:
                    kinds = [last_name(value) for value in _alternatives(call.args[1].value)]
                    if any(self._is_type(kind) for kind in kinds):
                        found.add(dotted(call.args[0].value))
        return frozenset(found - {""})


def _item_of(node: cst.BaseExpression) -> str:
    """Return how an item taken out by its number is called here: ``tools[]`` for ``tools[0]``; "" if none is."""
    if not isinstance(node, cst.Subscript) or not isinstance(index_of(node), cst.Integer):
        return ""
    return f"{dotted(node.value)}{_ITEM}" if dotted(node.value) else ""


def _alternatives(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return [element.value for element in node.elements]
    return [node]
