"""What several subcommands have in common."""

import re
from datetime import UTC, datetime, timedelta

import click

from mock_server.clock import Clock, text
from mock_server.limits import RateLimit

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = timedelta(days=3650)


class Refused(click.ClickException):
    """What is asked for cannot be done. Told without the usage, which would not help."""

    exit_code = 2


def moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """An RFC 3339 time with a zone, in UTC, that a mock's clock can show."""
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        moment = parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise click.BadParameter(f"{value} is no time such as 2026-07-01T08:00:00Z")
    if not Clock.FIRST <= moment <= Clock.LAST:
        raise click.BadParameter(f"{value} does not lie in {text(Clock.FIRST)} to {text(Clock.LAST)}")
    return moment


def filled(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A text that is not empty, as that of a variable that is not set would be."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    return value


def domains(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Names of domains: no `*`, no port and no URL, which no host would ever match."""
    for value in values:
        if re.fullmatch(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*", value, re.IGNORECASE) is None:
            raise click.BadParameter(f"{value} is no domain such as mock.test")
    return values


def duration(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    """A length of time such as 90s, 15m, 8h or 30d."""
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", value)
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{value} is no length of time such as 90s, 15m, 8h or 30d")
    length = timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    if length > _LONGEST:
        raise click.BadParameter(f"{value} is longer than {_LONGEST.days}d")
    return length


def rate_limit(_: click.Context, __: click.Parameter, value: str | None) -> RateLimit | None:
    """A number of requests in a time, such as 100/minute."""
    if value is None:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour|day)", value)
    if match is None:
        raise click.BadParameter(f"{value} is no limit such as 100/minute; it is per second, minute, hour or day")
    return RateLimit(int(match[1]), _PERIODS[match[2]])
