"""Rows for tests: marked with the run, ahead in time, and given back at the end as far as the API allows."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from contract_tests import lending
from contract_tests.outcomes import TROUBLE, NotVerified, SetUpFailed
from contract_tests.settings import Settings
from contract_tests.target import Answer, Caller, Target
from openapi import Operation

# Who writes, the first that has a credential: what a regular user may, everybody may.
_WRITERS = ("user", "other_user", "manager", "admin")

Row = dict[str, Any]

# The callers' user ids. Asking for one leaves a meeting behind, so a run asks once.
_KNOWN: WeakKeyDictionary[Target, dict[str, str]] = WeakKeyDictionary()


class Making:
    """Makes rows as one caller, and knows what was made."""

    def __init__(self, target: Target) -> None:
        target.need_writes()
        self.target = target
        self.writer = next((target.caller(name) for name in _WRITERS if name in target.callers), None)
        self._made: list[tuple[str, str, Caller]] = []
        self._used = False

    @property
    def caller(self) -> Caller:
        """Who writes unless said otherwise. Raises NotVerified."""
        if self.writer is None:
            raise NotVerified("no credential of the workspace was given")
        return self.writer

    @cached_property
    def admin(self) -> Caller:
        """The admin. Raises NotVerified."""
        return self.target.caller("admin")

    @cached_property
    def users(self) -> list[Row]:
        """The active users, as the admin lists them; without an admin, the callers alone, by their ids."""
        if "admin" in self.target.callers:
            return [user for user in self.admin.whole("listUsers") if user["status"] == "active"]
        own = [name for name in _WRITERS if name in self.target.callers]
        return [{"id": self.id_of(self.target.caller(name))} for name in own]

    def others(self, count: int) -> list[str]:
        """Users other than the writer. Raises NotVerified where there are too few."""
        me = self.id_of(self.caller)
        found = [user["id"] for user in self.users if user["id"] != me]
        if len(found) < count:
            raise NotVerified(f"fewer than {count} users beside the caller are known")
        return found[:count]

    def id_of(self, caller: Caller) -> str:
        """A caller's user id: the recruiter of what they create."""
        known = _KNOWN.setdefault(self.target, {})
        if caller.name not in known:
            known[caller.name] = self.meeting(caller, title="Who am I").data["recruiterUserId"]
        return known[caller.name]

    @property
    def unknown(self) -> str:
        """An id that no row has."""
        return f"none-{slug(self.target.settings)}"

    def link(self, word: str) -> str:
        """A public link of the run's own."""
        return f"{slug(self.target.settings)}/{word}"

    def create(self, caller: Caller, operation_id: str, *path: str, body: Row) -> Answer:
        """Create a row, whatever the answer is; it is remembered if it came to be."""
        self._used = True
        answer = caller.call(operation_id, *path, body=body)
        if answer.response.is_success:
            self._made.append((operation_id, answer.data["id"], caller))
        return answer

    def direct_body(self, **changes: Any) -> Row:
        """A body that creates a direct invite."""
        return {
            "requiredAttendees": [{"type": "users", "userIds": [self.users[0]["id"]]}],
            "candidates": [{"name": self.target.mark("Grace"), "email": "grace@candidates.example"}],
            "voteDeadlineAt": ahead(5),
            "meeting": {"title": self.target.mark("Interview"), "meetingDurationMinutes": 45, "location": "Room 4"},
            **changes,
        }

    def mother_body(self, **changes: Any) -> Row:
        """A body that creates a mother."""
        meeting = {"title": self.target.mark("Demo"), "meetingDurationMinutes": 30}
        return {**self.direct_body(allowMultipleBookings=True, candidates=[], meeting=meeting), **changes}

    def meeting_body(self, **changes: Any) -> Row:
        """A body that creates a meeting; a title is marked."""
        title = self.target.mark(changes.pop("title", "Kick-off"))
        return {"startAt": ahead(6, 9), "endAt": ahead(6, 10), **changes, "title": title}

    def direct(self, **changes: Any) -> Answer:
        """A new direct invite."""
        return self.create(self.caller, "createInvite", body=self.direct_body(**changes)).must_be(201, "ENV-06")

    def mother(self, **changes: Any) -> Answer:
        """A new mother."""
        return self.create(self.caller, "createInvite", body=self.mother_body(**changes)).must_be(201, "ENV-06")

    def sub(self, mother: str, word: str = "Joan", **changes: Any) -> Answer:
        """A new sub-invite."""
        candidate = {"name": self.target.mark(word), "email": f"{word.lower()}@candidates.example"}
        body = {"candidate": candidate, **changes}
        return self.create(self.caller, "createSubInvite", mother, body=body).must_be(201, "ENV-06")

    def meeting(self, caller: Caller | None = None, /, **changes: Any) -> Answer:
        """A new meeting."""
        body = self.meeting_body(**changes)
        return self.create(caller or self.caller, "createMeeting", body=body).must_be(201, "ENV-06")

    def label(self, word: str, **changes: Any) -> Answer:
        """A new label, of the admin. Raises NotVerified where the run has one of that name, and did not hear of it."""
        body = {"name": self.target.mark(word), "color": "#0F766E", **changes}
        answer = self.create(self.admin, "createLabel", body=body)
        if answer.status == 409 and any(label["name"] == body["name"] for label in self.admin.whole("listLabels")):
            raise NotVerified(f"the label {word} is there already: the answer that would have told of it was lost")
        return answer.must_be(201, "ENV-06")

    def account(self) -> Row:
        """A user, as they are now, whose labels the run may change.

        On a mock this is the writer, on a workspace the first of those that the settings name. Raises NotVerified.
        """
        users = self.admin.whole("listUsers")
        if self.target.settings.is_mock:
            mine = self.id_of(self.caller)
            return next(user for user in users if user["id"] == mine)
        if self.target.transport.shared:
            raise NotVerified("several processes would take each other's labels off a user: --workers 1 would not")
        return lending.borrowed(self.target, users)

    def kept(self, user: Row) -> list[Row]:
        """The labels that a user has to keep, whatever the run gives them: on a workspace all but its own."""
        own = self.target.transport.writes.is_own
        return [] if self.target.settings.is_mock else [one for one in user["labels"] if not own(one["id"])]

    def relabel(self, user: Row, labels: list[str], caller: Caller | None = None) -> Answer:
        """Replace a user's labels, as the admin unless said otherwise; they come back at the end."""
        self._used = True
        return (caller or self.admin).call("replaceUserLabels", user["id"], body={"labelIds": labels})

    def book(self, invite: Row, start: str) -> Row:
        """Book an invite as its candidate; only a mock can."""
        self._used = True
        people = self.target.control("GET", "/personas")["items"]
        at = next(one["workspace"] for one in people if one["userId"] == invite["recruiterUserId"])
        path = f"/worlds/{at}/invites/{invite['id']}/booking"
        booked: Row = self.target.control("POST", path, {"startAt": start})
        return booked

    def clock(self, now: str) -> None:
        """Move time; only a mock can. Tokens last 30 days."""
        self._used = True
        self.target.control("PUT", "/clock", {"now": now, "frozen": True})

    def give_back(self) -> None:
        """Undo what can be undone: everything on a mock, elsewhere labels and public links."""
        if self.target.settings.is_mock:
            if self._used:
                self.target.reset()
            return
        lending.give_back(self.target)
        if any(operation == "createLabel" for operation, _, _ in self._made):
            self._name_no_labels()
        for operation, row_id, caller in self._made:
            with suppress(*TROUBLE):
                if operation == "createLabel":
                    self.admin.call("deleteLabel", row_id)
                elif operation == "createInvite" and caller.call("getInvite", row_id).data["publicLinkValue"]:
                    caller.call("updateInvite", row_id, body={"publicLinkValue": None})

    def _name_no_labels(self) -> None:
        for operation, row_id, caller in self._made:
            with suppress(*TROUBLE):
                if operation == "createMeeting":
                    caller.call("updateMeeting", row_id, body={"labelIds": []})
                elif operation == "createInvite":
                    users = [{"type": "users", "userIds": [self.users[0]["id"]]}]
                    caller.call("updateInvite", row_id, body={"requiredAttendees": users})


def most_able(target: Target, operation: Operation) -> Caller:
    """Who sees most of those who may call an operation. Raises NotVerified."""
    able = [name for name in ("admin", "manager", "user") if name in target.callers and name in operation.roles]
    if not able:
        raise NotVerified(f"no credential of {' or '.join(operation.roles)} was given")
    return target.caller(able[0])


@contextmanager
def making(target: Target) -> Iterator[Making]:
    """Rows for one test. Raises NotVerified where the run may not write."""
    made = Making(target)
    try:
        yield made
    finally:
        with suppress(SetUpFailed):
            made.give_back()


def ahead(days: int, hours: int = 0, minutes: int = 0) -> str:
    """A time some days after today, the same one for a day; in fewer than 30 days a mock's tokens are still valid."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return told(today + timedelta(days=days, hours=hours, minutes=minutes))


def quiet_days(seed: int) -> list[datetime]:
    """Days to look for one on which nobody is busy, the same ones for the same seed: soon, then where nobody plans."""
    random = Random(seed)
    soon = [datetime.fromisoformat(ahead(day)) for day in random.sample(range(60, 170), 10)]
    return soon + [datetime(2090, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in random.sample(range(3285), 30)]


def told(moment: datetime) -> str:
    """A moment as answers tell it."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def slug(settings: Settings) -> str:
    """The run's id in lower-case letters and digits."""
    return "".join(letter for letter in settings.run_id.lower() if letter.isalnum() and letter.isascii()) or "run"
