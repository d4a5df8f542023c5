"""The numbered walk says what the standard parser's own walk says."""

import ast
from pathlib import Path

import pytest

from hiveloop_scan.syntax.walking import nodes, texts, walk

HERE = Path(__file__)
SOURCES = {
    "this file": HERE.read_text("utf-8"),
    "a large one": HERE.with_name("test_triage.py").read_text("utf-8"),
    "odd syntax": "def f(a, /, b=1, *c, d: int = 2, e, **g):\n    x = {**a, 'b': 1}\n    match a:\n"
    "        case {'k': [1, *_], **rest} | None: print(f'{a!r:>{b}}')\n        case P(x=1) as q: del a[1:2], b\n",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_node_but_contexts_and_operators_is_walked_parents_first(source: str) -> None:
    tree = ast.parse(source)
    left_out = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
    expected = {id(node) for node in ast.walk(tree) if not isinstance(node, left_out)}
    walked = walk(tree)
    assert {id(node) for node in walked} == expected
    assert len(walked) == len(expected)
    place = {id(node): number for number, node in enumerate(walked)}
    for parent in walked:
        for child in ast.iter_child_nodes(parent):
            assert isinstance(child, left_out) or place[id(parent)] < place[id(child)]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_nodes_of_some_kinds_are_those_of_the_walk(source: str) -> None:
    tree = ast.parse(source)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        below = set(map(id, ast.walk(function)))
        found = nodes(function, ast.Call, ast.Name)
        assert found == [node for node in walk(tree) if isinstance(node, (ast.Call, ast.Name)) and id(node) in below]


def test_nodes_come_in_source_order_whatever_the_order_of_the_kinds() -> None:
    tree = ast.parse("f(a)[g(b)]")
    positions = [node.col_offset for node in nodes(tree, ast.Name, ast.Call, ast.Subscript)]
    assert positions == sorted(positions)


def test_texts_are_names_attributes_and_strings_below_a_node() -> None:
    assert texts(ast.parse("self.send(mail, 'now', 3)")) == ("send", "self", "mail", "now")
    assert texts(ast.parse("x = 1")) == ("x",)


def test_another_tree_begins_a_new_numbering() -> None:
    first, second = ast.parse("a = 1"), ast.parse("b = 2")
    assert texts(first) == ("a",)
    assert texts(second) == ("b",)
    assert texts(first.body[0]) == ("a",)
