"""What several subcommands read from their options."""

import re
from datetime import UTC, datetime, timedelta

import click

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """An RFC 3339 time with a zone, in UTC."""
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise click.BadParameter(f"{value} is no time such as 2026-07-01T08:00:00Z")
    return parsed.astimezone(UTC)


def duration(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    """A length of time such as 90s, 15m, 8h or 30d."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", value)
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{value} is no length of time such as 90s, 15m, 8h or 30d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
