"""A fault as data, and the faults of one workspace."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from mock_server.store import Store
from openapi import Operation


class Fault:
    """Something that goes wrong with some requests.

    `given` is the control document's `FaultCreate`: the kind, its parameters, and which requests it is for. What is
    left to chance is drawn from `chance`. A fault with a `past` lets requests read of that.
    """

    def __init__(self, fault_id: str, given: Mapping[str, Any], chance: Random, past: Store | None = None) -> None:
        self.id = fault_id
        self.kind: str = given["kind"]
        self.given = given
        self.chance = chance
        self.past = past
        self.left: int | None = given.get("times")
        self.applied = 0

    def strikes(self, operation: Operation, role: str | None) -> bool:
        """Whether it is applied to a request, which then counts. `role` is None for a request without a caller."""
        given = self.given
        if self.left == 0 or operation.operation_id not in given.get("operations", (operation.operation_id,)):
            return False
        if self.past is not None and operation.method != "GET":
            return False
        if role not in given.get("roles", (role,)) or self.chance.random() >= given.get("probability", 1):
            return False
        self.applied += 1
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """The faults of one workspace, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._added = 0

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults.values())

    def striking(self, operation: Operation, role: str | None) -> Iterator[Fault]:
        """Those that are applied to a request, each found when it is asked for. One that is used up is gone."""
        for fault in list(self):
            if fault.strikes(operation, role):
                if fault.left == 0:
                    self.remove(fault.id)
                yield fault

    def add(self, given: Mapping[str, Any], seed: int, past: Store | None = None) -> Fault:
        """A new fault, after the others. It draws from the workspace's seed: the same requests meet the same faults."""
        self._added += 1
        fault_id = f"flt_{self._added}"
        fault = self._faults[fault_id] = Fault(fault_id, given, Random(f"{seed}:{fault_id}"), past)
        return fault

    def remove(self, fault_id: str) -> Fault | None:
        """Take a fault away, and give it; None if there is none of this id."""
        return self._faults.pop(fault_id, None)

    def clear(self) -> None:
        """Take all faults away."""
        self._faults.clear()
