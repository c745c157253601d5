"""Who calls."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A user of a workspace, with the role they have now. `credential` says how they were recognised, no secret."""

    workspace: str
    user_id: str
    role: str
    credential: str

    @property
    def sees_all(self) -> bool:
        """Whether they see the whole workspace, or only what is their own (OWN-05)."""
        return self.role != "user"
