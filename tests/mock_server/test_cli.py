"""The command line, as a process of its own."""

import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httpx
import pytest
import yaml
from click.testing import CliRunner, Result

from fixtures import dump_world, load_world
from mock_server.cli import main
from openapi import load_app_api, load_mock_control
from tests.mock_server.running import API, Mock, ok, refused, start
from tests.mock_server.wire import ADA, Wire, request

COMMAND = [sys.executable, "-m", "mock_server"]
ADA_KEY = "kly_acme_ada_test_key"
WORLDS = ("acme", "globex")
GENERATE = ("world", "--users", "20", "--invites", "40")


def run(*arguments: str, **variables: str) -> Result:
    """A command that ends by itself, in this process: one of its own takes a second to import what it needs."""
    return CliRunner().invoke(main, arguments, prog_name="kailenty-mock", env=variables)


def output(*arguments: str) -> str:
    """What a command that succeeds prints; it says nothing on stderr."""
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def fails(*arguments: str, status: int = 2, **variables: str) -> str:
    """The one line in which a command says why it fails."""
    done = run(*arguments, **variables)
    return failure(done.exit_code, done.stdout, done.stderr, status)


def server_fails(*arguments: str, status: int = 2) -> str:
    """The one line in which a server says why it does not start."""
    done = subprocess.run([*COMMAND, "serve", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return failure(done.returncode, done.stdout, done.stderr, status)


def failure(code: int, stdout: str, stderr: str, status: int) -> str:
    assert (code, stdout) == (status, ""), stderr
    *usage, line = stderr.splitlines()
    assert not usage or usage[0].startswith("Usage: "), stderr
    assert line.startswith("Error: "), stderr
    return line.removeprefix("Error: ")


@dataclass
class Served:
    """A server in a process: what it has said so far, and its base URL once it serves."""

    process: subprocess.Popen[str]
    url: str = ""
    banner: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Stop it; its exit code, and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - begun


@contextmanager
def served(*options: str, **variables: str) -> Iterator[Served]:
    """`serve` with a banner, on a free port unless the options say otherwise."""
    port = () if "--port" in options or "KAILENTY_MOCK_SERVE_PORT" in variables else ("--port", "0")
    process = subprocess.Popen(
        [*COMMAND, "serve", *port, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    one = Served(process)
    reader = threading.Thread(target=lambda stream: one.errors.extend(stream), args=(process.stderr,))
    with process:
        reader.start()
        try:
            for line in process.stdout:
                one.banner.append(line.rstrip("\n"))
                if line.startswith("Stop with Ctrl-C") or ("--no-banner" in options and line.startswith("console")):
                    break
            assert one.banner, "it did not start"
            one.url = one.banner[0].split(" at ")[1].removesuffix(API)
            yield one
        finally:
            process.kill()
            process.wait()
            reader.join()


def told(one: Served, number: int) -> list[str]:
    """The first lines on stderr, once there are so many."""
    until = time.monotonic() + 20
    while len(one.errors) < number and time.monotonic() < until:
        time.sleep(0.01)
    return one.errors


# -- Help -------------------------------------------------------------------------------------------------------------

CONTEXT = click.Context(main)
SUBCOMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}


@pytest.mark.parametrize("name", SUBCOMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_tells_of_every_option(name: str, flag: str) -> None:
    command = SUBCOMMANDS[name]
    assert isinstance(command, click.Command)
    printed = " ".join(output(name, flag).split())
    assert " ".join((command.help or "").replace("\b", "").split())[:60] in printed
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts}"
            assert all(opt in printed for opt in (*option.opts, *option.secondary_opts))
            assert " ".join(option.help.split())[:40] in printed
        else:
            assert option.human_readable_name in printed


def test_help_names_the_commands() -> None:
    printed = output("--help")
    for name, command in SUBCOMMANDS.items():
        assert re.search(rf"^  {name} +\w", printed, re.MULTILINE)
        assert command is not None
    assert "KAILENTY_MOCK_SERVE_HOST_SUFFIX" in printed
    assert run().exit_code == 2
    assert output("--version") == f"kailenty-mock, version {version('kailenty-contract-suite')}\n"
    assert "frobnicate" in fails("frobnicate")


def test_what_help_shows_works(tmp_path: Path) -> None:
    """Its examples name a user that there is."""
    shown = re.findall(r"kailenty-mock token (\w+)", output("--help") + output("token", "--help"))
    assert shown
    for persona in shown:
        assert output("token", persona).count(".") == 2


def test_the_command_is_the_module(tmp_path: Path) -> None:
    """As a process, with output that is bytes for others to read."""
    generated = subprocess.run([*COMMAND, *GENERATE, "--seed", "7"], capture_output=True, check=True)
    assert generated.stdout == run(*GENERATE, "--seed", "7").stdout_bytes
    done = subprocess.run([*COMMAND, "token", "nobody"], capture_output=True, text=True, check=False)
    assert failure(done.returncode, done.stdout, done.stderr, 2).startswith("acme has no user nobody")


def test_help_imports_no_server() -> None:
    code = (
        "import sys; from mock_server.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    for heavy in ("connexion", "sqlalchemy", "starlette", "yaml", "orjson", "jsonschema_rs", "faker"):
        assert f"'{heavy}'" not in done.stderr


# -- Options from the environment -------------------------------------------------------------------------------------


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


# -- The banner -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one() -> Iterator[Served]:
    with served() as one:
        yield one


def test_the_banner_begins_with_where_to_go(one: Served) -> None:
    port = urlsplit(one.url).port
    assert port
    assert one.banner[:3] == [
        f"kailenty mock at http://localhost:{port}/api/v1/app",
        f"explorer     at http://localhost:{port}/api/docs",
        f"console      at http://localhost:{port}/_mock/",
    ]
    assert one.banner[-2] == f"All personas, with Microsoft tokens: http://localhost:{port}/_mock/#/people"
    assert one.get("/api/docs").status_code == 200


def test_each_credential_of_the_banner_works_where_it_stands(one: Served) -> None:
    """Pasted as it is; each active role of each workspace has one."""
    found = []
    base = persona = ""
    for line in one.banner[3:]:
        if line.startswith("http://"):
            base = line
        elif match := re.fullmatch(r"  (admin|manager|user) +(\w+) +(.+)", line):
            persona = match[2]
            whose = next(user for world in WORLDS for user in load_world(world).users if user.id == persona)
            assert match[1] == whose.role
            assert whose.name in match[3]
            assert ("401" in match[3]) == (whose.status != "active")
        elif match := re.fullmatch(r"    ([\w-]+): (.+)", line):
            found.append((base, persona))
            # Not every resolver knows the names below localhost.
            address = urlsplit(base)
            assert address.netloc.partition(".")[0] in WORLDS
            answer = one.get(f"{address.path}/invites?x=1", Host=address.netloc, **{match[1]: match[2]})
            assert answer.status_code == 400
            assert answer.headers["x-mock-caller"].startswith(f"{persona}; ")
    active = {user.id for world in WORLDS for user in load_world(world).users if user.status == "active"}
    assert {persona for _, persona in found} <= active
    assert {"usr_ada", "usr_marta", "usr_alan", "usr_gx_ada", "usr_gx_marta", "usr_gx_alan"} <= {
        who for _, who in found
    }


def test_a_large_world_has_a_short_banner(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    assert run("world", "--users", "300", "--invites", "0", "--meetings", "0", "--out", str(large)).exit_code == 0
    with served("--world", str(large)) as one:
        assert len(one.banner) < 40


def test_without_a_banner_it_says_where_it_is() -> None:
    with served("--no-banner") as one:
        assert one.get("/_mock/health").status_code == 200
        one.stop()
        assert one.process.stdout is not None
        assert one.process.stdout.read() == ""
    assert len(one.banner) == 3


def test_off_loopback_the_banner_offers_no_control_api() -> None:
    with served("--host", "0.0.0.0") as one:
        assert one.url.startswith("http://0.0.0.0:")
        assert "_mock" not in "\n".join(one.banner)


# -- Stopping ---------------------------------------------------------------------------------------------------------

LABELS = request("GET", f"{API}/labels", ADA)
CLIENTS = {
    "nobody": b"",
    "keep-alive": LABELS,
    "kept-waiting": request("GET", f"{API}/labels", ADA, "X-Mock-Fault: latency; milliseconds=60000"),
    "listening": request("GET", "/_mock/requests/stream"),
    "half-a-head": LABELS[:40],
    "half-a-body": request("POST", f"{API}/labels", ADA, "Content-Type: application/json", "Content-Length: 9") + b"{",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("client", CLIENTS)
def test_it_stops_cleanly_and_soon(client: str, number: int) -> None:
    """With exit code 0, whatever a client is about to do, and without a word."""
    with served("--no-access-log") as one, Wire(one.url) as wire, Wire(one.url):
        wire.send(CLIENTS[client])
        if client == "keep-alive":
            assert wire.answer().status == 200
        time.sleep(0.1)
        code, seconds = one.stop(number)
        assert code == 0
        assert seconds < 2
        with pytest.raises(ConnectionError):
            Wire(one.url)
    assert one.errors == []


def test_it_stops_under_load() -> None:
    """Again and again, since threads of the server may outlive the interpreter."""
    for _ in range(3):
        with served("--no-access-log") as one:
            wires = [Wire(one.url) for _ in range(10)]
            for wire in wires:
                wire.send(LABELS * 20)
            assert one.stop()[0] == 0
            for wire in wires:
                wire.socket.close()
        assert one.errors == []


def test_it_stops_with_its_standard_input_if_asked() -> None:
    """Only when that ends, whatever comes before; without the option, not even then."""
    with served("--until-stdin-closes", "--no-access-log") as one, served("--no-access-log") as other:
        for server in (one, other):
            assert server.process.stdin is not None
            server.process.stdin.write("q\n")
            server.process.stdin.flush()
        time.sleep(0.5)
        assert one.get("/_mock/health").status_code == 200
        for server in (one, other):
            assert server.process.stdin is not None
            server.process.stdin.close()
        assert one.process.wait(10) == 0
        assert other.get("/_mock/health").status_code == 200
    assert one.errors == []


def test_a_standard_input_that_there_is_not_has_ended() -> None:
    closed = f"exec {shlex.join(COMMAND)} serve --port 0 --no-banner --until-stdin-closes <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -- What cannot be served --------------------------------------------------------------------------------------------


def test_a_port_in_use_is_told_in_one_line() -> None:
    """Although two sockets could share it."""
    with served("--no-banner") as one:
        port = str(urlsplit(one.url).port)
        for host in ("127.0.0.1", "0.0.0.0"):
            line = server_fails("--host", host, "--port", port, status=1)
            assert line == f"cannot listen at {host}:{port}: Address already in use"


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours(host: str) -> None:
    assert f"cannot listen at {host}:0: " in server_fails("--host", host, "--port", "0", status=1)


def test_worlds_that_cannot_be_served(tmp_path: Path) -> None:
    def world(name: str, text: str | bytes) -> str:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(file)

    acme = dump_world(load_world("acme"), "yaml").decode()
    others = acme.replace("workspace: acme", "workspace: initech").replace("kly_acme_", "kly_initech_")
    assert "acme, globex" in fails("serve", "--world", "initech")
    assert "missing.yaml" in fails("serve", "--world", str(tmp_path / "missing.yaml"))
    assert "line 2" in fails("serve", "--world", world("broken.yaml", "workspace: [\n"))
    assert "/workspace" in fails(
        "serve", "--world", world("number.yaml", acme.replace("workspace: acme", "workspace: 1"))
    )
    assert "bytes.yaml" in fails("serve", "--world", world("bytes.yaml", b"\xff\xfe\0"))
    twice = fails("serve", "--world", "acme", "--world", world("acme.yaml", acme))
    assert twice == f"acme and {tmp_path / 'acme.yaml'} have the same workspace acme, each needs its own"
    assert "tenantId aaaaaaaa" in fails("serve", "--world", "acme", "--world", world("tenant.yaml", others))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mock.db", "Could not parse"),
        ("nosql://host", "nosql"),
        ("sqlite:////no/such/folder/mock.db", "unable to open database file"),
        ("mysql://ada:hunter2@localhost/mock", "MySQLdb is not installed"),
    ],
)
def test_a_database_that_is_none(url: str, words: str) -> None:
    """Without the password that the URL may have."""
    line = server_fails("--database", url)
    assert line.startswith("--database ")
    assert words in line
    assert "hunter2" not in line


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is a text, and long enough to be taken for a header. " * 10)
    assert "file is not a database" in server_fails("--database", f"sqlite:///{tmp_path / 'text'}")
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table workspaces (colour text)")
    other.close()
    assert "no such column" in server_fails("--database", f"sqlite:///{tmp_path / 'other.db'}")


def test_a_database_of_another_version(tmp_path: Path) -> None:
    """It is refused at the start, and not at the first request that meets what is not there."""
    file = tmp_path / "mock.db"
    with start("--database", f"sqlite:///{file}"):
        pass
    with sqlite3.connect(file) as older:
        older.execute("alter table invite_labels drop column mother_invite_id")
    older.close()
    assert "no such column: invite_labels.mother_invite_id" in server_fails("--database", f"sqlite:///{file}")


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


# -- The log ----------------------------------------------------------------------------------------------------------

MEMBERS = ["method", "path", "status", "ms", "requestId", "operation", "workspace", "user", "role", "rule", "fault"]


def test_the_access_log_is_json_without_secrets() -> None:
    """One line a request, the refused and the malformed too; whatever a client sends stays one line."""
    with served() as one:
        token = output("token", "usr_alan").strip()
        answers = [
            one.get(f"{API}/labels", **{"X-API-Key": ADA_KEY}),
            one.get(f"{API}/labels", Authorization=f"Bearer {token}"),
            one.get(f"{API}/invites?apiKey={ADA_KEY}", Authorization=f"Bearer {ADA_KEY}"),
            one.get(f"{API}/invites/a%0d%0ab%ff%00", **{"X-API-Key": "kly_wrong_key"}),
            one.get("/_mock/personas"),
            one.get("/_mock/clock", Origin="http://evil.example"),
            httpx.post(f"{one.url}{API}/labels", headers={"X-API-Key": ADA_KEY}, json={"name": token}),
        ]
        lines = told(one, len(answers))
        one.stop()
    assert len(lines) == len(answers)
    logged = [json.loads(line) for line in lines]
    for entry, answer in zip(logged, answers, strict=True):
        assert list(entry) == MEMBERS
        assert entry["method"] == answer.request.method
        assert (entry["status"], entry["requestId"]) == (answer.status_code, answer.headers["x-request-id"])
        assert entry["rule"] == answer.headers.get("x-mock-rule")
        assert 0 < entry["ms"] < 60_000
    caller = ["operation", "workspace", "user", "role"]
    assert [[entry[name] for name in caller] for entry in logged] == [
        ["listLabels", "acme", "usr_ada", "admin"],
        ["listLabels", "acme", "usr_alan", "user"],
        ["listInvites", "acme", "usr_ada", "admin"],
        ["getInvite", None, None, None],
        ["listPersonas", None, None, None],
        ["getClock", None, None, None],
        ["createLabel", "acme", "usr_ada", "admin"],
    ]
    for secret in (ADA_KEY, token, token.split(".")[2], "kly_"):
        assert secret not in "".join(lines)


def test_the_access_log_can_be_off_and_nothing_else_is_said() -> None:
    with served("--no-access-log") as one:
        for path in (f"{API}/labels", "/nowhere", "/_mock/health", "/api/docs"):
            one.get(path)
        one.stop()
    assert one.errors == []


# -- State and clock --------------------------------------------------------------------------------------------------

LABEL = {"name": "Data", "color": "#0F766E"}


def test_a_database_outlasts_the_server(tmp_path: Path) -> None:
    """Rows, keys and the count of ids; a reset fills it anew."""
    options = ("--database", f"sqlite:///{tmp_path / 'mock.db'}", "--clock", "2030-05-15T10:00:00Z", "--frozen")
    invite = {
        "requiredAttendees": [{"type": "users", "userIds": ["usr_zoe"]}],
        "candidates": [{"name": "Grace", "email": "grace@candidates.example"}],
        "voteDeadlineAt": "2030-07-01T00:00:00Z",
        "meeting": {"meetingDurationMinutes": 45, "title": "Interview"},
    }

    def fresh(mock: Mock) -> list[Any]:
        return [ok(mock.as_("usr_alan").post("/invites", invite)) for _ in range(3)]

    with start(*options) as mock:
        before = mock.as_("usr_ada").whole("/invites")
        first = fresh(mock)
        booked = mock.book(first[0]["id"], "2030-05-21T09:00:00Z")
        key = mock.control("POST", "/worlds/acme/api-keys", {"name": "Test", "createdByUserId": "usr_ada"})
        ok(mock.as_("usr_ada").delete("/labels/lbl_unused"))
    with start(*options) as mock:
        caller = mock.with_({"X-API-Key": key["apiKey"]})
        assert ok(caller.get(f"/invites/{first[0]['id']}"))["booking"] == booked
        assert [ok(caller.get(f"/invites/{one['id']}")) for one in first[1:]] == first[1:]
        assert "lbl_unused" not in [label["id"] for label in caller.whole("/labels")]
        second = fresh(mock)
        assert not {one["id"] for one in first} & {one["id"] for one in second}
    with start(*options, "--world", "globex") as mock:
        assert mock.control("GET", "/health")["workspaces"] == ["acme", "globex"]
    with start(*options) as mock:
        mock.reset()
        assert mock.as_("usr_ada").whole("/invites") == before
        refused(mock.with_({"X-API-Key": key["apiKey"]}).get("/invites"), 401)
        assert fresh(mock) == first
    assert [file.name for file in tmp_path.iterdir()] == ["mock.db"]


def test_a_killed_server_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    options = ("--database", f"sqlite:///{tmp_path / 'mock.db'}")
    with served(*options) as one:
        made = httpx.post(f"{one.url}{API}/labels", headers={"X-API-Key": ADA_KEY}, json=LABEL)
        one.process.kill()
    with served(*options) as one:
        assert ok(made) in ok(one.get(f"{API}/labels?pageSize=100", **{"X-API-Key": ADA_KEY}))["items"]


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


# -- token ------------------------------------------------------------------------------------------------------------


def accepted(one: Served, token: str) -> httpx.Response:
    return one.get(f"{API}/invites?x=1", Authorization=f"Bearer {token}")


@pytest.mark.parametrize("kind", ["kailenty", "microsoft"])
@pytest.mark.parametrize(
    ("arguments", "caller"),
    [
        (["usr_alan"], "usr_alan; role=user; workspace=acme"),
        (["ada@acme.example"], "usr_ada; role=admin; workspace=acme"),
        (["usr_gx_marta", "--world", "globex"], "usr_gx_marta; role=manager; workspace=globex"),
        (["usr_alan", "--lifetime", "60s"], "usr_alan; role=user; workspace=acme"),
        (["usr_alan", "--lifetime", "3650d"], "usr_alan; role=user; workspace=acme"),
    ],
)
def test_a_minted_token_is_accepted(one: Served, kind: str, arguments: list[str], caller: str) -> None:
    """AUTH-04, AUTH-05."""
    answer = accepted(one, output("token", *arguments, "--kind", kind).strip())
    assert answer.status_code == 400
    assert answer.headers["x-mock-caller"] == caller


@pytest.mark.parametrize("kind", ["kailenty", "microsoft"])
@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        ("expired", "expired at"),
        ("not-yet-valid", "not valid before"),
        ("wrong-audience", "audience"),
        ("wrong-issuer", "issuer"),
        ("wrong-tenant", "no user of this workspace"),
        ("bad-signature", "signature"),
        ("alg-none", "algorithm"),
    ],
)
def test_a_flawed_token_is_rejected_for_its_flaw(one: Served, kind: str, flaw: str, reason: str) -> None:
    """AUTH-07."""
    token = output("token", "usr_alan", "--kind", kind, "--flaw", flaw).strip()
    assert reason in refused(accepted(one, token), 401, "AUTH-07")


def test_a_token_of_somebody_inactive_is_rejected(one: Served) -> None:
    """AUTH-10."""
    for user in ("usr_piet", "usr_dora", "usr_konrad"):
        refused(accepted(one, output("token", user).strip()), 401, "AUTH-10")


def test_a_token_lives_as_long_as_it_says() -> None:
    token = output("token", "usr_alan", "--now", "2030-05-15T10:00:00Z", "--lifetime", "15m").strip()
    assert output("token", "usr_alan", "--now", "2030-05-15T12:00:00+02:00", "--lifetime", "900s").strip() == token
    with start("--clock", "2030-05-15T10:14:59Z", "--frozen") as mock:
        caller = mock.with_({"Authorization": f"Bearer {token}"})
        ok(caller.get("/invites"))
        mock.at("2030-05-15T10:15:00Z")
        refused(caller.get("/invites"), 401, "AUTH-07")
        mock.at("2030-05-15T09:59:59Z")
        refused(caller.get("/invites"), 401, "AUTH-07")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "acme has no user nobody; it has usr_ada"),
        (["usr_gx_ada"], "acme has no user usr_gx_ada"),
        (["usr_ada", "--world", "initech"], "initech"),
        (["usr_ada", "--workspace", "my test"], "workspace: found 'my test', expected a host name"),
        (["usr_ada", "--workspace", ""], "workspace: found '', expected a host name"),
        (["usr_ada", "--kind", "saml"], "saml"),
        (["usr_ada", "--flaw", "ugly"], "ugly"),
        (["usr_ada", "--lifetime", "0s"], "0s is no length"),
        (["usr_ada", "--lifetime", "soon"], "soon is no length"),
        (["usr_ada", "--lifetime", "-1h"], "-1h is no length"),
        (["usr_ada", "--lifetime", "3651d"], "longer than 3650d"),
        (["usr_ada", "--now", "9999-12-31T23:59:59Z"], "does not lie in"),
        ([], "PERSONA"),
    ],
)
def test_tokens_that_cannot_be_minted(arguments: list[str], words: str) -> None:
    assert words in fails("token", *arguments)


@pytest.mark.parametrize("now", ["2000-01-01T00:00:00Z", "2099-12-31T23:59:59Z"])
def test_tokens_at_the_edges_of_time(now: str) -> None:
    for flaw in ("expired", "not-yet-valid"):
        assert output("token", "usr_ada", "--now", now, "--lifetime", "3650d", "--flaw", flaw).count(".") == 2


# -- openapi and world ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "openapi"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Error: the output: No space left on device\n")


@pytest.mark.parametrize("document", ["app-api", "mock-control"])
def test_the_documents_are_the_same_in_both_formats(document: str) -> None:
    expected = {"app-api": load_app_api, "mock-control": load_mock_control}[document]().raw
    as_json = output("openapi", "--document", document, "--format", "json")
    as_yaml = output("openapi", "--document", document)
    assert json.loads(as_json) == yaml.safe_load(as_yaml) == expected
    assert not re.search(r"(?m)[:-] [&*]\w+$", as_yaml)
    assert "$ref: app-api.yaml" not in as_yaml


def test_the_printed_document_is_the_served_one(one: Served) -> None:
    printed = json.loads(output("openapi", "--format", "json"))
    fetched = one.get(f"{API}/openapi.json").json()
    assert fetched.pop("servers")[0]["url"] == f"{one.url}{API}"
    printed.pop("servers")
    assert fetched == printed


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_printed_world_is_the_world(tmp_path: Path, name: str, form: str) -> None:
    file = tmp_path / f"mine.{form}"
    file.write_text(output("world", name, "--format", form), encoding="utf-8")
    assert load_world(str(file)) == load_world(name)
    assert output("world", str(file), "--format", form) == file.read_text(encoding="utf-8")


def test_a_copied_world_is_served(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(output("world", "acme").replace("Ada Byrne", "Ada Lovelace"), encoding="utf-8")
    with start("--world", str(mine)) as mock:
        assert mock.personas["usr_ada"]["name"] == "Ada Lovelace"
        assert mock.control("GET", "/health")["workspaces"] == ["acme"]


def test_a_generated_world_is_decided_by_its_seed(tmp_path: Path) -> None:
    """Byte for byte; how far it is shows on stderr alone, and by its end."""
    first, again, other = (run(*GENERATE, "--seed", seed) for seed in ("7", "7", "8"))
    assert first.exit_code == 0
    assert first.stdout == again.stdout != other.stdout
    assert "Generating" in first.stderr
    assert "Generating" not in first.stdout
    assert (len(json.loads(first.stdout)["users"]), len(json.loads(first.stdout)["invites"])) == (20, 40)
    file = tmp_path / "world.json"
    written = run(*GENERATE, "--seed", "7", "--out", str(file))
    assert (written.exit_code, written.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == first.stdout
    in_yaml = run(*GENERATE, "--seed", "7", "--format", "yaml")
    assert yaml.safe_load(in_yaml.stdout) == json.loads(first.stdout)


def test_a_generated_world_is_served(tmp_path: Path) -> None:
    file = tmp_path / "initech.json"
    sizes = ("--meetings", "5", "--labels", "3", "--workspace", "initech")
    assert run(*GENERATE, *sizes, "--out", str(file)).exit_code == 0
    with start("--world", str(file), "--validate-responses") as mock:
        admin = next(
            one["userId"] for one in mock.personas.values() if (one["role"], one["status"]) == ("admin", "active")
        )
        caller = mock.as_(admin)
        assert len(caller.whole("/invites", includeSubInvites="true")) == 40
        assert len(caller.whole("/labels")) == 3
        assert len(caller.whole("/users")) == 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a NAME (acme, globex, or a file) to print, or --users to generate"),
        (["acme", "--users", "3"], "give a NAME"),
        (["initech"], "initech"),
        (["--users", "0"], "0 is not in the range"),
        (["--users", "3", "--invites", "-1"], "-1 is not in the range"),
        (["--users", "3", "--seed", "x"], "'x'"),
        (["acme", "--format", "xml"], "xml"),
    ],
)
def test_worlds_that_cannot_be_printed(arguments: list[str], words: str) -> None:
    assert words in fails("world", *arguments)


def test_a_world_that_cannot_be_generated_or_written(tmp_path: Path) -> None:
    done = run("world", "--users", "3", "--workspace", "A B")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "A B" in done.stderr.splitlines()[-1]
    missing = str(tmp_path / "missing" / "world.yaml")
    assert missing in fails("world", "acme", "--out", missing, status=1)
