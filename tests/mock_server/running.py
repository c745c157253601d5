"""Starting a mock, and talking to it as its personas."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import httpx

API = "/api/v1/app"


class Caller:
    """Somebody who calls the App API of a workspace, at its own host."""

    def __init__(self, client: httpx.Client, host: str, headers: Mapping[str, str]) -> None:
        self._client = client
        self.headers = {"Host": host, **headers}

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request to a path below the API's base path."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self._client.request(method, f"{API}{path}", headers=headers, **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """GET with query parameters; `from_` is `from`."""
        return self.send("GET", path, params={name.rstrip("_"): value for name, value in params.items()})

    def post(self, path: str, body: Any) -> httpx.Response:
        """POST a JSON body."""
        return self.send("POST", path, json=body)

    def patch(self, path: str, body: Any) -> httpx.Response:
        """PATCH with a JSON body."""
        return self.send("PATCH", path, json=body)

    def put(self, path: str, body: Any) -> httpx.Response:
        """PUT a JSON body."""
        return self.send("PUT", path, json=body)

    def delete(self, path: str) -> httpx.Response:
        """DELETE."""
        return self.send("DELETE", path)

    def whole(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every item of a list, from pages of 100."""
        items: list[dict[str, Any]] = []
        while True:
            data = ok(self.get(path, page=len(items) // 100, pageSize=100, **params))
            items += data["items"]
            if len(items) >= data["total"]:
                return items


class Mock:
    """A running mock: its address, and its personas by user id."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=30)
        self.personas = self._personas()

    def _personas(self) -> dict[str, dict[str, Any]]:
        items = self.control("GET", "/personas")["items"]
        return {persona["userId"]: persona for persona in items}

    def reset(self) -> None:
        """Begin anew, without the worlds that have been made."""
        self.control("POST", "/reset")
        for world in self.control("GET", "/worlds")["items"]:
            if world["source"] != "start":
                self.control("DELETE", f"/worlds/{world['workspace']}")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Data that the control API answers with; a failure is an error of the test."""
        return ok(self.client.request(method, f"/_mock{path}", json=body))

    def book(self, invite_id: str, start_at: str, *, workspace: str = "acme") -> dict[str, Any]:
        """Book an invite as its candidate."""
        path = f"/worlds/{workspace}/invites/{invite_id}/booking"
        data: dict[str, Any] = self.control("POST", path, {"startAt": start_at})
        return data

    def at(self, now: str) -> None:
        """Set the clock."""
        self.control("PUT", "/clock", {"now": now})

    def as_(self, user_id: str) -> Caller:
        """A persona, with a kailenty JWT."""
        persona = self.personas[user_id]
        return Caller(self.client, persona["host"], {"Authorization": f"Bearer {persona['token']}"})

    def with_(self, headers: Mapping[str, str], host: str | None = None) -> Caller:
        """A caller with these headers, at the bare host unless another is given."""
        return Caller(self.client, host or self.url.removeprefix("http://"), headers)


def ok(response: httpx.Response) -> Any:
    """The data of an answer that must be a success."""
    assert response.status_code in (200, 201), f"{response.status_code}: {response.text}"
    return response.json()["data"]


def refused(response: httpx.Response, status: int, rule: str | None = None) -> str:
    """The message of an answer that must be a refusal, by this rule if one is given."""
    body = response.json()
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    assert set(body) == {"success", "error", "message", "requestId"}
    assert body["success"] is False
    assert body["requestId"] == response.headers["x-request-id"]
    if rule is not None:
        assert response.headers["x-mock-rule"] == rule, response.text
    message: str = body["message"]
    return message


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of a mock on a free port, stopped at the end."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--no-access-log", "--no-banner", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            url = line.split(" at ")[-1].strip().removesuffix(API)
            assert url.startswith("http://"), line
            yield url
        finally:
            process.terminate()


@contextmanager
def start(*options: str) -> Iterator[Mock]:
    """A mock on a free port, stopped at the end."""
    with serving(*options) as url:
        mock = Mock(url)
        # Closed in any case: what a failed test leaves open would fail another, later.
        with closing(mock.client):
            yield mock
