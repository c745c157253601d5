"""What the model expects of a request before it is sent: a refusal and its rule, or none.

The checks come in the contract's order (ERR-12); requests whose refusal could be either of two are never made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contract_tests.model import Model, Person, Row, people

LONGEST = timedelta(hours=24)
MOST = 20


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that must come."""

    status: int
    rule: str
    why: str


def create_invite(model: Model, body: Row) -> Refusal | None:
    """INV-05 to INV-07."""
    if body["voteDeadlineAt"] <= model.now:
        return Refusal(400, "INV-06", "the deadline has passed")
    if model.missing(body["requiredAttendees"]):
        return Refusal(404, "INV-07", "a label is gone")
    if model.link_taken(body.get("publicLinkValue")):
        return Refusal(409, "INV-05", "the link is taken")
    return None


def update_invite(model: Model, person: Person, invite_id: str, body: Row) -> Refusal | None:
    """INV-05 to INV-07, INV-12 to INV-15, OWN-03."""
    if not body:
        return Refusal(400, "INV-15", "an empty body")
    if "voteDeadlineAt" in body and body["voteDeadlineAt"] <= model.now:
        return Refusal(400, "INV-06", "the deadline has passed")
    if not model.sees_invite(person, invite_id):
        return Refusal(404, "OWN-03", "not their own")
    if model.missing(body.get("requiredAttendees", [])):
        return Refusal(404, "INV-07", "a label is gone")
    row = model.invite(invite_id)
    if row["kind"] == "sub":
        return Refusal(409, "INV-12", "a sub-invite")
    if row["status"] != "active":
        return Refusal(409, "INV-13", row["status"])
    if row["kind"] == "mother" and model.link_taken(body.get("publicLinkValue"), invite_id):
        return Refusal(409, "INV-05", "the link is taken")
    if (row["kind"] == "mother" and body.get("candidates")) or (row["kind"] == "direct" and "publicLinkValue" in body):
        return Refusal(400, "INV-14", f"a {row['kind']} invite")
    return None


def create_sub(model: Model, person: Person, invite_id: str, body: Row) -> Refusal | None:
    """SUB-04, INV-06, OWN-03."""
    if "voteDeadlineAt" in body and body["voteDeadlineAt"] <= model.now:
        return Refusal(400, "INV-06", "the deadline has passed")
    if not model.sees_invite(person, invite_id):
        return Refusal(404, "OWN-03", "not their own")
    row = model.invite(invite_id)
    if (row["kind"], row["status"]) != ("mother", "active"):
        return Refusal(409, "SUB-04", f"a {row['status']} {row['kind']}")
    return None


def create_meeting(model: Model, person: Person, body: Row) -> Refusal | None:
    """MTG-08 to MTG-11, ROLE-05."""
    wanted = {"hostUserId": person.id, **body}
    if (refusal := _times(wanted) or _together(wanted)) is not None:
        return refusal
    if set(wanted["labelIds"]) & set(model.deleted):
        return Refusal(404, "MTG-11", "a label is gone")
    if not person.sees_all and wanted["hostUserId"] != person.id:
        return Refusal(403, "ROLE-05", "a regular user names another host")
    return None


def update_meeting(model: Model, person: Person, meeting_id: str, body: Row) -> Refusal | None:
    """MTG-08 to MTG-11, MTG-15, INV-15, ROLE-05, OWN-04."""
    if not body:
        return Refusal(400, "INV-15", "an empty body")
    if {"startAt", "endAt"} <= body.keys() and (refusal := _times(body)) is not None:
        return refusal
    if not model.sees_meeting(person, meeting_id):
        return Refusal(404, "OWN-04", "not their own")
    if set(body.get("labelIds", ())) & set(model.deleted):
        return Refusal(404, "MTG-11", "a label is gone")
    row = model.meetings[meeting_id]
    if not person.sees_all and body.get("hostUserId", row["hostUserId"]) != row["hostUserId"]:
        return Refusal(403, "ROLE-05", "a regular user names another host")
    after = {**row, **body}
    return _ended(model, row) or _times(after) or _together(after)


def update_attendees(model: Model, person: Person, meeting_id: str, optional: list[str]) -> Refusal | None:
    """MTG-09, MTG-10, MTG-15, OWN-04."""
    if not model.sees_meeting(person, meeting_id):
        return Refusal(404, "OWN-04", "not their own")
    row = model.meetings[meeting_id]
    return _ended(model, row) or _together({**row, "optionalAttendees": optional})


def create_label(model: Model, person: Person, name: str) -> Refusal | None:
    """LBL-02, ROLE-02."""
    if person.role != "admin":
        return Refusal(403, "ROLE-02", f"a {person.role}")
    if any(label["name"].casefold() == name.casefold() for label in model.labels.values()):
        return Refusal(409, "LBL-02", "the name is taken")
    return None


def delete_label(model: Model, person: Person, label_id: str) -> Refusal | None:
    """LBL-03 to LBL-07, ROLE-02."""
    if person.role != "admin":
        return Refusal(403, "ROLE-02", f"a {person.role}")
    if label_id in model.deleted:
        return Refusal(404, "LBL-07", "it is gone")
    rule = model.users_of_label(label_id)
    return Refusal(409, rule, "it is in use") if rule else None


def replace_labels(model: Model, person: Person, labels: list[str]) -> Refusal | None:
    """USR-03, ROLE-03."""
    if person.role != "admin":
        return Refusal(403, "ROLE-03", f"a {person.role}")
    if set(labels) & set(model.deleted):
        return Refusal(404, "USR-03", "a label is gone")
    return None


def _ended(model: Model, row: Row) -> Refusal | None:
    return Refusal(409, "MTG-15", "it has ended") if row["endAt"] <= model.now else None


def _times(row: Row) -> Refusal | None:
    start, end = datetime.fromisoformat(row["startAt"]), datetime.fromisoformat(row["endAt"])
    if not start < end <= start + LONGEST:
        return Refusal(400, "MTG-08", f"{row['startAt']} to {row['endAt']}")
    return None


def _together(row: Row) -> Refusal | None:
    if set(row["requiredAttendees"]) & set(row["optionalAttendees"]):
        return Refusal(400, "MTG-10", "somebody both required and optional")
    if len(people(row)) + len(row["guests"]) > MOST:
        return Refusal(400, "MTG-09", "more than 20 people")
    return None
