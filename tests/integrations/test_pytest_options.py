"""Where the plugin finds a mock, and what it says where there is none."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.integrations.running import Run

pytest_plugins = ["pytester"]

ONE = """
def test_with_the_mock(kailenty):
    assert kailenty.base_url.startswith("http://127.0.0.1:")

def test_without():
    pass
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_missing_command_fails_only_the_tests_that_need_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    result = run(ONE, *workers)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["kailenty: kailenty-mock is neither on PATH nor where * install tools: install *--kailenty-url"]
    )


@pytest.mark.parametrize("variable", ["PATH", "UV_TOOL_BIN_DIR", "PIPX_BIN_DIR", "XDG_BIN_HOME"])
def test_the_command_is_found_where_tools_are(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    tool = tmp_path / "kailenty-mock"
    tool.write_text("#!/bin/sh\necho found; exit 7\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv(variable, str(tmp_path))
    run(ONE).stdout.fnmatch_lines([f"kailenty: {tool} serve * ended with 7: found"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--kailenty-command", "nowhere/kailenty-mock"], "nowhere/kailenty-mock is neither on PATH *"),
        (["--kailenty-command", "sh -c 'echo no luck >&2; exit 7'"], "* ended with 7: no luck"),
        (["-o", "kailenty_serve_options=--wold acme"], "*--wold acme ended with 2: *No such option*--wold*"),
        (["--kailenty-url", "localhost"], "localhost is not the address of a mock, such as http://127.0.0.1:8080"),
        (["--kailenty-url", "http://me:secret@mock.test"], "http://…@mock.test is not the address of a mock, *"),
        (["--kailenty-url", "http://127.0.0.1:9"], "no mock answers at http://127.0.0.1:9: *"),
    ],
    ids=["no such command", "a command that ends", "an option of serve", "no address", "a password", "nobody there"],
)
def test_one_line_says_what_is_wrong(run: Run, command: str, options: list[str], says: str) -> None:
    result = run(ONE, "-o", f"kailenty_command={command}", *options)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"kailenty: {says}"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*secret*")


def test_another_server_is_no_mock(run: Run) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>Welcome</h1>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        result = run(ONE, "--kailenty-url", f"http://127.0.0.1:{other.server_port}")
        other.shutdown()
    result.stdout.fnmatch_lines(["kailenty: POST /_mock/worlds: what answers at http://127.0.0.1:* is no mock"])
