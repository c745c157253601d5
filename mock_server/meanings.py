"""What can be wrong with a request, as meanings. `errors.py` gives them their status and their envelope.

Each carries the message for the body and, for the explaining headers, the id of the rule that refused and the roles
that would have passed.
"""

from collections.abc import Callable


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """A request that is not carried out."""

    def __init__(self, message: str, *, rule: str, passes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.passes = passes


# What is done with a refusal that soft mode lets through: it is raised, unless the server is soft.
Refuse = Callable[[Refusal], None]


def strictly(refusal: Refusal) -> None:
    """Refuse. Raises the refusal."""
    raise refusal


class Unauthorized(Refusal):
    """The credential is missing, invalid, or of another workspace.

    `credential` says what was recognised of it, never the secret; `of` is the workspace that it is of, if known.
    """

    def __init__(self, message: str, *, rule: str, credential: str = "none", of: str | None = None) -> None:
        super().__init__(message, rule=rule)
        self.credential = credential
        self.of = of


class Forbidden(Refusal):
    """The role of the caller does not allow it."""


class NotFound(Refusal):
    """It does not exist, or the caller may not see it; the message tells neither."""


class MethodNotAllowed(Refusal):
    """The path has other methods: `allowed`."""

    def __init__(self, message: str, *, rule: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message, rule=rule)
        self.allowed = allowed


class Conflict(Refusal):
    """The state of what is stored forbids it."""


class Invalid(Refusal):
    """The body, a parameter or the query fails a check."""


class Unfit(Invalid):
    """The request fits by itself, and does not fit what is stored."""


class ContentTooLarge(Refusal):
    """The body is larger than the server takes."""


class HeadTooLarge(Refusal):
    """The head of the request is larger than the server takes."""


class UnsupportedMediaType(Refusal):
    """The body is not declared as JSON."""


class TooManyRequests(Refusal):
    """The rate limit is used up, for so many seconds (RATE-01)."""

    def __init__(self, retry_after: int) -> None:
        unit = "second" if retry_after == 1 else "seconds"
        super().__init__(f"The rate limit is used up, try again in {retry_after} {unit}", rule="RATE-01")
        self.retry_after = retry_after
