"""Everything that one function shows of how tools are chosen and run: what the tool detectors start from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from hiveloop_scan.model import Clue, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import reference
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, is_name
from hiveloop_scan.tools.access import index_of
from hiveloop_scan.tools.identity import Identities
from hiveloop_scan.tools.lookups import Lookups
from hiveloop_scan.tools.requests import Requests
from hiveloop_scan.tools.runs import Run, is_kept, run_of
from hiveloop_scan.tools.scopes import Root, Scope
from hiveloop_scan.tools.verbs import Verbs


class Dispatch:
    """The calls of one function, and what its values are."""

    def __init__(self, root: Root, module: ParsedModule, options: Options) -> None:
        """Take the function (or the module, for its own statements) and the vocabulary of the rule."""
        self.module, self.options = module, options
        self.scope = Scope(root, module)
        self.verbs = Verbs(options)
        self.requests = Requests(self.scope, options)
        self.identities = Identities(self.requests, self.verbs, options)
        self.lookups = Lookups(self.requests, self.identities, self.verbs, options)

    def runs(self) -> Iterator[Run]:
        """Yield the calls of the function that may run something."""
        for call in self.scope.calls:
            yield run_of(call)

    @cached_property
    def answers(self) -> bool:
        """The function makes the message in which a model is told what a tool has given back."""
        return mentions(self.scope.text, self.options["answer_words"])

    def noun_of(self, key: cst.BaseExpression | None) -> str:
        """Return "function" for the name of a function, which can be any, and "tool" for that of a tool."""
        found = words(dotted(key) or code(key)) if key is not None else ()
        speaks_of_functions = any(word in self.options["function_words"] for word in found)
        return "function" if speaks_of_functions and "tool" not in found else "tool"

    def shared_facts(self, run: Run) -> Iterator[str]:
        """Yield what speaks for or against a run whatever it runs."""
        if is_kept(run.call, self.module):
            yield "result-is-kept"
        if self.answers:
            yield "model-is-answered"
        names = [function.name.value for function in self.scope.functions]
        if any(words(name)[:1] and words(name)[0] in self.options["making_words"] for name in names[:1]):
            yield "function-makes-things"
        if any(mentions(name, self.options["hook_words"]) for name in names):
            yield "function-is-a-hook"
        if self._serves():
            yield "serves-tools-to-others"
        yield from self._of_layers(run)

    def _of_layers(self, run: Run) -> Iterator[str]:
        """Yield what says that the tool is run one layer further down."""
        if isinstance(run.callee, cst.Name) and mentions(run.callee.value, self.options["wrapped_words"]):
            yield "passes-it-on"
        if not isinstance(run.callee, cst.Attribute):
            return
        owner = dotted(run.callee.value)
        is_picked = isinstance(run.callee.value, cst.Subscript) and index_of(run.callee.value) is not None
        if is_super(run.callee.value):
            yield "class-above-runs-it"
        if mentions(owner, self.options["wrapped_words"]) or (not is_picked and self._passes_on(run.callee, owner)):
            yield "passes-it-on"
        around = self.module.enclosing(run.call, cst.ClassDef)
        if owner == "self" and around is not None and words(around.name.value)[-1:] == ("tool",):
            yield "class-is-the-tool"

    def _passes_on(self, callee: cst.Attribute, owner: str) -> bool:
        """Say whether a method hands its work to one of the same name; what a session or client is told leaves us."""
        if not self.scope.functions or callee.attr.value != self.scope.functions[0].name.value:
            return False
        return owner not in ("self", "cls") and not mentions(owner, self.options["far_words"])

    def verb_facts(self, run: Run) -> Iterator[str]:
        """Yield what makes the verb of a run doubtful."""
        if not self.verbs.is_weak(dotted(run.callee)):
            return
        yield "verb-is-weak"
        if reference(run.callee, self.module).startswith(":"):
            yield "called-function-is-in-this-file"

    def clues(self, run: Run) -> tuple[Clue, ...]:
        """Return the question whether what is run is a function of the project that runs the tool itself."""
        target = reference(run.callee, self.module)
        return (Clue(target, "runs-a-tool", "called-function-runs-it"),) if target else ()

    def _serves(self) -> bool:
        """Say whether the function answers the calls of a protocol: ``@server.call_tool()``."""
        return any(
            mentions(dotted(decorator.decorator), ["call_tool"])
            for function in self.scope.functions
            for decorator in function.decorators
        )


def is_super(node: cst.BaseExpression) -> bool:
    """Say whether `node` is ``super()``."""
    return isinstance(node, cst.Call) and is_name(node.func, "super")
