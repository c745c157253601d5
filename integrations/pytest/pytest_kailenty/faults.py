"""What goes wrong in a world on purpose."""

from collections.abc import Sequence
from typing import Any, Literal

from pytest_kailenty.control import Control, camel, given

__tracebackhide__ = True


class Faults:
    """Adds faults to one world and clears them."""

    def __init__(self, control: Control, path: str) -> None:
        self._control = control
        self._path = path

    def add(
        self,
        kind: str,
        *,
        operations: Sequence[str] | None = None,
        roles: Sequence[Literal["user", "manager", "admin"]] | None = None,
        times: int | None = None,
        probability: float | None = None,
        **parameters: Any,
    ) -> str:
        """Add a fault and give its id.

        It strikes the operations (by operationId) and roles named, or all; so many times, or always; with a
        probability, seeded. `kind` and its `parameters` are those of the control API's document: `"latency",
        milliseconds=800`, `"server-error", status=503`, `"too-many-requests", retry_after_seconds=30`,
        `"connection-reset"`. Raises ControlError, which names what is wrong.
        """
        scope = given(operations=operations, roles=roles, times=times, probability=probability)
        own = {camel(name): value for name, value in parameters.items()}
        return str(self._control.send("POST", self._path, {"kind": kind, **scope, **own})["id"])

    def remove(self, fault_id: str) -> None:
        """Take one fault away."""
        self._control.send("DELETE", f"{self._path}/{fault_id}")

    def clear(self) -> None:
        """Take every fault away."""
        self._control.send("DELETE", self._path)
