"""Where things wait in memory: queues, deques, and lists that are used like one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import dotted, last_name

QUEUE_CLASSES = {
    "asyncio": ("Queue", "PriorityQueue", "LifoQueue", "JoinableQueue"),
    "queue": ("Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"),
    "multiprocessing": ("Queue", "JoinableQueue", "SimpleQueue"),
    "collections": ("deque",),
    "janus": ("Queue",),
    "gevent": ("Queue", "PriorityQueue", "JoinableQueue"),
    "eventlet": ("Queue", "LightQueue", "PriorityQueue"),
    "tornado": ("Queue", "PriorityQueue"),
    "anyio": ("create_memory_object_stream",),
}
"""Package -> what it calls its queues."""

_KNOWN = {name for names in QUEUE_CLASSES.values() for name in names}
_FIELDS = ("field", "Field", "PrivateAttr")
_LISTS = ("list", "List")
_DICTS = ("dict", "Dict", "DefaultDict", "defaultdict", "OrderedDict")

Creation = cst.Assign | cst.AnnAssign


@dataclass(frozen=True)
class Container:
    """A place where things wait, as it is made: its name as code of the class or module writes it.

    `owner` is the class whose attribute it is, None for a global one. `by_key` tells that it holds one queue for each
    key; `annotation` is the type that was written for it.
    """

    node: Creation
    name: str
    kind: str
    owner: cst.ClassDef | None
    by_key: bool = False
    annotation: cst.BaseExpression | None = None

    @property
    def leaf(self) -> str:
        """The name without what it belongs to: ``_inbox`` for ``self._inbox``."""
        return self.name.rpartition(".")[2]


def creations_in(module: ParsedModule) -> list[Creation]:
    """Return the statements of the file that can make a queue."""
    found: list[Creation] = []
    found.extend(module.nodes(cst.Assign))
    found.extend(module.nodes(cst.AnnAssign))
    return found


def target_of(node: Creation) -> cst.BaseExpression:
    """Return what a statement gives a value to, the first of several."""
    return node.targets[0].target if isinstance(node, cst.Assign) else node.target


def container_made_by(node: Creation, module: ParsedModule) -> Container | None:
    """Return what `node` makes when that lives longer than a call: an attribute or a global; None otherwise."""
    target = target_of(node)
    if not isinstance(target, (cst.Name, cst.Attribute)):
        return None
    place = _place_of(target, module)
    return container_of(node, *place, module) if place else None


def container_of(node: Creation, name: str, owner: cst.ClassDef | None, module: ParsedModule) -> Container | None:
    """Return the queue that the value of `node` is, called `name`; None when it is none."""
    annotation = node.annotation.annotation if isinstance(node, cst.AnnAssign) else None
    if node.value is None:
        return None
    kind, by_key = _kind_of(node.value, annotation, module)
    if not kind and isinstance(node.value, cst.Dict) and not node.value.elements:
        kind, by_key = _kind_put_in(name.rpartition(".")[2], module), True
        kind, by_key = (kind, by_key) if kind else ("dict", False)
    return Container(node, name, kind, owner, by_key, annotation) if kind else None


def _place_of(target: cst.Name | cst.Attribute, module: ParsedModule) -> tuple[str, cst.ClassDef | None] | None:
    """Return the lasting name of a target and the class that it is an attribute of; None for a local name."""
    name = dotted(target)
    scope = module.enclosing(target, cst.FunctionDef, cst.ClassDef)
    if isinstance(target, cst.Attribute):
        first = name.partition(".")[0]
        if first in ("self", "cls") and name.count(".") == 1:
            return name, module.enclosing(target, cst.ClassDef)
        return (name, None) if scope is not None and name else None
    if isinstance(scope, cst.ClassDef):
        return f"self.{name}", scope
    if scope is None or _is_global(name, scope, module):
        return name, None
    return None


def _is_global(name: str, function: cst.FunctionDef | cst.ClassDef, module: ParsedModule) -> bool:
    return any(item.name.value == name for node in module.below(function.body, cst.Global) for item in node.names)


def _kind_of(
    value: cst.BaseExpression, annotation: cst.BaseExpression | None, module: ParsedModule
) -> tuple[str, bool]:
    """Return the kind of queue that `value` is, "" for none, and whether there is one for each key."""
    for made in _alternatives(value):
        if isinstance(made, cst.Call):
            if kind := queue_class(made.func, module):
                return (kind, False) if not _is_bounded_deque(made, kind) else ("", False)
            factory = _factory_of(made)
            if factory is not None:
                return _kind_of_factory(factory, annotation, module)
            if last_name(made.func) == "defaultdict" and made.args:
                kind, _ = _kind_of_factory(made.args[0].value, None, module)
                return kind, bool(kind)
            if last_name(made.func) == "list" and not made.args:
                return "list", False
        if isinstance(made, cst.List) and not made.elements:
            return "list", False
        if isinstance(made, cst.Dict) and not made.elements and annotation is not None:
            kind = _kind_of_dict_values(annotation, module)
            return kind, bool(kind)
    return "", False


def _kind_put_in(leaf: str, module: ParsedModule) -> str:
    """Return the kind of queue that is put in the dict called `leaf`: ``self._queues[key] = Queue()``."""
    return module.once(_kinds_put_in, module.tree).get(leaf, "")


def _kinds_put_in(tree: cst.CSTNode, module: ParsedModule) -> dict[str, str]:
    """Return the kinds of queues that are put in dicts, by what these are called; the first one counts."""
    found: dict[str, str] = {}
    for assign in module.nodes(cst.Assign):
        target, value = assign.targets[0].target, assign.value
        if isinstance(target, cst.Subscript) and isinstance(value, cst.Call) and queue_class(value.func, module):
            found.setdefault(last_name(target.value), queue_class(value.func, module))
    for call in module.nodes(cst.Call):
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "setdefault" and len(call.args) == 2:
            made = call.args[1].value
            if isinstance(made, cst.Call) and queue_class(made.func, module):
                found.setdefault(last_name(call.func.value), queue_class(made.func, module))
    return found


def queue_class(callee: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the full name of the library's queue that a call of `callee` makes; "" when it makes none."""
    if isinstance(callee, cst.Subscript):
        callee = callee.value
    name = last_name(callee)
    if name not in _KNOWN:
        return ""
    origin = module.resolve(callee)
    package = origin.lstrip(".").partition(".")[0]
    if name in QUEUE_CLASSES.get(package, ()) and not origin.startswith("."):
        return f"{package}.{name}"
    if isinstance(callee, cst.Attribute) and mentions_manager(callee):
        return f"multiprocessing.{name}"
    return ""


def mentions_manager(callee: cst.Attribute) -> bool:
    """Say whether a queue comes from a manager or context of multiprocessing: ``manager.Queue()``."""
    owner = last_name(callee.value).lower()
    return owner in ("manager", "mp", "ctx", "context", "mp_context", "get_context", "multiprocessing")


def _alternatives(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield what a value can be: both sides of ``given or Queue()`` and of ``Queue() if wanted else None``."""
    if isinstance(value, cst.BooleanOperation):
        yield from _alternatives(value.left)
        yield from _alternatives(value.right)
    elif isinstance(value, cst.IfExp):
        yield from _alternatives(value.body)
        yield from _alternatives(value.orelse)
    else:
        yield value


def _is_bounded_deque(call: cst.Call, kind: str) -> bool:
    """Say whether a deque keeps the last few and lets the others go."""
    given = [arg for arg in call.args if arg.keyword and arg.keyword.value == "maxlen"]
    return kind.endswith("deque") and (bool(given) or len(call.args) == 2)


def _factory_of(call: cst.Call) -> cst.BaseExpression | None:
    if last_name(call.func) not in _FIELDS:
        return None
    return next((arg.value for arg in call.args if arg.keyword and arg.keyword.value == "default_factory"), None)


def _kind_of_factory(
    factory: cst.BaseExpression, annotation: cst.BaseExpression | None, module: ParsedModule
) -> tuple[str, bool]:
    if isinstance(factory, cst.Lambda):
        return _kind_of(factory.body, annotation, module)
    name = last_name(factory)
    if name == "list":
        return "list", False
    if name == "dict" and annotation is not None:
        kind = _kind_of_dict_values(annotation, module)
        return kind, bool(kind)
    return queue_class(factory, module), False


def _kind_of_dict_values(annotation: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the kind of queue that a dict of the annotated type holds: ``dict[str, asyncio.Queue[Job]]``."""
    if isinstance(annotation, cst.SimpleString):
        return ""
    if not isinstance(annotation, cst.Subscript) or last_name(annotation.value) not in _DICTS:
        return ""
    if len(annotation.slice) != 2 or not isinstance(annotation.slice[1].slice, cst.Index):
        return ""
    held = annotation.slice[1].slice.value
    bare = held.value if isinstance(held, cst.Subscript) else held
    if last_name(bare) in _LISTS:
        return "list"
    return queue_class(bare, module)
