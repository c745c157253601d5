"""The only way to a server. What a run may do is enforced here, not in the tests.

Reading is always allowed. Writing needs the run's consent and a host on the allow-list, and leaves a line in the
ledger for what it creates. Budgets, the rate limit, 429 and redaction are here too.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from contract_tests.ledger import Ledger
from contract_tests.outcomes import NotVerified, SetUpFailed, Step
from contract_tests.redaction import Redactor
from contract_tests.settings import Settings
from openapi import Operation

BASE = "/api/v1/app"

# A POST that changes nothing.
READING_POSTS = frozenset({"checkAvailability"})

# What creating operations create, for the ledger.
_CREATED = {"createInvite": "invite", "createSubInvite": "invite", "createMeeting": "meeting", "createLabel": "label"}

_PATIENCE = 3


def is_write(operation: Operation) -> bool:
    """Whether an operation may change something."""
    return operation.method != "GET" and operation.operation_id not in READING_POSTS


class Transport:
    """Sends a run's requests and remembers those of the present test in `steps`."""

    def __init__(self, settings: Settings, *, share: int = 1) -> None:
        self.settings = settings
        self.steps: list[Step] = []
        self.sent = 0
        self.redact = Redactor(settings.credentials)
        self._sent_before = 0
        self._client = httpx.Client(timeout=settings.timeout, follow_redirects=False)
        self._ledger = Ledger(settings.ledger, settings.run_id)
        self._interval = share / settings.rate if settings.rate else 0.0
        self._budget = settings.max_requests // share
        self._end = time.monotonic() + settings.max_seconds
        self._next = 0.0

    def begin(self) -> None:
        """Begin a test: its requests are remembered apart."""
        self.steps.clear()
        self._sent_before = self.sent

    @property
    def sent_by_test(self) -> int:
        """How many requests the present test sent."""
        return self.sent - self._sent_before

    def may_write(self, url: str) -> bool:
        """Whether the run may change anything at a URL's host."""
        if self.settings.is_mock:
            return True
        return self.settings.allow_writes and urlsplit(url).hostname in self.settings.write_hosts

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
        if (
            (operation is None or is_write(operation))
            and method not in ("GET", "HEAD", "OPTIONS")
            and not (self.may_write(url))
        ):
            raise NotVerified("writing needs --allow-writes and the host among write-hosts")
        everything = dict(headers)
        if secret is not None:
            everything[secret[0]] = secret[1]
        response = self._patiently(method, url, everything, content)
        told = dict(headers) if secret is None else {**headers, secret[0]: placeholder}
        self.steps.append(
            Step(
                method=method,
                url=url,
                headers=told,
                body=None if content is None else content.decode("utf-8", "replace"),
                status=response.status_code,
                answer=self.redact.text(response.text)[:2000],
                request_id=response.headers.get("x-request-id"),
            )
        )
        if self.settings.is_mock:
            return response
        if operation is not None and response.is_success and (kind := _CREATED.get(operation.operation_id)):
            self._ledger.created(kind, _id(response), url)
        if operation is not None and response.is_success and operation.operation_id == "deleteLabel":
            self._ledger.deleted("label", _id(response))
        return response

    def _patiently(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> httpx.Response:
        for _ in range(_PATIENCE):
            self._wait()
            try:
                there, host = reachable(url)
                response = self._client.request(method, there, headers={**headers, **host}, content=content)
            except httpx.ConnectError as error:
                raise SetUpFailed(f"nothing answers at {_origin(url)}: {error}") from None
            except httpx.TimeoutException:
                raise SetUpFailed(f"{_origin(url)} did not answer within {self.settings.timeout:g} s") from None
            except httpx.HTTPError as error:
                raise SetUpFailed(f"{_origin(url)}: {error}") from None
            if response.status_code != 429:
                return response
            given = response.headers.get("retry-after", "")
            time.sleep(min(float(given) if given.isdecimal() else 1.0, max(0.0, self._end - time.monotonic())))
        return response

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

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def reachable(url: str) -> tuple[str, dict[str, str]]:
    """A URL that can be connected to, and the header that keeps its host.

    `*.localhost` is this machine (RFC 6761), which not every resolver knows.
    """
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, {}
    here = parts.netloc.replace(parts.hostname or "", "127.0.0.1", 1)
    return parts._replace(netloc=here).geturl(), {"Host": parts.netloc}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _id(response: httpx.Response) -> str:
    try:
        data: Any = orjson.loads(response.content)
        return str(data["data"]["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "unknown"
