"""A workspace at one moment: what copies, snapshots and bundles are made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from fixtures import World, dump_world, from_document, read_world
from mock_server.clock import text


@dataclass(frozen=True, slots=True)
class Moment:
    """All the rows of a workspace, what its clock shows, and how many requests it has given an id."""

    world: World
    now: datetime
    frozen: bool
    served: int = 0

    def json(self) -> bytes:
        """As JSON; `of_json` reads back an equal moment, but for what of its time lies below a millisecond."""
        return orjson.dumps(
            {
                "now": text(self.now),
                "frozen": self.frozen,
                "served": self.served,
                "world": orjson.Fragment(dump_world(self.world, "json").rstrip()),
            }
        )

    @classmethod
    def of_json(cls, content: bytes | str) -> "Moment":
        """Read what `json` wrote."""
        plain = orjson.loads(content)
        return cls._of(plain, from_document(plain["world"]))

    @classmethod
    def read(cls, plain: dict[str, Any], place: str) -> "Moment":
        """Build a moment of plain data from elsewhere, which the control document's `Moment` allows.

        Raises WorldError as `fixtures.read_world` does, each line with `place` before it.
        """
        return cls._of(plain, read_world(plain["world"], place))

    @classmethod
    def _of(cls, plain: dict[str, Any], world: World) -> "Moment":
        return cls(world, datetime.fromisoformat(plain["now"]), plain["frozen"], plain["served"])
