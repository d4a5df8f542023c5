"""One HTML page out of a template: no network, and only its own style and script, known by their hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiveloop_scan import __version__
from hiveloop_scan.report.markdown import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

_SHARED = TEMPLATES / "html"


def render_page(template: str, styles: Sequence[str], folder: Path = _SHARED, **values: Any) -> str:
    """Return the page; its template and its styles are looked for in `folder`, then among those that pages share.

    A template extends ``page.html.j2``. What `values` say is escaped; to ask for one that is missing is an error.
    """
    from markupsafe import Markup

    environment = _environment(folder)
    style, script = (Markup(_joined(environment, names)) for names in (styles, ["filter.js"]))
    return environment.get_template(template).render(
        version=__version__,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        **values,
    )


def _joined(environment: Environment, names: Sequence[str]) -> str:
    assert environment.loader is not None
    return "".join(environment.loader.get_source(environment, name)[0] for name in names)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment(folder: Path) -> Environment:
    import jinja2

    loader = jinja2.FileSystemLoader([folder, _SHARED])
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
