"""Take generated calls out of a file again, so that the bytes are those from before."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from hiveloop_scan.fix.arguments import without_callback
from hiveloop_scan.fix.edits import Edit, edited
from hiveloop_scan.fix.generated import hoisted, is_generated, is_ours, is_wrapper, wrapped
from hiveloop_scan.fix.import_removal import (
    blank_beside_first_imports,
    blanks_beside_groups,
    runs_of,
    unused_imports,
    without_names,
)
from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.place import lines_in_strings
from hiveloop_scan.fix.source import Source, first_line, last_line

_BLOCKS = ("body", "orelse", "finalbody")


def without_calls(source: Source) -> Source:
    """Return the file without the calls that `hiveloop-scan apply` wrote."""
    if PREFIX not in source.text:
        return source
    removal = _Removal(source)
    return source.with_text(edited(source.text, removal.edits()))


class _Removal:
    """What has to go: whole lines, one level of indentation, pieces of lines that were changed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._gone: list[ast.stmt] = []
        self._unwrapped: list[ast.With | ast.Try] = []
        self._pieces: list[Edit] = []
        self._kept: list[ast.expr] = []
        self._look(source.tree)
        for statement, names in unused_imports(source, self._gone, self._unwrapped, self._kept):
            if len(names) == len(statement.names):
                self._gone.append(statement)
            else:
                self._pieces += without_names(statement, names, source)

    def edits(self) -> Iterator[Edit]:
        """Yield the edits that take everything out."""
        gone = {line for item in self._gone for line in range(first_line(item), last_line(item) + 1)}
        gone |= _blank_behind_definitions(self._source, self._gone)
        gone |= blank_beside_first_imports(self._source, self._gone)
        gone |= blanks_beside_groups(self._source, self._gone)
        dedented: Counter[int] = Counter()
        for wrapper in self._unwrapped:
            inside = wrapped(wrapper)
            first, last = first_line(inside[0]), last_line(inside[-1])
            gone.update(range(wrapper.lineno, first_line(wrapper.body[0])))
            gone.update(range(last + 1, last_line(wrapper) + 1))
            held = lines_in_strings(self._source, first, last)
            dedented.update(line for line in range(first, last + 1) if line not in held)
        yield from self._without_lines(gone)
        for line, levels in dedented.items():
            start, text = self._source.line_start(line), self._source.lines[line - 1]
            if line not in gone and text.strip():
                yield Edit(start, start + len(self._source.indentation) * levels, "")
        yield from self._pieces

    def _without_lines(self, gone: set[int]) -> Iterator[Edit]:
        """Yield the edits that take out whole lines; the last line of a file gives its missing end to the one above."""
        source = self._source
        for first, last in runs_of(gone):
            start, end = source.line_start(first), source.line_start(last + 1)
            if not source.lines[last - 1].endswith(("\n", "\r")) and first > 1:
                above = source.lines[first - 2]
                start -= len(above) - len(above.rstrip("\r\n"))
            yield Edit(start, end, "")

    def _look(self, node: ast.AST) -> None:
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                self._look_at_block(block)
        for child in ast.iter_child_nodes(node):
            self._look_at(child)

    def _look_at(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt) and is_generated(node):
            return
        if isinstance(node, (ast.With, ast.Try)) and is_wrapper(node):
            self._unwrapped.append(node)
            self._look_at_block(node.body)
            for item in wrapped(node):
                self._look_at(item)
            return
        self._pieces += _pieces(node, self._source)
        self._look(node)

    def _look_at_block(self, block: Sequence[ast.stmt]) -> None:
        generated = [item for item in block if is_generated(item)]
        self._gone += [item for item in generated if item not in self._gone]
        values: dict[str, ast.expr] = {}
        for item in block:
            if item in generated:
                values.update(hoisted([item]))
            elif values:
                self._put_back(item, values)

    def _put_back(self, node: ast.AST, values: Mapping[str, ast.expr]) -> None:
        """Put the expressions back for which names stand in `node`; a block below may have names of its own."""
        if isinstance(node, (ast.With, ast.Try)) and is_wrapper(node):
            own = {name for name, _ in hoisted(node.body)}
            for item in wrapped(node):
                self._put_back(item, {name: value for name, value in values.items() if name not in own})
            return
        if isinstance(node, ast.Name) and is_ours(node) and node.id in values:
            text = self._source.segment(values[node.id])
            self._kept.append(values[node.id])
            self._pieces.append(Edit(self._source.start(node), self._source.end(node), text))
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.stmt) and is_generated(part):
                continue
            block = next((block for block in _blocks_of(node) if part in block), ())
            hidden = {name for name, _ in hoisted(block)}
            self._put_back(part, {name: value for name, value in values.items() if name not in hidden})


def _blocks_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    yield from (block for name in _BLOCKS if isinstance(block := getattr(node, name, None), list))


def _pieces(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Yield what takes back a change inside the user's own statement: an argument, a loop that counts."""
    if isinstance(node, ast.Call):
        yield from _out_of_helper(node, source)
        for keyword in node.keywords:
            if keyword.arg and is_ours(keyword.value):
                yield _without_argument(node, keyword, source)
            elif keyword.arg:
                yield from without_callback(keyword.value, source)
    if (
        isinstance(node, (ast.For, ast.AsyncFor))
        and isinstance(node.target, ast.Tuple)
        and is_ours(node.target.elts[0])
    ):
        counted = node.iter
        if isinstance(counted, ast.Call) and len(node.target.elts) == 2 and counted.args:
            named = source.segment(node.target.elts[1])
            if isinstance(node.target.elts[1], ast.Tuple):  # apply has put it in parentheses
                named = named.removeprefix("(").removesuffix(")")
            yield Edit(source.start(node.target), source.end(node.target), named)
            yield Edit(source.start(counted), source.end(counted), source.segment(counted.args[0]))


def _out_of_helper(call: ast.Call, source: Source) -> Iterator[Edit]:
    """Take what is called or awaited out of the helper that tracks it: ``_hl_track_call(lambda: name, run)``."""
    match call:
        case ast.Call(func=ast.Name() as func, args=[ast.Lambda(), user], keywords=[]) if is_ours(func):
            yield Edit(source.start(call), source.start(user), "")
            yield Edit(source.end(user), source.end(call), "")


def _without_argument(call: ast.Call, keyword: ast.keyword, source: Source) -> Edit:
    """Take out an argument with the comma in front of it, or with its own line where it has one."""
    start, end = source.start(keyword), source.end(keyword)
    line = source.lines[keyword.lineno - 1]
    if line.strip().rstrip(",") == source.text[start:end]:
        return Edit(source.line_start(keyword.lineno), source.line_start(last_line(keyword.value) + 1), "")
    others = [item for item in (*call.args, *call.keywords) if source.end(item) < start]
    if others:
        return Edit(max(source.end(item) for item in others), end, "")
    return Edit(start, end, "")


def _blank_behind_definitions(source: Source, gone: Sequence[ast.stmt]) -> set[int]:
    """Return the two empty lines that came with each function of ours at the top of the file."""
    ends = [last_line(item) for item in gone if isinstance(item, ast.FunctionDef) and item in source.tree.body]
    lines = {line for end in ends for line in (end + 1, end + 2)}
    return {line for line in lines if line <= len(source.lines) and not source.lines[line - 1].strip()}
