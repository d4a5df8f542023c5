"""Tools that are looked up at run time: in a registry, by a search through a list, as an attribute of an object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, is_name, last_name
from hiveloop_scan.tools.access import bare, index_of, member_of, text_of
from hiveloop_scan.tools.identity import Identities, Identity
from hiveloop_scan.tools.requests import Requests
from hiveloop_scan.tools.runs import Run
from hiveloop_scan.tools.scopes import Binding, Scope
from hiveloop_scan.tools.verbs import Verbs

_LOOK_UPS = ("get", "find", "lookup", "look", "resolve", "fetch", "load", "search", "select")
_WORKING_PARTS = (
    "func", "function", "fn", "callback", "handler", "coroutine", "entrypoint", "tool", "callable", "executor", "impl",
    "implementation", "execute", "_func", "_fn", "action", "invoke", "method", "original_func", "tool_func",
    "tool_fn", "run", "call",
)  # fmt: skip


@dataclass(frozen=True)
class Lookup:
    """Where a tool comes from: the text that names the place, what it is looked up by, and how sure that is.

    `handed_in`: it was looked up elsewhere, and the evidence for that; `made_by`: the call that makes an object of what
    was looked up.
    """

    source: str
    key: cst.BaseExpression | None
    identity: Identity
    is_attribute: bool = False
    handed_in: str = ""
    made_by: cst.Call | None = None


class Lookups:
    """Follows what is run back to the place where it was looked up."""

    def __init__(self, requests: Requests, identities: Identities, verbs: Verbs, options: Options) -> None:
        """Take what is known of requests, names of tools and verbs, and `tool_words`, `function_words` of the rule."""
        self._requests, self._identities, self._verbs = requests, identities, verbs
        self._scope: Scope = requests.scope
        self._tools, self._functions = options["tool_words"], options["function_words"]
        self._open: set[str] = set()

    def of(self, node: cst.BaseExpression) -> Lookup | None:
        """Return how the thing that `node` stands for was looked up; None when it was not."""
        return next((found for part in bare(node) if (found := self._of(part)) is not None), None)

    def of_instance(self, node: cst.BaseExpression) -> Lookup | None:
        """Return how the class was looked up of which `node` is an object: ``kinds[name](**args)``."""
        values = [binding.value for binding in self._scope.bindings.get(dotted(node), ()) if not binding.each]
        for value in (node, *values):
            for part in bare(value):
                if isinstance(part, cst.Call) and (found := self.of(part.func)) is not None:
                    return replace(found, made_by=part)
        return None

    def of_made_from(self, node: cst.BaseExpression) -> Lookup | None:
        """Return how the thing was looked up of which a call makes an object: ``load_node(kind=found.kind)``."""
        for binding in self._scope.bindings.get(dotted(node), ()):
            made = [part for part in bare(binding.value) if isinstance(part, cst.Call) and not binding.each]
            for part in made:
                for arg in part.args:
                    member = member_of(arg.value)
                    if member is not None and (found := self.of(member[0])) is not None:
                        return replace(found, made_by=part)
        return None

    def beside_a_request(self, run: Run) -> Lookup | None:
        """Return a lookup made elsewhere: a parameter that is called a tool, in a function that knows its tool call."""
        callee = run.callee
        if isinstance(callee, cst.Attribute) and self._verbs.runs(callee.attr.value):
            callee = callee.value
        name = dotted(callee)
        param = self._scope.params.get(name)
        found = words(name)
        if param is None or not found or found[-1] not in ("tool", "func", "fn", "function") or "tool" not in found:
            return None
        if not run.arguments or self._verbs.runs(name) or not self._requests.are_at_hand:
            return None
        return Lookup(name, None, Identity.NONE, handed_in="tool-call-is-at-hand")

    def comes_from_a_loop(self, key: cst.BaseExpression | None) -> bool:
        """Say whether a key is taken from a list of names: they all have their turn."""
        return any(
            binding.each and not binding.part and not self._requests.are_requests(binding.value)
            for binding in self._scope.bindings.get(dotted(key), ())
        )

    def _of(self, node: cst.BaseExpression) -> Lookup | None:
        if isinstance(node, cst.Subscript):
            index = index_of(node)
            if index is not None and text_of(index) is None:
                return self._by_key(node.value, index)
        if isinstance(node, cst.Call):
            return self._of_call(node)
        member = member_of(node)
        if member is not None and member[1] in _WORKING_PARTS and (found := self.of(member[0])):
            return found
        return self._of_name(dotted(node), node) if isinstance(node, (cst.Name, cst.Attribute)) else None

    def _of_call(self, node: cst.Call) -> Lookup | None:
        args = [arg.value for arg in node.args]
        if is_name(node.func, "getattr") and len(args) > 1 and text_of(args[1]) is None:
            identity = self._identities.of(args[1])
            return Lookup(dotted(args[0]), args[1], identity, is_attribute=True)
        if last_name(node.func) == "next" and args and isinstance(args[0], cst.GeneratorExp):
            return self._by_search(args[0])
        if not args or not isinstance(node.func, (cst.Attribute, cst.Name)):
            return None
        name = last_name(node.func)
        if isinstance(node.func, cst.Attribute) and name == "get":
            return None if text_of(args[0]) is not None else self._by_key(node.func.value, args[0])
        found = [word for word in words(name) if word not in ("async", "a", "by", "name")]
        if found and found[0] in _LOOK_UPS and text_of(args[0]) is None:
            keys = [(self._identities.of(arg), arg) for arg in args]
            identity, key = max(keys, key=lambda item: item[0])
            speaks = any(word in self._tools or word in self._functions for word in words(dotted(node.func)))
            tools = found[-1] in self._tools
            return Lookup(dotted(node.func), key, identity) if (identity and speaks) or tools else None
        return None

    def _by_key(self, registry: cst.BaseExpression, key: cst.BaseExpression) -> Lookup | None:
        if isinstance(key, (cst.Integer, cst.UnaryOperation, cst.BinaryOperation)):
            return None
        if last_name(registry)[:1].isupper() and not last_name(registry).isupper():
            return None  # a generic class: ``Event[Agent](...)``
        if self._goes_through(key, registry):
            return None
        identity = self._identities.of_key(key)
        speaks = any(word in self._tools for word in words(dotted(registry)))
        if not identity and not (speaks and isinstance(key, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))):
            return None
        return Lookup(dotted(registry), key, identity)

    def _goes_through(self, key: cst.BaseExpression, registry: cst.BaseExpression) -> bool:
        """Say whether a loop takes every tool of the registry in turn: none is chosen."""
        return any(
            binding.each and dotted(binding.value).startswith(dotted(registry) or "?")
            for binding in self._scope.bindings.get(dotted(key), ())
        )

    def _by_search(self, search: cst.GeneratorExp) -> Lookup | None:
        """``next((tool for tool in tools if tool.name == name), None)``."""
        tests = [
            test for condition in search.for_in.ifs for test in self._scope.module.below(condition.test, cst.Comparison)
        ]
        return self._by_tests(tests, dotted(search.for_in.target), dotted(search.for_in.iter))

    def _by_tests(self, tests: list[cst.Comparison], item: str, source: str) -> Lookup | None:
        for test in tests:
            sides = [test.left, *(target.comparator for target in test.comparisons)]
            for side in sides:
                if dotted(side).partition(".")[0] == item:
                    continue
                identity = self._identities.of(side)
                if identity and any(dotted(other).partition(".")[0] == item for other in sides):
                    return Lookup(source, side, identity)
        return None

    def _of_name(self, name: str, node: cst.BaseExpression) -> Lookup | None:
        if name in self._open or not name:
            return None
        self._open.add(name)
        try:
            for binding in self._nearest_first(self._scope.bindings.get(name, ()), node):
                found = self._by_loop(name, binding.value) if binding.each else self.of(binding.value)
                if found is not None:
                    return found
        finally:
            self._open.discard(name)
        return None

    def _nearest_first(self, bindings: Sequence[Binding], node: cst.BaseExpression) -> list[Binding]:
        """Put first what a name is bound to in the branch in which it is used."""
        if len(bindings) < 2:
            return list(bindings)
        module = self._scope.module
        around = {id(outer) for outer in module.ancestors(node)}
        return sorted(bindings, key=lambda one: id(module.enclosing(one.value, cst.IndentedBlock)) not in around)

    def _by_loop(self, name: str, tools: cst.BaseExpression) -> Lookup | None:
        """``for tool in tools: if tool.name == name: ...``, or ``for key, tool in tools.items(): if key == name``."""
        names = {name}
        if isinstance(tools, cst.Call) and isinstance(tools.func, cst.Attribute) and last_name(tools.func) == "items":
            loop = self._scope.module.parent(tools)
            if isinstance(loop, (cst.For, cst.CompFor)) and isinstance(loop.target, cst.Tuple):
                names |= {dotted(element.value) for element in loop.target.elements}
            tools = tools.func.value
        sources = [dotted(part) for part in bare(tools)]
        if not any(word in self._tools for source in sources for word in words(source)):
            return None
        tests = [test for body in self._scope.bodies for test in self._scope.module.below(body, cst.Comparison)]
        found = (self._by_tests(tests, item, sources[0]) for item in sorted(names))
        return next((lookup for lookup in found if lookup is not None), None)
