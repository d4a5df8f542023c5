"""Names with their values: the entries of a dict literal, the keywords of a call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

Pair = tuple[str, cst.BaseExpression]


def pairs_in(node: cst.BaseExpression) -> Iterator[Pair]:
    """Yield the names and values of a dict literal, or of the keywords of a call."""
    if isinstance(node, cst.Dict):
        for element in node.elements:
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                key = element.key.evaluated_value
                if isinstance(key, str):
                    yield key, element.value
    elif isinstance(node, cst.Call):
        for arg in node.args:
            if arg.keyword:
                yield arg.keyword.value, arg.value
