"""Over a socket: what is served, with which headers, and what is not."""

import json

import httpx
import pytest

from mock_server.explorer.files import files

PAGES = ("/api/docs", "/api/docs/")
TYPES = {
    "explorer.css": "text/css; charset=utf-8",
    "explorer.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
}


@pytest.mark.parametrize("path", PAGES)
def test_page(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text.startswith("<!doctype html>")
    assert "usr_ada" in response.text


@pytest.mark.parametrize("path", PAGES)
def test_page_is_never_stored(client: httpx.Client, path: str) -> None:
    """It holds credentials."""
    response = client.get(path)
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_page_without_personas(empty_port: int) -> None:
    response = httpx.get(f"http://127.0.0.1:{empty_port}/api/docs")
    assert response.status_code == 200
    assert 'id="personas">[]</script>' in response.text


@pytest.mark.parametrize("name", TYPES)
def test_file(client: httpx.Client, name: str) -> None:
    response = client.get(f"/api/docs/{name}")
    content = files()[name].read_bytes()
    assert response.status_code == 200
    assert response.headers["content-type"] == TYPES[name]
    assert response.headers["content-length"] == str(len(content))
    assert response.content == content


@pytest.mark.parametrize("name", TYPES)
def test_file_is_sent_once(client: httpx.Client, name: str) -> None:
    first = client.get(f"/api/docs/{name}")
    assert first.headers["cache-control"] == "no-cache"
    for given in (first.headers["etag"], f"W/{first.headers['etag']}", f'"other", {first.headers["etag"]}', "*"):
        again = client.get(f"/api/docs/{name}", headers={"If-None-Match": given})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]


def test_file_that_the_client_has_otherwise_is_sent(client: httpx.Client) -> None:
    response = client.get("/api/docs/theme.js", headers={"If-None-Match": '"other"'})
    assert response.status_code == 200
    assert response.content


@pytest.mark.parametrize("path", [*PAGES, "/api/docs/theme.js"])
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == 200
    assert head.content == b""
    assert {**head.headers, "x-request-id": "", "date": ""} == {**get.headers, "x-request-id": "", "date": ""}


@pytest.mark.parametrize("path", [*PAGES, "/api/docs/theme.js"])
def test_everything_comes_from_this_host(client: httpx.Client, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://evil.example"}).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_every_answer_has_its_own_request_id(client: httpx.Client) -> None:
    ids = [client.get(path).headers["x-request-id"] for path in (*PAGES, "/api/docs/theme.js", "/api/docs/none")]
    assert len(set(ids)) == 4
    assert all(name.startswith("req_") for name in ids)


@pytest.mark.parametrize(
    "path",
    [
        "/api/docs/none.js",
        "/api/docs/page.html",
        "/api/docs/app.py",
        "/api/docs/swagger-ui/LICENSE",
        "/api/docs//theme.js",
        "/api/docs/theme.js/",
        "/api/docs/%2e%2e/app.py",
        "/api/docs/..%2fapp.py",
        "/api/docs/swagger-ui.css.map",
        "/api/docsx",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_anything_else_is_not_found(client: httpx.Client, path: str, method: str) -> None:
    response = client.request(method, path)
    body = response.json()
    assert response.status_code == 404
    assert set(body) == {"success", "error", "message", "requestId"}
    assert body["error"] == "Not found"


@pytest.mark.parametrize("path", [*PAGES, "/api/docs/theme.js"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_get_and_head(client: httpx.Client, path: str, method: str) -> None:
    response = client.request(method, path, content=b"{}")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert json.loads(response.content)["success"] is False
