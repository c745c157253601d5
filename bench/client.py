"""Single requests: to see that a server is up, and what it can do."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.document import API_KEY, Operation
from bench.process import Child, StartError

START_SECONDS = 90.0
KEY = {"X-API-Key": API_KEY}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def send(port: int, method: str, path: str, body: Any = None, headers: Mapping[str, str] = KEY) -> Answer:
    """Send one request on a connection of its own; a body is sent as JSON."""
    data = json.dumps(body).encode() if body is not None else None
    kind = {"Content-Type": "application/json"} if data is not None else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, data, {**headers, **kind})
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()


def send_operation(port: int, prefix: str, operation: Operation) -> Answer:
    """Send a measured request once."""
    body = json.loads(operation.body) if operation.body else None
    return send(port, operation.method, prefix + operation.path, body)


def wait_for(child: Child, port: int, path: str) -> None:
    """Ask until the first 2xx answer."""
    begin = time.perf_counter()
    last = "no answer"
    while (spent := time.perf_counter() - begin) < START_SECONDS:
        if child.process.poll() is not None:
            raise StartError(f"it ended with code {child.process.returncode}: {child.complaint()}")
        try:
            answer = send(port, "GET", path)
        except (OSError, http.client.HTTPException) as error:
            last = str(error)
        else:
            if answer.ok:
                return
            last = f"status {answer.status}"
        time.sleep(0.005)
    raise StartError(f"no 2xx answer in {spent:.0f} s ({last}): {child.complaint()}")
