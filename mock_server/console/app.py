"""The console as an ASGI app: a page and its files, without a word of data or a secret in them."""

from importlib import resources

import orjson
from starlette.types import ASGIApp

from mock_server.site import File, site
from openapi import load_app_api

PATH = "/_mock"
_FILES = "console/"

# No string ever becomes markup: the browser itself refuses it, wherever it would come from.
_POLICY = {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}


def serves(path: str) -> bool:
    """Whether a path is the page's or of one of its files; the others below `/_mock` are the control API's."""
    return path in (PATH, f"{PATH}/") or path.startswith(f"{PATH}/{_FILES}")


def console() -> ASGIApp:
    """Serve the console, within a `Boundary`. What it shows it asks of the control API, as its reader."""
    package = resources.files(__package__)
    files = {f"{_FILES}{file.name}": file for file in package.joinpath("web").iterdir()}
    # What the page has to know of the App API: to ask it would be one more request of the world that is looked at.
    operations = File.of(orjson.dumps(list(load_app_api().operations)), "json")
    made = {f"{_FILES}operations.json": operations}
    return site(PATH, {"": package.joinpath("page.html"), **files, **made}, policy=_POLICY)
