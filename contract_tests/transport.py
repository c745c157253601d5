"""The only way to a server. What a run may do is enforced here, not in the tests.

Reading is always allowed. Writing needs the run's consent and a host on the allow-list; it may touch only what the run
itself created, and marks and writes down what it creates. Budgets, the rate limit, 429 and redaction are here too.
"""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from contract_tests.ledger import Ledger
from contract_tests.outcomes import NotVerified, SetUpFailed, Step
from contract_tests.redaction import Redactor
from contract_tests.settings import Settings
from contract_tests.writes import READING_POSTS, Writes, is_write
from openapi import Operation

__all__ = ["BASE", "READING_POSTS", "Transport", "is_page", "is_write", "reachable"]

BASE = "/api/v1/app"

_PATIENCE = 5
_PAUSES = (0.2, 1.0)

# So many requests in a row get no answer before it is clear that no further one will.
_LOST = 10

# What stands before a server answers so where it has no answer of the server.
_GATEWAY = frozenset({502, 503, 504})


class Transport:
    """Sends a run's requests and remembers those of the present test in `steps`."""

    def __init__(self, settings: Settings, *, share: int = 1) -> None:
        self.settings = settings
        self.steps: list[Step] = []
        self.sent = 0
        self.wrote = False
        self.redact = Redactor(settings.credentials)
        self.ledger = Ledger(settings.ledger, settings.run_id)
        self.writes = Writes(settings, self.ledger)
        self._sent_before = 0
        self._lost = 0
        # The mock is never behind a proxy, whatever the environment says, and needs no certificates read: its HTTP is
        # plain.
        real = not settings.is_mock
        self._client = httpx.Client(timeout=settings.timeout, follow_redirects=False, trust_env=real, verify=real)
        # Apart, for a defective mock may leave anything on a connection.
        self._control_client = httpx.Client(timeout=30, trust_env=False, verify=False)
        self.shared = share > 1
        self._interval = share / settings.rate if settings.rate else 0.0
        self._budget = settings.max_requests // share
        spent = time.time() - settings.started if settings.started else 0.0
        self._end = time.monotonic() + settings.max_seconds - spent
        self._next = 0.0

    def begin(self) -> None:
        """Begin a test: its requests are remembered apart."""
        self.steps.clear()
        self._sent_before = self.sent

    @property
    def sent_by_test(self) -> int:
        """How many requests the present test sent."""
        return self.sent - self._sent_before

    def control(self, method: str, url: str, body: Any) -> httpx.Response:
        """Ask the control API of a mock, whatever it answers. It belongs to no test's requests and no budget."""
        there, host = reachable(url)
        return self._control_client.request(method, there, headers=host, json=body)

    def may_write(self, url: str) -> bool:
        """Whether the run may change anything at a URL's host."""
        return self.writes.allowed(url)

    def send(
        self,
        operation: Operation | None,
        method: str,
        url: str,
        *,
        secret: tuple[str, str] | None,
        placeholder: str,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> httpx.Response:
        """Send a request. `operation` is None for paths that the document does not have.

        `secret` is the credential's header; `placeholder` stands for its value wherever it is told. Raises
        NotVerified where the run may not do it, SetUpFailed where no server answers.
        """
        everything = dict(headers)
        if secret is not None:
            everything[secret[0]] = secret[1]
        self.wrote |= method not in ("GET", "HEAD", "OPTIONS") and (operation is None or is_write(operation))
        with self.writes.watched(operation, method, url, content) as note:
            response = self._patiently(method, url, everything, content)
            note(response)
        told = dict(headers) if secret is None else {**headers, secret[0]: placeholder}
        step = Step(
            method=method,
            url=url,
            headers=told,
            body=None if content is None else content.decode("utf-8", "replace"),
            status=response.status_code,
            answer=self.redact.text(response.text)[:2000],
            request_id=response.headers.get("x-request-id"),
        )
        self.steps.append(step)
        if self.settings.record:
            self._record(self.settings.record, operation, placeholder if secret else "nobody", step)
        return response

    def _patiently(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> httpx.Response:
        for _ in range(_PATIENCE):
            response = self._answered(method, url, headers, content)
            if response.status_code != 429:
                return response
            pause = _pause(response.headers.get("retry-after", ""))
            if time.monotonic() + pause >= self._end:
                raise NotVerified("the server limits the rate for longer than the budget of time")
            time.sleep(pause)
        raise NotVerified(f"the server answered 429 {_PATIENCE} times, each after the pause that it asked for")

    def _answered(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> httpx.Response:
        """The answer. Raises SetUpFailed where the latest requests all got none."""
        try:
            response = self._connected(method, url, headers, content)
        except (TimeoutError, ConnectionError) as error:
            self._lost += 1
            if self._lost < _LOST:
                raise
            raise SetUpFailed(f"{error}; so it was for {self._lost} requests in a row") from None
        self._lost = 0
        return response

    def _connected(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> httpx.Response:
        """The answer. It is asked for again where nothing was sent yet, and where reading failed on the way.

        Raises SetUpFailed, TimeoutError, ConnectionError.
        """
        problem: Exception = SetUpFailed("nothing was tried")
        for pause in (0.0, *_PAUSES):
            time.sleep(pause)
            self._wait()
            try:
                there, host = reachable(url)
                response = self._client.request(method, there, headers={**headers, **host}, content=content)
            except httpx.ConnectError as error:
                problem = SetUpFailed(f"nothing answers at {_origin(url)}: {error}")
                continue
            except httpx.TimeoutException:
                raise TimeoutError(f"{_origin(url)} did not answer within {self.settings.timeout:g} s") from None
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise SetUpFailed(f"{url}: {error}") from None
            except httpx.HTTPError as error:
                problem = ConnectionError(f"{_origin(url)}: {error}")
            else:
                if response.status_code not in _GATEWAY or not is_page(response):
                    return response
                problem = ConnectionError(f"{_origin(url)}: a gateway answers {response.status_code} with a page")
            if method not in ("GET", "HEAD"):
                break
        raise problem from None

    def _wait(self) -> None:
        if self.sent >= self._budget:
            raise NotVerified("the budget of requests is spent")
        now = time.monotonic()
        if now >= self._end:
            raise NotVerified("the budget of time is spent")
        if self._interval:
            time.sleep(max(0.0, self._next - now))
            self._next = max(now, self._next) + self._interval
        self.sent += 1

    def _record(self, path: str, operation: Operation | None, caller: str, step: Step) -> None:
        line: dict[str, Any] = {
            "test": os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0],
            "operation": operation.operation_id if operation else None,
            "write": step.method not in ("GET", "HEAD", "OPTIONS") and (operation is None or is_write(operation)),
            "caller": caller.strip("$").removesuffix("_CREDENTIAL").lower(),
            "method": step.method,
            "url": step.url,
            "headers": step.headers,
            "body": step.body,
            "status": step.status,
        }
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, orjson.dumps(self.redact(line), option=orjson.OPT_APPEND_NEWLINE))
        finally:
            os.close(file)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        self._control_client.close()


def _pause(given: str) -> float:
    """The seconds that `Retry-After` asks for; a second where it says nothing that can be read."""
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 1.0


def reachable(url: str) -> tuple[str, dict[str, str]]:
    """A URL that can be connected to, and the header that keeps its host.

    `*.localhost` is this machine (RFC 6761), which not every resolver knows.
    """
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, {}
    here = parts.netloc.replace(parts.hostname or "", "127.0.0.1", 1)
    return parts._replace(netloc=here).geturl(), {"Host": parts.netloc}


def is_page(response: httpx.Response) -> bool:
    """Whether an answer is a page of HTML, whatever it says it is."""
    return "html" in response.headers.get("content-type", "") or response.text.lstrip()[:1] == "<"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
