"""Options, as they are written or from the environment, and those that make no sense."""

import json
import socket
import sqlite3
from pathlib import Path

import click
import httpx
import pytest

from mock_server.cli import main
from tests.mock_server.cli.commands import ADA_KEY, SUBCOMMANDS, fails, run, served, told
from tests.mock_server.running import API, ok, refused, start


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_option_has_a_variable_of_its_name(name: str) -> None:
    """`--host-suffix` of `serve` is KAILENTY_MOCK_SERVE_HOST_SUFFIX."""
    command = SUBCOMMANDS[name]
    assert command is not None
    context = main.make_context("kailenty-mock", [name])
    prefix = click.Context(command, parent=context, info_name=name).auto_envvar_prefix
    assert prefix == f"KAILENTY_MOCK_{name.upper()}"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.name == option.opts[0].removeprefix("--").replace("-", "_")
            assert option.allow_from_autoenv


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_serve_takes_its_options_from_the_environment(tmp_path: Path) -> None:
    port = free_port()
    given = {
        "PORT": str(port),
        "HOST": "localhost",
        "WORLD": "globex acme",
        "DATABASE": f"sqlite:///{tmp_path / 'mock.db'}",
        "HOST_SUFFIX": "mock.test mock.example",
        "CLOCK": "2031-02-03T04:05:06Z",
        "FROZEN": "1",
        "MAX_BODY": "100",
        "JOURNAL": "0",
        "ENFORCE": "warn",
        "RATE_LIMIT": "100/minute",
        "VALIDATE_RESPONSES": "true",
        "CONTROL_TOKEN": "secret",
        "ACCESS_LOG": "0",
        "BANNER": "0",
        "UNTIL_STDIN_CLOSES": "1",
    }
    command = SUBCOMMANDS["serve"]
    assert command is not None
    # What a defect does, other tests tell.
    assert {f"{option.name}".upper() for option in command.params} - {"DEFECT"} == set(given)
    variables = {f"KAILENTY_MOCK_SERVE_{name}": value for name, value in given.items()}
    with served("--no-banner", **variables) as one:
        assert one.url == f"http://localhost:{port}"
        health = one.get("/_mock/health").json()["data"]
        assert (health["now"], health["workspaces"]) == ("2031-02-03T04:05:06.000Z", ["acme", "globex"])
        assert one.get("/_mock/clock").status_code == 401
        assert ok(one.get("/_mock/clock", Authorization="Bearer secret"))["frozen"] is True
        for suffix in ("mock.test", "mock.example", "localhost"):
            answer = one.get(f"{API}/labels", Host=f"acme.{suffix}", **{"X-API-Key": ADA_KEY})
            assert (answer.status_code, answer.headers["ratelimit-limit"]) == (200, "100")
            assert one.get(f"{API}/labels", Host=f"globex.{suffix}", **{"X-API-Key": ADA_KEY}).status_code == 401
        large = httpx.post(f"{one.url}{API}/labels", headers={"X-API-Key": ADA_KEY}, content=b" " * 101)
        assert large.status_code == 413
        assert "x-mock-explanation" not in large.headers
        assert (tmp_path / "mock.db").exists()
        one.stop()
    assert one.errors == []


def test_an_option_goes_before_its_variable() -> None:
    port = free_port()
    with served("--port", str(port), KAILENTY_MOCK_SERVE_PORT="1") as one:
        assert one.url.endswith(f":{port}")
    assert json.loads(run("openapi", KAILENTY_MOCK_OPENAPI_FORMAT="json").stdout)["openapi"] == "3.1.0"
    assert "'x'" in fails("serve", KAILENTY_MOCK_SERVE_PORT="x")


def test_the_clock_starts_where_it_is_told() -> None:
    with start("--clock", "2031-02-03T06:05:06+02:00", "--frozen") as mock:
        assert mock.control("GET", "/clock") == {"now": "2031-02-03T04:05:06.000Z", "frozen": True}
    with start("--clock", "2031-02-03T04:05:06Z") as mock:
        first = mock.control("GET", "/clock")
        assert (first["now"][:17], first["frozen"]) == ("2031-02-03T04:05:", False)
        # Two answers may fall into one millisecond.
        assert any(mock.control("GET", "/clock")["now"] > first["now"] for _ in range(1000))
    with start("--frozen") as mock:
        first, second = (mock.control("GET", "/clock") for _ in range(2))
        assert first == second
        assert first["frozen"]


def test_answers_are_held_against_the_contract_if_asked(tmp_path: Path) -> None:
    """ENV-03: a row that no request could have made is answered as it is, or as the breach that it is."""
    file = tmp_path / "mock.db"
    options = ("--database", f"sqlite:///{file}", "--no-access-log")
    with served(*options):
        pass
    with sqlite3.connect(file) as database:
        database.execute("update labels set color = 'red' where workspace = 'acme' and id = 'lbl_sales'")
    database.close()
    with served(*options) as one:
        assert one.get(f"{API}/labels", **{"X-API-Key": ADA_KEY}).status_code == 200
    with served(*options, "--validate-responses") as one:
        answer = one.get(f"{API}/labels", **{"X-API-Key": ADA_KEY})
        message = refused(answer, 500)
        assert "listLabels 200: /data/items/2/color" in message
        assert one.get(f"{API}/invites", **{"X-API-Key": ADA_KEY}).status_code == 200
        [line] = told(one, 1)
        assert answer.headers["x-request-id"] in line
        assert "listLabels 200: /data/items/2/color" in line


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--clock", "tomorrow"], "tomorrow is no time"),
        (["--clock", "2030-01-01T00:00:00"], "is no time"),
        (["--clock", "2030-02-30T00:00:00Z"], "is no time"),
        (["--clock", "1999-12-31T23:59:59Z"], "does not lie in 2000-01-01"),
        (["--clock", "2100-01-01T00:00:00Z"], "does not lie in 2000-01-01"),
        (["--clock", "0001-01-01T00:00:00+14:00"], "is no time"),
        (["--port", "65536"], "65536"),
        (["--port", "http"], "http"),
        (["--max-body", "0"], "0 is not in the range"),
        (["--control-token", ""], "it is empty"),
        (["--host", ""], "it is empty"),
        (["--host-suffix", "*.mock.test"], "*.mock.test is no domain such as mock.test"),
        (["--host-suffix", "mock.test:8080"], "mock.test:8080 is no domain"),
        (["--defect", "xyzzy"], "--defect xyzzy is none; `kailenty-mock defects` lists them all"),
        (["--wrold", "acme"], "--world"),
        (["acme"], "acme"),
    ],
)
def test_options_that_make_no_sense(options: list[str], words: str) -> None:
    assert words in fails("serve", *options)
