"""A sketch is numbered while it is made; its nodes get the numbers that a walk of it would give them."""

import ast
from pathlib import Path

import libcst as cst
import pytest

import hiveloop_scan
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sketched import SketchedModule

_SHARED = (cst.ParamStar, cst.ParamSlash, cst.Dot, cst.ImportStar)
"""Punctuation that is the same object everywhere, and has no number in a sketch."""

SOURCES = [
    "from ..a.b import c as d, e\nimport f.g\nx = y = 1; del x, y",
    "def f(a, /, b=1, *c: int, d=2, **e) -> str:\n    global g\n    return lambda h: (yield h)",
    "class A(B, *C, d=E):\n    @f\n    async def g(self, *, h): await h(*i, j=k, *l)",
    "while a and b and c or not d < e <= f: g = [h async for i in j if k if l for m in n]",
    "with a as b, c: assert f'{d!r:{e}} {f}' 'g' f'{h}' 'i', {**j, k: l}\nelse_ = m if n else o",
    "try: pass\nexcept A as b: raise c from d\nelse: e[f:g, ..., h] += -i\nfinally: j: k = 1.0",
    "if a: pass\nelif b: pass\nelse:\n    if c: pass\nfor d in e: continue\nelse: break",
    "match a:\n    case [B(c, d=e), *f] | {'g': h, **i} if j: pass\n    case None | k.l as m: pass",
    *(path.read_text() for path in sorted(Path(hiveloop_scan.__file__).parent.glob("detectors/*.py"))),
]


class _Walked(SketchedModule):
    _numbered = ParsedModule._numbered


@pytest.mark.parametrize("source", SOURCES)
def test_the_numbers_of_a_sketch_are_those_of_a_walk(source: str) -> None:
    tree, lines = ast.parse(source), source.encode().splitlines(keepends=True)
    assert _shape(SketchedModule(tree, lines, (), ())) == _shape(_Walked(tree, lines, (), ()))


def _shape(module: ParsedModule) -> list[tuple[str, int, int]]:
    """Return the kind of each node, how many levels it is below the module, and how many nodes are below it."""
    nodes = [node for node in module._order if not isinstance(node, _SHARED)]
    below = [sum(module.is_below(other, [node]) for other in nodes) for node in nodes]
    levels = [len(list(module.ancestors(node))) for node in nodes]
    return list(zip([type(node).__name__ for node in nodes], levels, below, strict=True))
