"""What code makes of an answer it has waited for: the names that hold it, the tests that read it, what a no does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_READ_BY = {
    "strip", "lower", "upper", "casefold", "rstrip", "lstrip", "ask", "ask_async", "unsafe_ask", "unsafe_ask_async",
    "execute", "execute_async", "send", "run", "run_async", "decode", "get_result",
}  # fmt: skip
"""Methods that hand the same answer on."""

_RUN_BY = {
    "wait_for", "to_thread", "run_in_executor", "shield", "run", "run_until_complete", "bool", "str", "cast",
    "run_coroutine_threadsafe", "ensure_future", "create_task", "input_with_timeout", "when_any", "race", "run_sync",
}  # fmt: skip
"""Functions that run what they are given, or hand it back in another form."""

_INVERSE: dict[type[cst.BaseCompOp], cst.BaseCompOp] = {
    cst.NotEqual: cst.Equal(),
    cst.NotIn: cst.In(),
    cst.IsNot: cst.Is(),
    cst.Equal: cst.NotEqual(),
    cst.In: cst.NotIn(),
}
Test = cst.BaseExpression


def whole_wait(node: cst.BaseExpression, module: ParsedModule) -> cst.BaseExpression:
    """Return the outermost expression that still has the value of `node`: awaits and wrappers included."""
    while (outer := _around(node, module)) is not None:
        node = outer
    return node


def _around(node: cst.BaseExpression, module: ParsedModule) -> cst.BaseExpression | None:
    parent = module.parent(node)
    if isinstance(parent, cst.Await):
        return parent
    if isinstance(parent, cst.Yield) and parent.value is node:
        return parent
    if isinstance(parent, cst.Lambda) and parent.body is node:
        return parent if isinstance(module.parent(parent), cst.Arg) and _runs(module.parent(parent), module) else None
    if isinstance(parent, cst.Attribute):
        call = module.parent(parent)
        return call if isinstance(call, cst.Call) and call.func is parent and parent.attr.value in _READ_BY else None
    if isinstance(parent, cst.Arg):
        call = module.parent(parent)
        return call if isinstance(call, cst.Call) and _runs(parent, module) else None
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return parent
    if isinstance(parent, cst.BooleanOperation) and parent.left is node and isinstance(parent.operator, cst.Or):
        return parent
    return parent if isinstance(parent, cst.NamedExpr) and parent.value is node else None


def _runs(arg: cst.CSTNode | None, module: ParsedModule) -> bool:
    call = module.parent(arg) if arg is not None else None
    return isinstance(call, cst.Call) and last_name(call.func) in _RUN_BY


@dataclass(frozen=True)
class Answer:
    """An answer: the expression that yields it, the names that hold it, the tests that read it, in source order."""

    whole: cst.BaseExpression
    names: tuple[str, ...]
    tests: tuple[Test, ...]
    returned: bool

    @property
    def is_used(self) -> bool:
        """The answer is tested, kept or given back."""
        return bool(self.names or self.tests or self.returned)


def answer_of(whole: cst.BaseExpression, module: ParsedModule) -> Answer:
    """Follow the value of `whole` through the function around it."""
    names = _names_of(whole, module)
    root: cst.CSTNode = module.function_of(whole) or module.tree
    body: Sequence[cst.CSTNode] = statements(root.body) if isinstance(root, cst.FunctionDef) else [root]
    plain = [name for name in names if name]
    for assign in module.below(body, cst.Assign):
        if plain and not module.is_before(assign, whole) and reads(assign.value, plain, module):
            bound = [name for item in assign.targets for name in _plain_names(item.target)]
            plain += [name for name in bound if name not in plain]
    tests = [
        test
        for test in _tests_in(body, module)
        if module.is_below(whole, [test])
        or (plain and not module.is_before(test, whole) and reads(test, plain, module))
    ]
    given = [node.value for node in module.below(body, cst.Return) if node.value is not None]
    returned = any(
        module.is_below(whole, [value]) or (not module.is_before(value, whole) and reads(value, plain, module))
        for value in given
    )
    return Answer(whole, tuple(plain), tuple(tests), returned)


def _names_of(whole: cst.BaseExpression, module: ParsedModule) -> list[str]:
    """Return the names that the statement around `whole` binds to it: ``a, b = ...`` binds both."""
    if isinstance(whole, cst.NamedExpr):
        return [dotted(whole.target)]
    for outer in module.ancestors(whole):
        if isinstance(outer, cst.NamedExpr):
            return [dotted(outer.target)]
        if isinstance(outer, (cst.Assign, cst.AnnAssign)):
            targets = [item.target for item in outer.targets] if isinstance(outer, cst.Assign) else [outer.target]
            return [name for target in targets for name in _plain_names(target)]
        if isinstance(outer, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Lambda)):
            break
    return []


def _plain_names(target: cst.BaseExpression) -> Iterator[str]:
    parts = [item.value for item in target.elements] if isinstance(target, (cst.Tuple, cst.List)) else [target]
    for part in parts:
        if (name := _place(part)) and name != "_":
            yield name


def _place(node: cst.CSTNode) -> str:
    """Return how code refers to a place that holds a value: its dotted name, with the key of a subscript."""
    return code(node) if isinstance(node, cst.Subscript) else dotted(node)


def _tests_in(body: Sequence[cst.CSTNode], module: ParsedModule) -> list[Test]:
    """Return what decides something in `body`: tests of branches and loops, comparisons, what ``not`` is put before."""
    tests: list[Test] = [branch.test for branch in module.below(body, cst.If, cst.While, cst.IfExp)]
    tests += [
        turned.expression for turned in module.below(body, cst.UnaryOperation) if isinstance(turned.operator, cst.Not)
    ]
    tests += [matched.subject for matched in module.below(body, cst.Match)]
    tests += module.below(body, cst.Comparison)
    tests += [
        call for call in module.below(body, cst.Call) if last_name(call.func) in ("startswith", "match", "fullmatch")
    ]
    return tests


def reads(node: cst.CSTNode, names: Sequence[str], module: ParsedModule) -> bool:
    """Say whether `node` reads one of the dotted `names`, or an attribute of it."""
    if not names:
        return False
    read = {_place(part) for part in module.below(node, cst.Name, cst.Attribute, cst.Subscript)}
    return any(name in read for name in names)


def literals_in(node: cst.CSTNode, module: ParsedModule) -> list[str]:
    """Return the texts of the string literals in `node`, f-strings' fixed parts included."""
    texts = [str(text.evaluated_value) for text in module.all_below(node, cst.SimpleString)]
    return texts + [part.value for part in module.all_below(node, cst.FormattedStringText)]


def tested_words(answer: Answer, module: ParsedModule) -> set[str]:
    """Collect the words that the answer is compared with, names of sets of them included."""
    found: set[str] = set()
    for test in answer.tests:
        for compared in module.below(test, cst.ComparisonTarget):
            for text in literals_in(compared.comparator, module):
                found.update(words(text))
            found.update(words(last_name(compared.comparator)))
        for call in module.below(test, cst.Call):
            if last_name(call.func) in ("startswith", "match", "fullmatch"):
                found.update(word for arg in call.args for text in literals_in(arg, module) for word in words(text))
        subject = module.parent(test)
        if isinstance(subject, cst.Match) and subject.subject is test:
            for case in subject.cases:
                found.update(word for text in literals_in(case.pattern, module) for word in words(text))
    return found


def branches_on(answer: Answer, module: ParsedModule) -> list[cst.If]:
    """Return the if statements whose test reads the answer."""
    found = []
    for test in answer.tests:
        branch = module.parent(test)
        if isinstance(branch, cst.If) and branch.test is test and branch not in found:
            found.append(branch)
    return found


def refusal_leaves(answer: Answer, module: ParsedModule, any_test: bool) -> bool:
    """Say whether one way of answering ends the function, the round or the program.

    Unless `any_test`, only comparisons count: an empty text is no refusal.
    """
    for branch in branches_on(answer, module):
        if not any_test and not any(_compares(item) for item in module.below(branch.test, cst.Comparison)):
            continue
        ways = [flow_of_suite(branch.body)]
        if isinstance(branch.orelse, cst.Else):
            ways.append(flow_of_suite(branch.orelse.body))
        if any(not way & Flow.NEXT for way in ways):
            return True
    return False


def _compares(comparison: cst.Comparison) -> bool:
    """Say whether something is compared with what it has to be; ``is None`` and lengths say nothing of that."""
    target = comparison.comparisons[0]
    plain = isinstance(target.operator, (cst.Equal, cst.NotEqual))
    return plain and last_name(comparison.left) != "len" and not isinstance(target.comparator, cst.Integer)


def meanings_of(
    tests: Sequence[Test], yes_words: frozenset[str], no_words: frozenset[str], is_yes_or_no: bool
) -> tuple[list[Test], list[Test]]:
    """Return expressions that are true when the answer is a yes: first those read off a yes, then those off a no.

    A name alone tells only if it is named for a yes (``approved``), or if nothing but yes or no can be answered.
    """
    by_yes: list[Test] = []
    by_no: list[Test] = []
    for test in tests:
        if isinstance(test, cst.UnaryOperation):
            continue
        said = _said_in(test)
        negative = isinstance(test, cst.Comparison) and isinstance(
            test.comparisons[0].operator, (cst.NotEqual, cst.NotIn)
        )
        if isinstance(test, (cst.Name, cst.Attribute)):
            if is_yes_or_no or set(words(last_name(test))) & yes_words:
                by_yes.append(test)
        elif said & yes_words and not said & no_words:
            by_yes.append(_inverted(test) if negative else test)
        elif said & no_words and not said & yes_words and isinstance(test, cst.Comparison):
            by_no.append(test if negative else _inverted(test))
    return by_yes, by_no


def _said_in(test: Test) -> set[str]:
    """Return the words that a comparison or a ``startswith`` holds against the answer."""
    if isinstance(test, cst.Call) and last_name(test.func) == "startswith":
        return {word for arg in test.args for word in words(code(arg))}
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        target = test.comparisons[0]
        if isinstance(target.operator, (cst.Equal, cst.NotEqual, cst.In, cst.NotIn)):
            return set(words(code(target.comparator)))
    return set()


def _inverted(test: Test) -> Test:
    assert isinstance(test, cst.Comparison)
    target = test.comparisons[0]
    operator = _INVERSE[type(target.operator)]
    return test.with_changes(comparisons=[target.with_changes(operator=operator)])
