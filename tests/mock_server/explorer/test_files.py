"""The files: Swagger UI as it was published, and a page that no name can break out of."""

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mock_server.explorer
from mock_server.explorer import files
from tests.mock_server.explorer.serving import HOSTILE, people

HERE = Path(mock_server.explorer.__file__).parent
VENDORED = HERE / "swagger-ui"
SUMS = {line.split()[1]: line.split()[0] for line in (VENDORED / "SHA256SUMS").read_text().splitlines()}


class Page(HTMLParser):
    """The tags of a page as a browser's tokenizer sees them, and the text of each script."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.scripts[-1] += data


@pytest.mark.parametrize("name", SUMS)
def test_vendored_file_is_as_published(name: str) -> None:
    assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == SUMS[name]


def test_nothing_else_is_vendored() -> None:
    ours = {"README.md", "SHA256SUMS", "update.sh"}
    assert {path.name for path in VENDORED.iterdir()} == set(SUMS) | ours


def test_readme_names_the_version_of_the_bundle() -> None:
    [version] = re.findall(r"# Swagger UI (\S+)", (VENDORED / "README.md").read_text())
    bundle = (VENDORED / "swagger-ui-bundle.js").read_text()
    assert f'"{version}"' in bundle


def test_every_file_of_the_page_is_served() -> None:
    page = Page(files.render([]))
    wanted = {attrs.get("src") or attrs.get("href") for tag, attrs in page.tags if tag in ("script", "link")} - {None}
    assert wanted == {f"/api/docs/{name}" for name in files.files()}
    assert all(file.read_bytes() for file in files.files().values())


def test_no_script_is_inline() -> None:
    page = Page(files.render(people(1)))
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        if tag == "script" and attrs.get("type") != "application/json":
            assert attrs["src"]
    assert sum(bool(script) for script in page.scripts) == 1


def test_personas_are_data() -> None:
    given = people(8080)
    page = Page(files.render(given))
    [data] = [script for script in page.scripts if script]
    assert json.loads(data) == given
    assert page.tags == Page(files.render([])).tags


def test_a_hostile_name_leaves_no_markup() -> None:
    page = files.render(people(1)).decode()
    assert "hacked" in page
    assert HOSTILE not in page
    [inside] = re.findall(r'id="personas">(.*?)</script>', page, re.DOTALL)
    assert not set("<>&\u2028") & set(inside)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=9), st.text(max_size=30) | st.none(), max_size=3), max_size=3))
def test_any_text_comes_through(personas: list[dict[str, Any]]) -> None:
    page = Page(files.render(personas))
    [data] = [script for script in page.scripts if script]
    assert json.loads(data) == personas
