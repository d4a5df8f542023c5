"""The name of the tool to run: read off a tool call, or a text that other code has settled on."""

from __future__ import annotations

import enum

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.tools.access import bare, member_of
from hiveloop_scan.tools.requests import Requests
from hiveloop_scan.tools.verbs import Verbs

_CHOICES = tuple(
    (word,) for word in ("response", "reply", "decision", "choice", "parsed", "answer", "verdict", "action")
)
"""Names of what a model has said: what they call an action or a tool is the one that it chose."""


class Identity(enum.IntEnum):
    """How sure it is that a text names a tool that was chosen at run time; the more the greater."""

    NONE = 0
    NAMED = 1
    REQUESTED = 2


class Identities:
    """Tells the names of tools in one function."""

    def __init__(self, requests: Requests, verbs: Verbs, options: Options) -> None:
        """Take what is known of requests and verbs, and `name_keys` and `name_words` of the rule."""
        self._requests, self._verbs, self._scope = requests, verbs, requests.scope
        self._keys, self._words = options["name_keys"], {tuple(word.split("_")) for word in options["name_words"]}
        self._open: set[str] = set()

    def of(self, node: cst.BaseExpression) -> Identity:
        """Return how sure it is that `node` is the name of a tool that was chosen at run time."""
        return max((self._of(part) for part in bare(node)), default=Identity.NONE)

    def of_key(self, node: cst.BaseExpression) -> Identity:
        """Return the same of something that a tool is looked up by: there ``action.tool`` cannot be the tool itself."""
        member = member_of(next(iter(bare(node))))
        if member is not None and member[1] == "tool" and dotted(member[0]) not in ("self", "cls", ""):
            return max(Identity.NAMED, self.of(node))
        if member is not None and member[1] in self._keys and words(dotted(member[0]))[-1:] in _CHOICES:
            return max(Identity.NAMED, self.of(node))
        return self.of(node)

    def _of(self, node: cst.BaseExpression) -> Identity:
        if isinstance(node, cst.FormattedString):
            return self._of_text(node)
        member = member_of(node)
        if member is not None:
            return self._of_member(*member, is_attribute=isinstance(node, cst.Attribute))
        return self._of_name(node.value) if isinstance(node, cst.Name) else Identity.NONE

    def _of_text(self, node: cst.FormattedString) -> Identity:
        """``f"tool_{name}"``: a text around a name, or one that says itself what it makes."""
        parts = [part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
        text = "".join(part.value for part in node.parts if isinstance(part, cst.FormattedStringText))
        if not parts or not text.replace(".", "_").isidentifier():
            return Identity.NONE
        best = max((self.of(part) for part in parts), default=Identity.NONE)
        return max(best, Identity.NAMED) if "tool" in words(text) else best

    def _of_member(self, owner: cst.BaseExpression, key: str, is_attribute: bool) -> Identity:
        if key in self._keys and self._requests.is_request(owner):
            return Identity.REQUESTED
        if self._is_named(key) and not (is_attribute and dotted(owner) in ("self", "cls")):
            return Identity.NAMED
        if key == "tool" and dotted(owner) not in ("self", "cls") and not (is_attribute and _is_a_context(owner)):
            return Identity.NAMED
        return Identity.NONE

    def _of_name(self, name: str) -> Identity:
        if name in self._open:
            return Identity.NONE
        self._open.add(name)
        try:
            values = [binding for binding in self._scope.bindings.get(name, ()) if not binding.each]
            best = max((self.of(binding.value) for binding in values), default=Identity.NONE)
        finally:
            self._open.discard(name)
        if best:
            return best
        if values:
            told = [binding for binding in values if not _is_of_a_thing(binding.value)]
            return Identity.NAMED if told and self._is_named(name) else Identity.NONE
        looped = any(binding.each for binding in self._scope.bindings.get(name, ()))
        if self._is_named(name) and (looped or name in self._scope.params):
            return Identity.NAMED
        if name in ("name", "tool") and self._scope.is_own_param(name):
            return Identity.NAMED if self._verbs.runs_functions(self._scope.functions[0].name.value) else Identity.NONE
        return Identity.NONE

    def _is_named(self, name: str) -> bool:
        found = words(name)
        return any(found[-len(word) :] == word for word in self._words)


def _is_a_context(owner: cst.BaseExpression) -> bool:
    """Say whether the tool of an owner is an object rather than a name: ``context.tool``."""
    found = words(dotted(owner))
    return not found or found[-1] not in ("action", "step", "decision", "choice", "call", "plan", "response", "parsed")


def _is_of_a_thing(value: cst.BaseExpression) -> bool:
    """Say whether a name is that of a tool at hand, or a fixed text: the choice was made elsewhere."""
    if isinstance(value, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
        return True
    member = member_of(value)
    return member is not None and member[1] in ("name", "__name__", "original_name", "_name")
