"""The pictures of the console in the documentation: `tox -e pictures` takes them anew."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mock_server.console.conftest import Console, Opened
from tests.mock_server.running import Mock

ROOT = Path(__file__).parents[3]
IMAGES = ROOT / "docs" / "images"

# A picture is read on paper and over slow lines too.
MOST = 200_000

FAULT = {"kind": "server-error", "status": 503, "operations": ["listMeetings"], "roles": ["user"], "probability": 0.1}
PHONE = {"viewport": {"width": 360, "height": 740}, "deviceScaleFactor": 2, "isMobile": True, "hasTouch": True}


def _work(mock: Mock) -> None:
    """Do what an integrator does on the first morning."""
    ada, alan = mock.as_("usr_ada"), mock.as_("usr_alan")
    ada.get("/users")
    ada.get("/invites", page=0, pageSize=20)
    ada.post("/labels", {"name": "Data", "color": "#0F766E"})
    ada.delete("/labels/lbl_engineering")
    ada.get("/invites/inv_unknown")
    mock.with_({}, "acme.localhost").get("/invites")
    alan.get("/invites")
    alan.get("/labels")


def _explained(console: Console) -> None:
    console.do("click", "text=ROLE-01")
    console.sees("Refused at: role")


def _faulty(console: Console) -> None:
    console.do("select", "[name=variant]", {"label": "Server error"})
    console.do("select", "[name=status]", "503")


def _nothing(console: Console) -> None:
    """The view says enough."""


# By name: the view, what is done there, and how the browser is.
PICTURES: dict[str, tuple[str, Callable[[Console], None], dict[str, object]]] = {
    "console": ("requests", _explained, {"viewport": {"width": 1200, "height": 760}}),
    "console-calendar": ("calendar", _nothing, {"viewport": {"width": 1200, "height": 860}, "colorScheme": "dark"}),
    "console-faults": ("faults", _faulty, {"viewport": {"width": 1200, "height": 740}}),
    "console-phone": ("people", _nothing, PHONE),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(opened: Opened, mock: Mock, name: str, tmp_path: Path) -> None:
    view, act, context = PICTURES[name]
    mock.control("POST", "/worlds/acme/faults", FAULT)
    console = opened(view, **context)
    _work(mock)
    act(console)
    folder = Path(os.environ.get("KAILENTY_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}.png"
    console.do("screenshot", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < MOST


def test_the_documentation_shows_these_pictures() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r"images/(console[\w-]*)\.png", page.read_text("utf-8"))}
    assert shown == set(PICTURES) == {picture.stem for picture in IMAGES.glob("console*.png")}
