"""The kinds of faults, a closed set: what each of them does to a request."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from statistics import NormalDist
from typing import Any

from starlette.types import Send

from mock_server.exchange import Exchange, failure, respond
from mock_server.faults.fault import Fault
from mock_server.faults.spoiling import cut, slow, unclosed
from mock_server.meanings import TooManyRequests

# Where the 99th percentile of a normal distribution lies, in standard deviations.
_P99 = NormalDist().inv_cdf(0.99)


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault and the request that it is applied to. `carry_on` does what would be done without the fault."""

    fault: Fault
    exchange: Exchange
    send: Send
    carry_on: Callable[[], Awaitable[None]]

    @property
    def given(self) -> Mapping[str, Any]:
        """The parameters of the fault."""
        return self.fault.given

    async def spoiled(self, spoil: Callable[[Send], Send]) -> None:
        """Carry on, and spoil the answer."""
        self.exchange.spoils += (spoil,)
        await self.carry_on()


Apply = Callable[[Strike], Awaitable[None]]


async def _latency(strike: Strike) -> None:
    await asyncio.sleep(milliseconds(strike.given, strike.fault.chance) / 1000)
    await strike.carry_on()


def milliseconds(given: Mapping[str, Any], chance: Random) -> float:
    """A fixed time, or one that is drawn: evenly between two bounds, or log-normally by its median and 99th percentile.

    The tail of a log-normal distribution has no end; it is cut at ten times the 99th percentile.
    """
    if "minMilliseconds" in given:
        return chance.uniform(given["minMilliseconds"], given["maxMilliseconds"])
    if "medianMilliseconds" in given:
        median, p99 = given["medianMilliseconds"], given["p99Milliseconds"]
        return min(chance.lognormvariate(math.log(median), math.log(p99 / median) / _P99), float(p99 * 10))
    return float(given["milliseconds"])


async def _too_many_requests(strike: Strike) -> None:
    raise TooManyRequests(strike.given["retryAfterSeconds"])


async def _server_error(strike: Strike) -> None:
    exchange, given = strike.exchange, strike.given
    status = HTTPStatus(given["status"])
    headers = {"Retry-After": str(given["retryAfterSeconds"])} if "retryAfterSeconds" in given else {}
    # The contract has no other status than 500, and no other form than the envelope.
    exchange.check = None
    if given.get("format") == "html":
        title = f"{status} {status.phrase}"
        page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
        await respond(strike.send, exchange, status, page.encode(), headers, media_type=b"text/html")
    else:
        message = "Something went wrong on our side"
        phrase = "Internal server error" if status == 500 else status.phrase.capitalize()
        await respond(strike.send, exchange, status, failure(phrase, message, exchange.request_id), headers)


async def _connection_reset(strike: Strike) -> None:
    after = strike.given.get("afterBytes")
    if after is None:
        # Nothing is answered, which the journal is to show.
        strike.exchange.answer = [], b""
        strike.exchange.connection.abort()
        return
    end = strike.exchange.connection.abort
    await strike.spoiled(lambda send: cut(send, end, lambda length: min(after, length) or None))


async def _truncated_body(strike: Strike) -> None:
    given, end = strike.given, strike.exchange.connection.close

    def kept(length: int) -> int:
        # All of it would be no truncation.
        wanted: int = given.get("bytes", int(length * given.get("fraction", 0.5)))
        return min(wanted, length - 1)

    await strike.spoiled(lambda send: cut(send, end, kept))


async def _slow_body(strike: Strike) -> None:
    seconds, pieces = strike.given["milliseconds"] / 1000, strike.given.get("chunks", 10)
    await strike.spoiled(lambda send: slow(send, seconds, pieces))


async def _invalid_json(strike: Strike) -> None:
    await strike.spoiled(unclosed)


async def _stale_read(strike: Strike) -> None:
    strike.exchange.past = strike.fault.past
    await strike.carry_on()


# The control document's kinds; that these are all of them is tested.
KINDS: Mapping[str, Apply] = {
    "latency": _latency,
    "too-many-requests": _too_many_requests,
    "server-error": _server_error,
    "connection-reset": _connection_reset,
    "truncated-body": _truncated_body,
    "slow-body": _slow_body,
    "invalid-json": _invalid_json,
    "stale-read": _stale_read,
}
