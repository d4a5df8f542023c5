"""What of an event JSON can carry, and what HiveBoard does not take."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

MAX_PAYLOAD_BYTES = 32 * 1024
_DEEPEST = 60


def encoder() -> Any:
    """Return the JSON module by which the SDK sends: requests prefers simplejson where that is installed."""
    try:
        from requests import models
    except ImportError:
        return json
    return getattr(models, "complexjson", json)


def sent_as(event: dict[str, Any], dumps: Any) -> tuple[str, bool, list[str]]:
    """Return the event as JSON, as near to it as JSON comes; whether it can be sent; and what is wrong with it."""
    try:
        text = dumps(event, allow_nan=False)
    except RecursionError:
        return json.dumps(carried(event)), False, [_lost("it is nested too deeply")]
    except (TypeError, ValueError) as error:
        return json.dumps(carried(event)), False, [_lost(next(bad_places(event), str(error)))]
    size = len(dumps(event.get("payload"))) if len(text) > MAX_PAYLOAD_BYTES else 0
    too_big = f"its payload has {size:,} bytes, and HiveBoard takes {MAX_PAYLOAD_BYTES:,}"
    return text, True, [too_big] if size > MAX_PAYLOAD_BYTES else []


def _lost(why: str) -> str:
    return f"{why}: HiveBoard gets neither this event nor those that are sent along with it"


def bad_places(value: Any, path: str = "", inside: tuple[int, ...] = ()) -> Iterator[str]:
    """Yield what JSON cannot carry, each with the place in the event where it stands."""
    if id(value) in inside:
        yield f"{path} contains itself"
    elif isinstance(value, dict):
        for key, item in list(value.items()):
            if not isinstance(key, (str, int, float, bool, type(None))):
                yield f"{path} has a key that is no text but a {type(key).__name__}"
            yield from bad_places(item, f"{path}.{key}" if path else str(key), (*inside, id(value)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from bad_places(item, f"{path}[{index}]", (*inside, id(value)))
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{path} is {value!r}, which JSON cannot carry"
    elif not isinstance(value, (str, int, float, type(None))):
        yield f"{path} is of type {type(value).__name__}, which JSON cannot carry"


def carried(value: Any, inside: tuple[int, ...] = ()) -> Any:
    """Return `value` with the name of the type wherever JSON cannot carry it; no code of the user's runs."""
    if value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if id(value) in inside or len(inside) > _DEEPEST:
        return "<...>"
    if isinstance(value, dict):
        return {_key(key): carried(item, (*inside, id(value))) for key, item in list(value.items())}
    if isinstance(value, (list, tuple)):
        return [carried(item, (*inside, id(value))) for item in value]
    return f"<{value!r}>" if isinstance(value, float) else f"<{type(value).__name__}>"


def _key(key: Any) -> Any:
    return key if isinstance(key, (str, int, bool, type(None))) else f"<{type(key).__name__}>"
