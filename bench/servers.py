"""How each mock server is set up and started: every one the way that shows it at its best."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from bench.client import send
from bench.document import BASE, PAGE_SIZE
from bench.server import FILE, MODULES, PEERS, Server, node, script

ANY_KEY = {"X-API-Key": {"matches": ".+"}}
QUIET = ["--no-access-log", "--no-banner"]  # the others log nothing either


class Mock(Server):
    """This project's mock."""

    key, title, needs = "mock", "kailenty-mock", ()
    setup = "the built-in world in memory, filled up to a full page before each measurement"

    def version(self) -> str:
        return metadata.version("kailenty-contract-suite")

    def prepare(self, work: Path) -> None:
        """Nothing: it carries the document itself."""

    def command(self, port: int) -> list[str]:
        return [*mock_command(), "serve", "--port", str(port), *QUIET]

    def reset(self, port: int) -> None:
        send(port, "POST", "/_mock/reset")
        rows = send(port, "GET", f"{BASE}/invites?pageSize={PAGE_SIZE}").json()["data"]["items"]
        for _ in range(PAGE_SIZE - len(rows)):
            send(port, "POST", f"{BASE}/invites", self.contract.create)

    def user_token(self, port: int) -> str:
        return personas(port, "user")[0]["token"]


class Prism(Server):
    """Static mode answers with the document's examples and validates every request."""

    key, title, package = "prism", "Prism", "@stoplight/prism-cli"
    prefix = ""  # it leaves the base path of `servers` out
    # --errors stays off: it adds a check of Prism's own answers; requests are validated without it.
    # --multiprocess is for logging, which is off.
    setup = "mock, static examples, -v silent"

    def command(self, port: int) -> list[str]:
        return [*script("prism"), "mock", "-h", "127.0.0.1", "-p", str(port), "-v", "silent", FILE]


class Mockoon(Server):
    """Its import of a document answers from the schemas, by templates that are filled for each request.

    The examples are imported too, but lie idle. Choosing them and switching templates off, two clicks in its
    editor, makes it twice as fast, so this is done here.
    """

    key, title, package = "mockoon", "Mockoon", "@mockoon/cli"
    setup = "imported document, answers are its examples without templates, no log file, no admin API"

    def prepare(self, work: Path) -> None:
        super().prepare(work)
        command = [*script("mockoon-cli"), "import", "-i", FILE, "-o", "mockoon.json"]
        subprocess.run(command, cwd=work, check=True, capture_output=True)
        environment = json.loads((work / "mockoon.json").read_text())
        for route in environment["routes"]:
            good = [response for response in route["responses"] if response["statusCode"] < 300]
            chosen = good[1] if len(good) > 1 else good[0]  # the first is made of the schema
            chosen["disableTemplating"] = True
            for response in route["responses"]:
                response["default"] = response is chosen
        (work / "mockoon.json").write_text(json.dumps(environment))

    def command(self, port: int) -> list[str]:
        options = ["--disable-log-to-file", "--disable-admin-api", "--max-transaction-logs", "1"]
        address = ["-l", "127.0.0.1", "-p", str(port)]
        return [*script("mockoon-cli"), "start", "-d", "mockoon.json", *address, *options]


class Scalar(Server):
    """A library without a command line; peers/scalar.mjs serves it."""

    key, title, package = "scalar", "Scalar", "@scalar/mock-server"
    prefix = ""  # it leaves the base path of `servers` out
    setup = "behind @hono/node-server, as in its guide, without a logger"

    def command(self, port: int) -> list[str]:
        return [node(), str(PEERS / "scalar.mjs"), FILE, str(port)]


class WireMock(Server):
    """It knows no OpenAPI without an extension, so it gets a stub by hand for each request."""

    key, title, package, needs = "wiremock", "WireMock", "wiremock", ("npm", "java")
    setup = "stubs by hand, no journal, asynchronous answers, no request log"

    def prepare(self, work: Path) -> None:
        contract = self.contract
        invites = f"{BASE}/invites"
        stubs = [
            ({"method": "GET", "urlPathTemplate": invites + "/{inviteId}"}, 200, contract.one),
            ({"method": "GET", "urlPath": invites}, 200, contract.page),
            ({"method": "POST", "urlPath": invites}, 201, contract.created),
        ]
        mappings: list[dict[str, Any]] = [
            {"request": request | {"headers": ANY_KEY}, "response": {"status": status, "jsonBody": body}}
            for request, status, body in stubs
        ]
        for mapping in mappings:
            mapping["response"]["headers"] = {"Content-Type": "application/json"}
        (work / "mappings").mkdir()
        (work / "mappings" / "stubs.json").write_text(json.dumps({"mappings": mappings}))

    def command(self, port: int) -> list[str]:
        jar = next((MODULES / self.package / "build").glob("*.jar"))
        quiet = ["--no-request-journal", "--disable-request-logging", "--disable-banner", "--disable-gzip"]
        threads = ["--async-response-enabled", "true", "--async-response-threads", "10"]
        address = ["--bind-address", "127.0.0.1", "--port", str(port), "--root-dir", "."]
        return ["java", "-jar", str(jar), *address, *quiet, *threads]


class Specmatic(Server):
    """It validates requests, and answers by the schemas or with examples that match a request.

    With schemas alone its lists have a random length of a few rows; the examples make the answers comparable.
    """

    key, title, package, needs = "specmatic", "Specmatic", "specmatic", ("npm", "java")
    prefix = ""  # it leaves the base path of `servers` out
    setup = "stub, an example for each request, no console log"

    def prepare(self, work: Path) -> None:
        super().prepare(work)
        contract = self.contract
        page = {"page": 0, "pageSize": PAGE_SIZE}
        requests: dict[str, tuple[dict[str, Any], int, Any]] = {
            "get": ({"method": "GET", "path": f"/invites/{contract.invite_id}"}, 200, contract.one),
            "list": ({"method": "GET", "path": "/invites", "query": page}, 200, contract.page),
            "create": (
                {"method": "POST", "path": "/invites", "body": contract.create},
                201,
                contract.created,
            ),
        }
        (work / "examples").mkdir()
        for name, (request, status, body) in requests.items():
            request["headers"] = {"X-API-Key": "(string)"}
            headers = {"Content-Type": "application/json", "X-Request-Id": "req_0d9f2c6b41aa83e7"}
            example = {
                "http-request": request,
                "http-response": {"status": status, "headers": headers, "body": body},
            }
            (work / "examples" / f"{name}.json").write_text(json.dumps(example))

    def command(self, port: int) -> list[str]:
        # The jar itself, not its npm launcher: that would be one Node process more in its memory.
        jar = MODULES / self.package / "specmatic.jar"
        options = ["--host", "127.0.0.1", "--port", str(port), "--noConsoleLog", "--examples", "examples"]
        return ["java", "-jar", str(jar), "stub", *options, FILE]


SERVERS: dict[str, type[Server]] = {
    server.key: server for server in (Mock, Prism, Mockoon, Scalar, WireMock, Specmatic)
}


def mock_command() -> list[str]:
    """The mock's command, of this interpreter's environment."""
    beside = Path(sys.executable).with_name("kailenty-mock")
    return [str(beside) if beside.exists() else "kailenty-mock"]


def personas(port: int, role: str) -> list[dict[str, str]]:
    """The mock's active users of a role, with their credentials."""
    items = send(port, "GET", "/_mock/personas").json()["data"]["items"]
    return [item for item in items if item["role"] == role and item["status"] == "active"]
