"""The text of a node is the same off libcst's tree and off a sketch: as it stands, without parentheses around it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from hiveloop_scan.sketched import SketchedModule
from hiveloop_scan.syntax.tree import source
from hiveloop_scan.syntax.writing import WRITING


@pytest.fixture(autouse=True)
def writing_is_forgotten() -> Iterator[None]:
    """Forget the last sketch: other nodes may have the same ids."""
    yield
    WRITING.begin(())


STATEMENTS = [
    "from a import (b, c)",
    "with (open(a) as b, open(c)): pass",
    "class A(B): x = 1",
    "f((a + b) * c)",
    "x = (1, 2)",
    "del (a), b",
    "for x in (a for a in b): pass",
    "print((yield))",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_the_text_of_a_statement_is_what_stands_there(text: str) -> None:
    WRITING.begin(())
    parsed = cst.parse_module(text)
    assert source(parsed.body[0]).strip() == text
    sketched = SketchedModule(ast.parse(text), text.encode().splitlines(keepends=True), (), ())
    assert source(sketched.tree.body[0]).strip() == text


@pytest.mark.parametrize(
    ("text", "inner"),
    [("(a or b)", "a or b"), ("((a))", "a"), ("(await x)", "await x"), ("(a, b)", "(a, b)"), ("(f)(1)", "(f)(1)")],
)
def test_parentheses_around_an_expression_are_no_part_of_it(text: str, inner: str) -> None:
    whole = f"async def g():\n    return {text}\n"
    tree, lines = ast.parse(whole), whole.encode().splitlines(keepends=True)
    assert source(returned(cst.parse_module(whole))) == inner
    assert source(returned(SketchedModule(tree, lines, (), ()).tree)) == inner


def returned(module: cst.Module) -> cst.BaseExpression:
    """Return what the one function of a module returns."""
    function = module.body[0]
    assert isinstance(function, cst.FunctionDef)
    line = function.body.body[0]
    assert isinstance(line, cst.SimpleStatementLine)
    statement = line.body[0]
    assert isinstance(statement, cst.Return)
    assert statement.value
    return statement.value


def test_what_libcst_parses_of_the_fixtures_has_a_text() -> None:
    for path in sorted(Path(__file__).parent.parent.joinpath("fixtures").rglob("*.py"))[:20]:
        module = cst.parse_module(path.read_bytes())
        for statement in module.body:
            assert source(statement)
