"""Times of a request: put into one form, then compared with now and with each other."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mock_server import clock
from mock_server.meanings import Invalid
from mock_server.validation.rules import ANY, Rules
from openapi import Operation, load_app_api
from openapi.extensions import Period

_FUTURE = ("INV-06", "MTG-08", ANY)
_PERIOD = ("MTG-03", "MTG-08", "AVL-06", ANY)


def canonical_time(text: str) -> str:
    """The form `YYYY-MM-DDTHH:MM:SS.mmmZ` of a time that fits `RequestTime`; finer than a millisecond is cut off.

    Times in this form compare as texts.
    """
    if len(text) == 24 and text[23] == "Z":
        return text
    fraction = text[20:].removesuffix("Z").removesuffix("+00:00") if text[19] == "." else ""
    return f"{text[:19]}.{fraction[:3]:0<3}Z"


@cache
def _period_rules() -> dict[Period, str]:
    """The rule of each period in the App API."""
    operations = load_app_api().operations.values()
    return {operation.period: Rules(operation).first(*_PERIOD) for operation in operations if operation.period}


def check_period(period: Period, start: str, end: str) -> None:
    """Check that two canonical times come in order and near enough.

    Raises Invalid (MTG-03, MTG-08, AVL-06).
    """
    if start >= end:
        problem = f"{period.start} must come before {period.end}, but {start} is not before {end}"
    elif period.max_hours is None or _distance(start, end) <= timedelta(hours=period.max_hours):
        return
    else:
        problem = f"{period.start} and {period.end} must be at most {_hours(period.max_hours)} apart"
    raise Invalid(problem, rule=_period_rules().get(period, ANY))


def _distance(start: str, end: str) -> timedelta:
    return datetime.fromisoformat(end) - datetime.fromisoformat(start)


def _hours(hours: int) -> str:
    return f"{hours // 24} days" if hours > 24 and hours % 24 == 0 else f"{hours} hours"


class Times:
    """The times among the query parameters or the top-level members of the body."""

    def __init__(self, operation: Operation, names: Iterable[str]) -> None:
        period = operation.period
        # In order, so that of two mistakes the earlier time's is told.
        self._names = sorted(
            operation.times.intersection(names), key=lambda name: (name != (period and period.start), name)
        )
        self._future = frozenset(operation.future)
        self._period = period if period and {period.start, period.end} <= set(self._names) else None
        self._rule = Rules(operation).first(*_FUTURE)

    def settle(self, values: dict[str, Any], now: datetime) -> None:
        """Put the times into canonical form, in place, and check them.

        Raises Invalid: a time that must lie after now does not (INV-06, MTG-08), or two that come together do not
        fit (MTG-03, MTG-08, AVL-06).
        """
        for name in self._names:
            if name in values:
                values[name] = moment = canonical_time(values[name])
                # Both are cut to milliseconds, so texts tell what the moments would.
                if name in self._future and moment <= clock.text(now):
                    raise Invalid(f"{name} must be in the future", rule=self._rule)
        period = self._period
        if period and period.start in values and period.end in values:
            check_period(period, values[period.start], values[period.end])
