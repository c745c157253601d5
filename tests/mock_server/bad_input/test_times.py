"""Times that are none, in bodies and queries."""

from typing import Any

import orjson
import pytest

from tests.mock_server.bad_input.sending import invite, post, refuses
from tests.mock_server.running import API, Mock
from tests.mock_server.wire import ADA, request

NO_TIMES = {
    "no-such-day": "2030-02-30T00:00:00Z",
    "no-leap-year": "2031-02-29T00:00:00Z",
    "day-0": "2030-07-00T00:00:00Z",
    "month-13": "2030-13-01T00:00:00Z",
    "leap-second": "2030-06-30T23:59:60Z",
    "leap-second-that-was": "2016-12-31T23:59:60Z",
    "hour-24": "2030-07-01T24:00:00Z",
    "far-future": "9999-12-31T23:59:59Z",
    "year-2100": "2100-01-01T00:00:00Z",
    "five-digit-year": "12030-07-01T00:00:00Z",
    "signed-year": "+002030-07-01T00:00:00Z",
    "year-0": "0000-01-01T00:00:00Z",
    "offset": "2030-07-01T00:00:00+02:00",
    "negative-offset": "2030-07-01T00:00:00-08:00",
    "unknown-offset": "2030-07-01T00:00:00-00:00",
    "offset-without-colon": "2030-07-01T00:00:00+0000",
    "no-offset": "2030-07-01T00:00:00",
    "no-seconds": "2030-07-01T00:00Z",
    "date-alone": "2030-07-01",
    "time-alone": "00:00:00Z",
    "space-between": "2030-07-01 00:00:00Z",
    "small-letters": "2030-07-01t00:00:00z",
    "basic-format": "20300701T000000Z",
    "week": "2030-W27-1T00:00:00Z",
    "comma": "2030-07-01T00:00:00,5Z",
    "point-without-digits": "2030-07-01T00:00:00.Z",
    "ten-digits": "2030-07-01T00:00:00.1234567890Z",
    "blank-before": " 2030-07-01T00:00:00Z",
    "line-break-after": "2030-07-01T00:00:00Z\n",
    "null-after": "2030-07-01T00:00:00Z\0",
    "other-digits": "٢٠٣٠-07-01T00:00:00Z",
    "full-width": "\uff12\uff10\uff13\uff10-07-01T00:00:00Z",
    "words": "tomorrow",
    "number": "1909267200",
    "long": "2030-07-01T00:00:00Z" * 500,
}


@pytest.mark.parametrize("case", NO_TIMES)
def test_a_time_that_is_none(unchanged: Mock, case: str) -> None:
    """STR-06: in a body and in a query."""
    time_ = NO_TIMES[case]
    sent = post("/invites", invite(voteDeadlineAt=time_))
    refuses(unchanged, sent, 400, "STR-06", "/voteDeadlineAt is", orjson.dumps(time_).decode()[:60], "expected a")
    encoded = "".join(f"%{byte:02X}" for byte in time_.encode())
    sent = request("GET", f"{API}/meetings?from={encoded}&to=2031-01-01T00:00:00Z", ADA)
    refuses(unchanged, sent, 400, "STR-06", "from is", "expected a")


@pytest.mark.parametrize("value", [1909267200, None, [], {}, True])
def test_a_time_of_another_type(unchanged: Mock, value: Any) -> None:
    """STR-05."""
    sent = post("/invites", invite(voteDeadlineAt=value))
    refuses(unchanged, sent, 400, "STR-05", f"/voteDeadlineAt is {orjson.dumps(value).decode()}", "expected a string")


def test_an_empty_time(unchanged: Mock) -> None:
    """STR-06: in a query it is a parameter without a value."""
    refuses(unchanged, post("/invites", invite(voteDeadlineAt="")), 400, "STR-06", '/voteDeadlineAt is ""')
    sent = request("GET", f"{API}/meetings?from=&to=2031-01-01T00:00:00Z", ADA)
    refuses(unchanged, sent, 400, "STR-06", "from has no value")
