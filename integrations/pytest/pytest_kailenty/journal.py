"""What a world was asked, and what it answered."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict, Unpack

from pytest_kailenty.control import API, Control, camel, given

__tracebackhide__ = True

Entry = dict[str, Any]
"""A request with its answer and explanation, as the control API's document describes it."""


class Match(TypedDict, total=False):
    """Which requests: those that fit every member given. In a `path`, `*` is any text; a `status` may be `4xx`.

    Without a `path` they are those to the App API; this test's own to the control API are kept too, as `/_mock/*`.
    """

    operation_id: str
    method: str
    path: str
    status: int | str
    user_id: str
    role: str
    rule: str


class Journal:
    """Reads the requests of one world; secrets in their headers are redacted."""

    def __init__(self, control: Control, workspace: str) -> None:
        self._control = control
        self._workspace = workspace

    def requests(self, limit: int | None = None, **match: Unpack[Match]) -> list[Entry]:
        """Give the last requests that match, in the order they came; 50 of them unless told."""
        found = self._control.send("GET", "/requests", workspace=self._workspace, limit=limit, **_members(match))
        newest_first: list[Entry] = found["items"]
        return newest_first[::-1]

    def verify(
        self,
        count: int | None = None,
        *,
        at_least: int | None = None,
        at_most: int | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        **match: Unpack[Match],
    ) -> None:
        """Assert how many requests match: at least one unless told.

        `query` and `body` are a part of what was sent. Raises AssertionError, which shows what came nearest.
        """
        wanted = given(query=query, body=body) | _members(match)
        bounds = given(count=count, atLeast=at_least, atMost=at_most)
        verdict = self._control.send(
            "POST", "/requests/verify", {"match": {"workspace": self._workspace, **wanted}, **bounds}
        )
        if not verdict["satisfied"]:
            raise AssertionError("\n".join(_unsatisfied(verdict, wanted)))

    def clear(self) -> None:
        """Forget the requests so far."""
        self._control.send("DELETE", "/requests", workspace=self._workspace)


def _members(match: Match) -> dict[str, Any]:
    return {"path": f"{API}/*"} | {camel(name): value for name, value in match.items()}


def _unsatisfied(verdict: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    asked = ", ".join(f"{name} {value}" for name, value in wanted.items()) or "any"
    yield f"expected {verdict['expected']}, found {verdict['matched']} of these requests: {asked}"
    for miss in verdict["nearest"]:
        request = miss["request"]
        differs = ", ".join(f"{one['member']} is {one['found']}" for one in miss["differs"])
        yield f"nearest: {request['method']} {request['path']} -> {request['status']}; {differs}"
