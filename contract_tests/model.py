"""A small model of the contract: what a workspace must say of the rows that a run made, whatever else is there.

It knows no server. Rows are the objects of the contract; what only a server can make up (ids, times of creation,
event ids) is taken from its first answer, and everything else is worked out here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A caller: who they are, and as what."""

    id: str
    role: str

    @property
    def sees_all(self) -> bool:
        """Whether the whole workspace is theirs to see (OWN-05)."""
        return self.role != "user"


@dataclass
class Model:
    """What the run made. Of a sub-invite only what is its own is kept; `voteDeadlineAt` is None if it has none."""

    now: str
    invites: dict[str, Row] = field(default_factory=dict)
    meetings: dict[str, Row] = field(default_factory=dict)
    labels: dict[str, Row] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    users: dict[str, Row] = field(default_factory=dict)

    def invite(self, invite_id: str) -> Row:
        """An invite as it must be shown now."""
        row = self.invites[invite_id]
        if row["kind"] == "sub":
            mother = self.invites[row["motherInviteId"]]
            row = {
                **row,
                **{name: mother[name] for name in ("recruiterUserId", "requiredAttendees", "meeting")},
                "voteDeadlineAt": row["voteDeadlineAt"] or mother["voteDeadlineAt"],
            }
        booking = next((one for one in self.meetings.values() if one["inviteId"] == invite_id), None)
        expired = row["voteDeadlineAt"] <= self.now
        return {**row, "booking": booking, "status": "booked" if booking else "expired" if expired else "active"}

    def sees_invite(self, person: Person, invite_id: str) -> bool:
        """OWN-01, OWN-03, OWN-05."""
        return person.sees_all or self.invite(invite_id)["recruiterUserId"] == person.id

    def sees_meeting(self, person: Person, meeting_id: str) -> bool:
        """OWN-02, OWN-04, OWN-05."""
        row = self.meetings[meeting_id]
        return person.sees_all or person.id in (row["recruiterUserId"], row["hostUserId"])

    def invites_of(self, person: Person, *, subs: bool, users: list[str], labels: list[str]) -> dict[str, Row]:
        """The invites that a list must have (INV-08, FILT-01, FILT-03)."""
        rows = (self.invite(one) for one in self.invites if self.sees_invite(person, one))
        return {
            row["id"]: row
            for row in rows
            if (subs or row["kind"] != "sub")
            and (not users or set(users) & set(_named(row, "userIds")))
            and (not labels or set(labels) & set(_named(row, "labelIds")))
        }

    def subs_of(self, invite_id: str) -> dict[str, Row]:
        """The sub-invites of an invite (SUB-05, SUB-06)."""
        return {one: self.invite(one) for one, row in self.invites.items() if row["motherInviteId"] == invite_id}

    def meetings_of(self, person: Person, start: str, end: str, users: list[str]) -> dict[str, Row]:
        """The meetings that a list must have (MTG-02, FILT-01)."""
        return {
            one: row
            for one, row in self.meetings.items()
            if self.sees_meeting(person, one)
            and start <= row["startAt"] < end
            and (not users or set(users) & set(row["requiredAttendees"] + row["optionalAttendees"]))
        }

    def conflicts(self, user: str, start: str, end: str, but: str) -> set[tuple[str, str]]:
        """When a user is busy within a window, apart from one meeting (AVL-01, AVL-02, AVL-05)."""
        return {
            (row["startAt"], row["endAt"])
            for one, row in self.meetings.items()
            if one != but and row["startAt"] < end and start < row["endAt"] and user in people(row)
        }

    def users_of_label(self, label: str) -> str | None:
        """The rule that keeps a label, None if nothing uses it (LBL-03 to LBL-05)."""
        if any(label in [one["id"] for one in user["labels"]] for user in self.users.values()):
            return "LBL-03"
        if any(label in _named(row, "labelIds") for row in self.invites.values()):
            return "LBL-04"
        if any(label in row["labelIds"] for row in self.meetings.values()):
            return "LBL-05"
        return None

    def link_taken(self, link: str | None, but: str | None = None) -> bool:
        """Whether another invite has a public link (INV-05)."""
        return link is not None and any(
            row["publicLinkValue"] == link for one, row in self.invites.items() if one != but
        )

    def missing(self, attendees: list[Row]) -> list[str]:
        """The labels that attendees name and that are gone (INV-07)."""
        return [one for one in _named({"requiredAttendees": attendees}, "labelIds") if one in self.deleted]


def people(meeting: Row) -> set[str]:
    """The users who are busy with a meeting."""
    return {meeting["hostUserId"], *meeting["requiredAttendees"], *meeting["optionalAttendees"]}


def merged(row: Row, change: Row) -> Row:
    """A row after a PATCH, also inside `meeting` (INV-11, MTG-12)."""
    inside = {"meeting": {**row["meeting"], **change["meeting"]}} if "meeting" in change else {}
    return {**row, **change, **inside}


def _named(row: Row, member: str) -> Iterator[str]:
    for one in row.get("requiredAttendees", ()):
        yield from one.get(member, ())
