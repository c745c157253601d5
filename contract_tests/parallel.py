"""Requests at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier
from typing import Any

from contract_tests.model import Row, merged
from contract_tests.target import Answer

# How many requests race each other, and how often: enough for a race to show, few enough for a real workspace.
RACERS = 6


def together(requests: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Send requests at the same time, one thread each; gives their answers in the order asked. Raises what they do."""
    start = Barrier(len(requests))

    def send(request: Callable[[], Answer]) -> Answer:
        start.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as threads:
        sent = [threads.submit(send, request) for request in requests]
    return [one.result() for one in sent]


def one_wins(answers: Sequence[Answer], status: int, otherwise: int, rule: str, why: str) -> Answer:
    """The answer of the one request that was done. Raises Broken unless all others were refused."""
    told = sorted(answer.status for answer in answers)
    if told != sorted([status] + [otherwise] * (len(answers) - 1)):
        raise answers[0].broken(rule, f"one {status} and otherwise {otherwise} ({why})", told)
    return next(answer for answer in answers if answer.status == status)


def explained(before: Row, changes: Sequence[Row], after: Row, members: Sequence[str]) -> bool:
    """Whether a row is what some order of changes makes of it, as far as some members tell."""
    return any(all(_in_turn(before, order)[name] == after[name] for name in members) for order in permutations(changes))


def _in_turn(row: Row, changes: Sequence[Row]) -> dict[str, Any]:
    for change in changes:
        row = merged(row, change)
    return row
