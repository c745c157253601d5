"""The clock: one moment, however it is set and moved."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mock_server.clock import Clock, text

MOMENT = datetime(2031, 2, 3, 4, 5, 6, 789_999, tzinfo=UTC)
SOON = timedelta(seconds=30)


def test_a_moment_as_the_contract_writes_it() -> None:
    """ENV-05: always three digits, cut off."""
    assert text(MOMENT) == "2031-02-03T04:05:06.789Z"
    assert text(MOMENT.replace(microsecond=0)) == "2031-02-03T04:05:06.000Z"


def test_it_shows_the_real_time_unless_told_otherwise() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < SOON
    assert not Clock().frozen


def test_it_runs_on_from_where_it_is_set() -> None:
    clock = Clock(MOMENT)
    first, second = clock.now(), clock.now()
    assert MOMENT <= first <= second < MOMENT + SOON
    clock.set(MOMENT - timedelta(days=400))
    assert timedelta(days=-400) <= clock.now() - MOMENT < timedelta(days=-400) + SOON


def test_it_stands_still_and_goes_on() -> None:
    clock = Clock(MOMENT, frozen=True)
    assert clock.frozen
    stopped = clock.now()
    assert stopped == MOMENT == clock.now()
    clock.set(MOMENT)
    assert (clock.now(), clock.frozen) == (MOMENT, True)
    clock.freeze()
    assert clock.now() == MOMENT
    clock.resume()
    assert not clock.frozen
    assert MOMENT <= clock.now() < MOMENT + SOON
    clock.resume()
    assert MOMENT <= clock.now() < MOMENT + SOON


@pytest.mark.parametrize("beyond", [Clock.FIRST - timedelta(milliseconds=1), Clock.LAST + timedelta(milliseconds=1)])
@pytest.mark.parametrize("frozen", [True, False])
def test_it_stays_within_its_years(beyond: datetime, frozen: bool) -> None:
    clock = Clock(MOMENT, frozen=frozen)
    with pytest.raises(ValueError, match=r"only 2000-01-01T00:00:00\.000Z to 2099-12-31T23:59:59\.999Z"):
        clock.set(beyond)
    assert clock.now() - MOMENT < SOON
    with pytest.raises(ValueError, match="the clock cannot show"):
        Clock(beyond)
    for edge in (Clock.FIRST, Clock.LAST):
        clock.set(edge)
        assert clock.now() - edge < SOON


def test_a_frozen_clock_starts_exactly_where_it_is_told() -> None:
    """Or every test that counts from the start would differ by some milliseconds from run to run."""
    assert Clock(MOMENT, frozen=True).now() == MOMENT


def test_it_speaks_utc() -> None:
    moment = MOMENT.astimezone(timezone(timedelta(hours=2)))
    clock = Clock(moment, frozen=True)
    assert text(clock.now()) == text(MOMENT)
