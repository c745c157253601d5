"""Steering a clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mock_server.clock import Clock, text
from mock_server.meanings import Invalid


def view(clock: Clock) -> dict[str, Any]:
    """A clock as the control document's `Clock`."""
    return {"now": text(clock.now()), "frozen": clock.frozen}


def set_clock(clock: Clock, update: dict[str, Any]) -> dict[str, Any]:
    """Carry out a `ClockUpdate`, and give the clock as it then is. Raises Invalid for a time it cannot show."""
    moment = datetime.fromisoformat(update["now"]).astimezone(UTC) if "now" in update else None
    if "advanceSeconds" in update:
        moment = clock.now() + timedelta(seconds=update["advanceSeconds"])
    if moment is not None:
        try:
            clock.set(moment)
        except ValueError as error:
            raise Invalid(str(error), rule="CONTROL") from None
    if "frozen" in update:
        clock.freeze() if update["frozen"] else clock.resume()
    return view(clock)
