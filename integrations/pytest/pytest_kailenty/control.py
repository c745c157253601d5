"""The way to the mock's control API, with the standard library alone."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

__tracebackhide__ = True

# Where the App API is, which the application under test calls.
API = "/api/v1/app"

_TIMEOUT = 30


class ControlError(Exception):
    """The control API refused, or did not answer. `status` is its answer's, None without one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Control:
    """Sends requests to paths below `/_mock` of a mock. It never goes through a proxy."""

    def __init__(self, url: str, token: str | None = None) -> None:
        """`url` is the mock's address, such as `http://127.0.0.1:8080`; raises ControlError if it is none."""
        address = urlsplit(url)
        plain = address.hostname and address.username is None and not address.path.strip("/")
        if address.scheme not in ("http", "https") or not plain:
            raise ControlError(f"{public(url)} is not the address of a mock, such as http://127.0.0.1:8080")
        self.url = f"{address.scheme}://{address.netloc}"
        self._address = address
        self._token = token

    def send(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """Give the `data` of an answer; query parameters that are None are left out. Raises ControlError."""
        answer = self.fetch(method, path, body, **query)
        try:
            return json.loads(answer)["data"]
        except (ValueError, TypeError, KeyError):
            raise ControlError(f"{method} /_mock{path}: what answers at {self.url} is no mock") from None

    def fetch(self, method: str, path: str, body: Any = None, /, **query: Any) -> bytes:
        """Give the body of an answer as it came. Raises ControlError."""
        sent = urlencode(given(**query))
        target = f"/_mock{quote(path)}" + (f"?{sent}" if sent else "")
        content = None if body is None else json.dumps(body).encode()
        status, answer = self._exchange(method, target, content)
        if status not in (200, 201):
            raise ControlError(f"{method} {target}: {status} {_reason(answer)}", status)
        return answer

    def _exchange(self, method: str, target: str, content: bytes | None) -> tuple[int, bytes]:
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        connection = kind(self._address.hostname or "", self._address.port, timeout=_TIMEOUT)
        try:
            connection.request(method, target, content, dict(self._headers(content)))
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            raise ControlError(f"no mock answers at {self.url}: {error!r}") from None
        finally:
            connection.close()

    def _headers(self, content: bytes | None) -> Mapping[str, str]:
        headers = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        return headers if content is None else {**headers, "Content-Type": "application/json"}


def public(url: str) -> str:
    """An address without the password that may stand in it."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{after}" if at else url


def camel(name: str) -> str:
    """A member's name in the API: `user_id` is `userId`."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def given(**members: Any) -> dict[str, Any]:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def _reason(answer: bytes) -> str:
    """What an error says, or its beginning if it is no envelope: a proxy may have answered."""
    try:
        body = json.loads(answer)
        return f"{body['error']}: {body['message']}"
    except (ValueError, TypeError, KeyError):
        return answer[:200].decode(errors="replace")
