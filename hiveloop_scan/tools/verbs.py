"""Read off its name whether a call carries something out, and whether what it speaks of are tools."""

from __future__ import annotations

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.run_names import DOERS, LEADING, WAYS

_FUNCTIONS = frozenset({"function", "func", "fn"})


class Verbs:
    """The vocabulary for running things, for everything else that is done to tool calls, and for tools."""

    def __init__(self, options: Options) -> None:
        """Take the options of a rule: eight lists of words, from `run_words` to `never_words`."""
        self._run, self._weak, self._other = options["run_words"], options["weak_verbs"], options["other_verbs"]
        self._side, self._watchers = options["side_words"], options["watcher_words"]
        self._tools, self._never = options["tool_words"], options["never_words"]
        self._own_calls = options["tool_calls"]
        self._requests = sorted(
            {tuple(word.removesuffix("s").split("_")) for word in options["request_words"]}, key=len, reverse=True
        )

    def runs(self, dotted_name: str) -> bool:
        """Say whether a callee's name says that it carries something out; classes, hooks and reporters do not."""
        owner, _, name = dotted_name.rpartition(".")
        plain = name.lstrip("_")
        if name.lower() in self._own_calls:
            return True
        if not plain or plain[0].isupper() or self._watches(owner):
            return False
        verb = self._verb_of(name)
        vague = self._is_vague(verb) and not self.speaks_of_tools(dotted_name) and _FUNCTIONS.isdisjoint(words(name))
        return bool(verb) and not vague

    def names_a_run(self, name: str) -> bool:
        """Say whether the name of a function has a verb for running things, however little that says by itself."""
        return bool(self._verb_of(name))

    def is_weak(self, dotted_name: str) -> bool:
        """Say whether a name that speaks of tools could as well stand for other work on them: ``handle_tool_call``."""
        owner, _, name = dotted_name.rpartition(".")
        if words(owner)[-1:] == ("tool",) or name.lower() in self._own_calls:
            return False
        return self._verb_of(name) in self._weak

    def _is_vague(self, verb: str) -> bool:
        """Say whether a verb says nothing unless it has tools for its object."""
        return verb in self._weak or verb == "call"

    def _verb_of(self, name: str) -> str:
        """Return the verb in a name: one that can be a noun too has to lead it, after words such as ``async``."""
        found = self._without_nouns(words(name))
        while len(found) > 1 and found[-1] in WAYS:
            found = found[:-1]
        while len(found) > 1 and found[0] in WAYS:
            found = found[1:]
        if not found or found[-1] in self._side or any(word in self._never for word in found):
            return ""
        if found[-1] in DOERS:
            return found[-1]
        for word in found:
            if word in self._other:
                return ""
            if (word in self._run or word in self._weak) and (word is found[0] or word not in LEADING):
                return word
        return ""

    def speaks_of_tools(self, dotted_name: str) -> bool:
        """Say whether a dotted name speaks of tools: ``self.tool_registry.execute``, ``handle_function_call``."""
        found = words(dotted_name)
        return any(word in self._tools for word in found) or len(self._without_nouns(found)) < len(found)

    def runs_tools(self, dotted_name: str) -> bool:
        """Say whether a name says that tools are run."""
        return self.runs(dotted_name) and self.speaks_of_tools(dotted_name)

    def runs_functions(self, name: str) -> bool:
        """Say whether a plain name says that tools or functions are run: ``execute_function``."""
        return self.runs_tools(name) or (self.runs(name) and not _FUNCTIONS.isdisjoint(words(name)))

    def _watches(self, owner: str) -> bool:
        found = words(".".join(owner.split(".")[-2:]))
        return any(word in self._watchers for word in found)

    def _without_nouns(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """Take out "tool call" and the like, so that the call in it is no verb."""
        kept: list[str] = []
        index = 0
        while index < len(found):
            plain = tuple(word[:-1] if word.endswith("s") else word for word in found[index : index + 3])
            noun = next((word for word in self._requests if plain[: len(word)] == word), None)
            kept += [] if noun else [found[index]]
            index += len(noun) if noun else 1
        return tuple(kept)
