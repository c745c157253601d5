"""What a check can come to, as data."""

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Verdict(IntEnum):
    """What is known of a rule, the worse the higher: "the suite broke" is never "the server failed"."""

    NOT_APPLICABLE = 0
    NOT_VERIFIED = 1
    PASSED = 2
    FAILED = 3
    ERROR = 4

    @property
    def label(self) -> str:
        """The verdict in words."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Step:
    """One request and its answer, without secrets: credentials stand as `$ADMIN_CREDENTIAL` and so on."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None
    status: int
    answer: str
    request_id: str | None

    def curl(self) -> str:
        """The request as a line for a shell where the credentials are set."""
        headers = [f"-H {_header(name, value)}" for name, value in self.headers.items()]
        data = [] if self.body is None else [f"--data-raw {_quote(self.body)}"]
        return " ".join(["curl -sS -g", f"-X {self.method}", *headers, *data, _quote(self.url)])


def _header(name: str, value: str) -> str:
    # A placeholder is for the shell to fill in, and nothing else is.
    return f'"{name}: {value}"' if re.fullmatch(r"\$[A-Z_]+", value) else _quote(f"{name}: {value}")


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: what was expected, what was there instead, and the requests that show it."""

    rule: str
    operation: str | None
    expected: str
    actual: str
    steps: tuple[Step, ...] = field(default=())

    @property
    def key(self) -> tuple[str, str | None, str]:
        """Findings with the same key are told once."""
        return self.rule, self.operation, self.expected


class Broken(AssertionError):  # noqa: N818 - it is a verdict
    """The server broke a rule."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.rule}: expected {finding.expected}; {finding.actual}")
        self.finding = finding


class NotVerified(Exception):  # noqa: N818 - it is a verdict
    """The rule could not be looked at: a credential, a right or data is missing."""


class SetUpFailed(Exception):  # noqa: N818 - it is a verdict
    """The run cannot go on: the server is dead, the URL wrong, the credential expired. One line says which."""


# What may become of one request, while others may still succeed.
TROUBLE = (Broken, NotVerified, TimeoutError, ConnectionError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test came to. `operation` is None where it looked at several.

    `reason` says why nothing was verified, or how the suite broke. `reproduced` tells of a finding whether it came
    again when its test was run once more, None where that was not tried. `requests` is how many it sent.
    """

    test: str
    rules: tuple[str, ...]
    operation: str | None
    verdict: Verdict
    reason: str = ""
    finding: Finding | None = None
    reproduced: bool | None = None
    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """All outcomes of a run, its facts (target, seed, versions, seconds, requests), and the rules that have checks.

    `left` are the rows that the run created and that are still there, `kind id title` each, and users who still have
    labels of the run; `returned` tells how the other users, who had some, were left.
    """

    outcomes: tuple[Outcome, ...]
    facts: dict[str, str | int | float]
    checked: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()

    def verdict(self, rule: str, operation: str | None = None) -> Verdict:
        """The worst that came of a rule, for one operation or for all."""
        looked = (
            one.verdict
            for one in self.outcomes
            if (rule in one.rules and (one.finding is None or one.finding.rule == rule))
            or (one.finding is not None and one.finding.rule == rule)
            if operation is None or operation == one.operation
        )
        return max(looked, default=Verdict.NOT_VERIFIED)

    def findings(self) -> tuple[Outcome, ...]:
        """Broken rules, equal ones once."""
        unique = {one.finding.key: one for one in reversed(self.outcomes) if one.finding is not None}
        return tuple(reversed(unique.values()))


def brief(value: Any, limit: int = 300) -> str:
    """A value for a report."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
