"""Over a socket: the page and its files, which anybody may have, as there is no data in them."""

import re
from pathlib import Path

import httpx
import pytest

import mock_server.console
from tests.mock_server.running import Mock, refused, serving

HERE = Path(mock_server.console.__file__).parent
FILES = sorted(path.name for path in (HERE / "web").iterdir())


@pytest.mark.parametrize("path", ["/_mock", "/_mock/"])
def test_page(running: Mock, path: str) -> None:
    response = running.client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.content == (HERE / "page.html").read_bytes()


def test_every_file_that_is_named_is_served_and_no_other(running: Mock) -> None:
    """A module, a sheet or an icon that nobody names would be dead."""
    page = (HERE / "page.html").read_text()
    named = set(re.findall(r'(?:src|href)="/_mock/console/([^"]+)"', page))
    sources = [(HERE / "web" / name).read_text() for name in FILES if name.endswith(".js")]
    named |= {name for source in sources for name in re.findall(r'from "\./([^"]+)"', source)}
    assert named == set(FILES)
    for name in FILES:
        response = running.client.get(f"/_mock/console/{name}")
        assert response.content == (HERE / "web" / name).read_bytes()
        assert "access-control-allow-origin" not in response.headers
    for path in ("console/page.html", "console/app.py", "console/..%2fapp.py", "console/", "console/web/main.js"):
        refused(running.client.get(f"/_mock/{path}"), 404)


def test_policy_lets_nothing_else_in_and_no_string_become_markup(running: Mock) -> None:
    headers = running.client.get("/_mock/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_script_or_style_is_inline() -> None:
    page = (HERE / "page.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]+src=)", page)


def test_only_get_and_head(running: Mock) -> None:
    for path in ("/_mock/", "/_mock/console/main.js"):
        answer = running.client.post(path, json={})
        refused(answer, 405)
        assert answer.headers["allow"] == "GET, HEAD"
        assert running.client.head(path).content == b""


def test_behind_a_token_the_page_and_its_files_are_there_and_the_data_is_not() -> None:
    with serving("--control-token", "secret") as url:
        assert httpx.get(f"{url}/_mock/").status_code == 200
        assert httpx.get(f"{url}/_mock/console/main.js").status_code == 200
        refused(httpx.get(f"{url}/_mock/worlds"), 401)
