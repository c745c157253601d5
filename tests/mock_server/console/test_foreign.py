"""A page of another origin, in a real browser, can neither read nor change anything below `/_mock`."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.mock_server.browser import Browser
from tests.mock_server.running import Mock


class Blank(BaseHTTPRequestHandler):
    """An empty page, whatever is asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Blank</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """Give the port of another site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


# What it tries, and how that ends: each gives "refused" if nothing could be read.
READ = """async (url) => {
  try { return await (await fetch(url)).text(); } catch { return "refused"; }
}"""
STREAM = """(url) => new Promise((done) => {
  const source = new EventSource(url);
  source.onopen = source.onmessage = () => done("open");
  source.onerror = () => { source.close(); done("refused"); };
})"""
FRAME = """(url) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.onload = () => {
    try { done(frame.contentDocument ? "empty" : "refused"); } catch { done("refused"); }
  };
  frame.src = url;
  document.body.append(frame);
})"""
# An answer to these cannot be read, so that only the mock can tell whether they were carried out.
POST = """async (url) => {
  await fetch(url, { method: "POST", mode: "no-cors", body: "{}" }).catch(() => {});
  await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => {});
  return null;
}"""
FORM = """(url) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.name = url;
  document.body.append(frame);
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url, target: url, enctype: "text/plain" });
  document.body.append(form);
  frame.onload = () => done(null);
  form.submit();
})"""


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "globex.localhost"])
def test_a_page_of_another_origin(browser: Browser, mock: Mock, elsewhere: int, host: str) -> None:
    """It comes from another site, or only from another port of this machine."""
    mock.as_("usr_ada").post("/labels", {"name": "Still there", "color": "#0F766E"})
    base = f"{mock.url}/_mock"

    def tries(script: str, path: str) -> list[str]:
        return ["evaluate", f"({script})({base + path!r})"]

    seen = browser.browse(
        ["open", f"http://{host}:{elsewhere}/"],
        tries(READ, "/personas"),
        tries(READ, "/worlds/acme/api-keys"),
        tries(READ, "/requests"),
        tries(STREAM, "/requests/stream"),
        tries(POST, "/reset"),
        tries(POST, "/worlds"),
        tries(FORM, "/reset"),
        tries(FORM, "/worlds/acme/reset"),
    )
    assert seen.results == ["refused"] * 4
    assert "Still there" in [label["name"] for label in mock.as_("usr_ada").whole("/labels")]
    assert {world["workspace"] for world in mock.control("GET", "/worlds")["items"]} == {"acme", "globex"}


def test_a_name_of_another_site_that_leads_here(browser: Browser, mock: Mock) -> None:
    """The page loads under that name, as it holds nothing; what it asks for is refused, and it says so."""
    host = f"evil.example:{mock.url.rpartition(':')[2]}"
    with browser.page() as page:
        page.do("open", f"http://{host}/_mock/")
        page.do("wait", "text=The control API does not answer for the host")
        answers = page.do(
            "evaluate",
            """Promise.all(["personas", "worlds", "requests", "requests/stream"].map(
                 async (path) => (await fetch("/_mock/" + path)).status))""",
        )
    assert answers == [403] * 4


def test_the_console_may_not_be_framed(browser: Browser, mock: Mock, elsewhere: int) -> None:
    seen = browser.browse(
        ["open", f"http://evil.example:{elsewhere}/"], ["evaluate", f"({FRAME})({mock.url + '/_mock/'!r})"]
    )
    assert any("frame-ancestors" in line for line in seen.console)
