"""The files of the explorer, and the page with its personas."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

# What is served and nothing else.
_FILES = (
    "explorer.css",
    "explorer.js",
    "swagger-ui/favicon-32x32.png",
    "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui/swagger-ui.css",
    "theme.js",
)

# A script element ends at `</script`, whatever is around it, and `<!--` begins what may hide that end.
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def files() -> Mapping[str, Traversable]:
    """The files by the names that they are served by, which are those without their folder."""
    found = map(resources.files(__package__).joinpath, _FILES)
    return {file.name: file for file in found}


@cache
def _page() -> Template:
    return Template(resources.files(__package__).joinpath("page.html").read_text("utf-8"))


def render(personas: Sequence[Mapping[str, Any]]) -> bytes:
    """The page, with personas as data that no name in them can break out of."""
    data = json.dumps([dict(persona) for persona in personas]).translate(_INERT)
    return _page().substitute(personas=data).encode()
