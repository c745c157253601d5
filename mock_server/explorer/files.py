"""The files of the explorer, read once, and the page with its personas."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

_JAVASCRIPT = "text/javascript; charset=utf-8"
_CSS = "text/css; charset=utf-8"

# What is served and nothing else, by name: where it lies in this package, and what it is.
_FILES = {
    "explorer.css": ("explorer.css", _CSS),
    "explorer.js": ("explorer.js", _JAVASCRIPT),
    "favicon-32x32.png": ("swagger-ui/favicon-32x32.png", "image/png"),
    "swagger-ui-bundle.js": ("swagger-ui/swagger-ui-bundle.js", _JAVASCRIPT),
    "swagger-ui.css": ("swagger-ui/swagger-ui.css", _CSS),
    "theme.js": ("theme.js", _JAVASCRIPT),
}

# A script element ends at `</script`, whatever is around it, and `<!--` begins what may hide that end.
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@dataclass(frozen=True, slots=True)
class File:
    """A file that never changes while the server runs."""

    content: bytes
    content_type: str
    etag: str


@cache
def file(name: str) -> File | None:
    """The file that is served by a name, None where there is none."""
    if name not in _FILES:
        return None
    place, content_type = _FILES[name]
    content = files(__package__).joinpath(place).read_bytes()
    return File(content, content_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


@cache
def _page() -> Template:
    return Template(files(__package__).joinpath("page.html").read_text("utf-8"))


def render(personas: Sequence[Mapping[str, Any]]) -> bytes:
    """The page, with personas as data that no name in them can break out of."""
    data = json.dumps([dict(persona) for persona in personas]).translate(_INERT)
    return _page().substitute(personas=data).encode()
