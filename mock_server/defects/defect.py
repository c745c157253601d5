"""A defect: a named fault that makes the mock break one rule."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request

# Answers a request wrongly, with the help of a server that answers it rightly.
Fault = Callable[[Server, Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Defect:
    """A fault. It breaks `rule`; who reports one of `also` in its place has caught it too.

    `control` faults meet requests to the control API as well, for what only a dashboard shows.
    """

    id: str
    rule: str
    sentence: str
    fault: Fault
    also: tuple[str, ...] = ()
    control: bool = False


def defect(rule: str, sentence: str, *, also: tuple[str, ...] = (), control: bool = False) -> Callable[[Fault], Defect]:
    """Make a defect of a fault, named as its function is."""

    def made(fault: Fault) -> Defect:
        return Defect(fault.__name__.replace("_", "-"), rule, sentence, fault, also, control)

    return made
