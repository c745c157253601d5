"""Which rule refused: the most specific of those that bind the operation."""

from openapi import Operation, load_rules

# For what no narrower rule covers, such as a malformed id in the path.
ANY = "ERR-05"


class Rules:
    """The rules that bind one operation. Operations of the control document are bound by none."""

    def __init__(self, operation: Operation) -> None:
        rules = load_rules().values()
        self._bound = frozenset(rule.id for rule in rules if operation.operation_id in rule.operations)

    def first(self, *candidates: str) -> str:
        """The first candidate that binds the operation, else the last one."""
        return next((rule for rule in candidates if rule in self._bound), candidates[-1])
