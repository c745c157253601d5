"""Steps of meetings: create, edit, move, change host and attendees, ask who is free, list."""

from typing import Any

from hypothesis import strategies as st

from contract_tests.lifecycle import judging
from contract_tests.lifecycle.base import Base, pick
from contract_tests.model import Row
from contract_tests.target import Answer, Caller

MADE = ("id", "outlookEventId", "teamsJoinUrl", "createdAt", "updatedAt")
EVENT = ("outlookEventId", "teamsJoinUrl")
SLOT = st.integers(0, 30)
LENGTH = st.sampled_from([1, 2, 3, 4, 5, 6, 0, -1])
CHANGES = st.sets(
    st.sampled_from(["title", "times", "start", "host", "required", "guests", "labels"]), min_size=1, max_size=3
)


class MeetingSteps(Base):
    """What can be done with meetings."""

    def users(self, number: int, most: int = 2) -> list[str]:
        """None or some of the users."""
        first = number % len(self.known)
        return (self.known[first:] + self.known[:first])[: number % (most + 1)]

    def labels_for(self, number: int) -> list[str]:
        """No label, or one, perhaps one that is gone."""
        labels = [*self.model.labels, *self.model.deleted[-1:]]
        return [pick(labels, number)] if labels and number % 2 else []

    def create_meeting(self, who: int, slot: int, length: int, number: int, host: int) -> None:
        """MTG-06 to MTG-11, ROLE-05."""
        caller, person = self.who(who)
        named = {"hostUserId": pick(self.known, host)} if host % 3 == 0 else {}
        body = self.own.meeting_body(
            title=f"Life {number % 4}",
            startAt=self.at(slot),
            endAt=self.at(slot + length),
            requiredAttendees=self.users(number),
            optionalAttendees=self.users(number // 3),
            guests=people(number % 3 if number % 10 else 19),
            labelIds=self.labels_for(number),
            location=pick(["Room 4", None], number),
            description=pick(["A talk", None], number),
            **named,
        )
        answer = self.own.create(caller, "createMeeting", body=body)
        if self.judged(answer, judging.create_meeting(self.model, person, body), "MTG-07"):
            made = {name: answer.data[name] for name in MADE}
            row = {"hostUserId": person.id, "inviteId": None, **made, **body, "recruiterUserId": person.id}
            self.model.meetings[row["id"]] = row
            self.shown(answer, row)
            self.listed(self.recruiting(row), row, "")

    def update_meeting(self, who: int, meeting: int, number: int, slot: int, length: int, changes: set[str]) -> None:
        """MTG-08 to MTG-14, ROLE-05, OWN-04, INV-15."""
        before = pick(list(self.model.meetings.values()), meeting)
        caller, person = self.mostly(before["recruiterUserId"], who)
        options: dict[str, Row] = {
            "title": {"title": self.target.mark(f"Life {number % 4}")},
            "times": {"startAt": self.at(slot), "endAt": self.at(slot + length)},
            "start": {"startAt": self.at(slot)},
            "host": {"hostUserId": pick(self.known, number)},
            "required": {"requiredAttendees": self.users(number)},
            "guests": {"guests": people(number % 3)},
            "labels": {"labelIds": self.labels_for(number)},
        }
        body: dict[str, Any] = {}
        for change in () if number % 20 == 19 else sorted(changes):
            body |= options[change]
        # Whether a regular user may take a meeting over that another hosts, no rule says.
        if person.role == "user" and body.get("hostUserId") == person.id != before["hostUserId"]:
            del body["hostUserId"]
        refusal = judging.update_meeting(self.model, person, before["id"], body)
        answer = caller.call("updateMeeting", before["id"], body=body)
        if self.judged(answer, refusal, "MTG-12"):
            self._changed(answer, before, body)
        self.listed(self.recruiting(before), self.model.meetings[before["id"]], "ERR-11" if refusal else "")

    def _changed(self, answer: Answer, before: Row, body: Row) -> None:
        after = {**before, **body}
        if after["hostUserId"] != before["hostUserId"]:
            self.reached.add("MTG-13")
            for name in EVENT:
                if answer.data[name] == before[name]:
                    raise answer.broken("MTG-13", f"a new {name} with a new host", answer.data[name])
            after |= {name: answer.data[name] for name in EVENT}
        self.model.meetings[before["id"]] = after
        self.shown(answer, after)
        after["updatedAt"] = answer.data["updatedAt"]

    def update_attendees(self, who: int, meeting: int, number: int) -> None:
        """MTG-09, MTG-10, MTG-16, OWN-04."""
        before = pick(list(self.model.meetings.values()), meeting)
        caller, person = self.mostly(before["recruiterUserId"], who)
        optional = self.users(number, 3)
        refusal = judging.update_attendees(self.model, person, before["id"], optional)
        answer = caller.call("updateMeetingAttendees", before["id"], body={"optionalAttendees": optional})
        if self.judged(answer, refusal, "MTG-16"):
            after = {**before, "optionalAttendees": optional}
            self.shown(answer, after, rule="MTG-16")
            self.model.meetings[before["id"]] = {**after, "updatedAt": answer.data["updatedAt"]}
        self.listed(self.recruiting(before), self.model.meetings[before["id"]], "ERR-11" if refusal else "")

    def check_availability(self, who: int, meeting: int, number: int, slot: int, length: int) -> None:
        """AVL-01 to AVL-03, AVL-05, OWN-04."""
        caller, person = self.who(who)
        chosen = pick(list(self.model.meetings), meeting)
        asked = self.users(number, len(self.known)) or self.known
        start, end = self.at(slot), self.at(slot + length)
        there = [row for row in self.model.meetings.values() if row["startAt"] >= self.at(0)]
        if number % 3 and there:
            other = pick(there, number)
            start, end = other["startAt"], other["endAt"]
        body = {"userIds": asked, "startAt": start, "endAt": end}
        answer = caller.call("checkAvailability", chosen, body=body)
        if not self.model.sees_meeting(person, chosen):
            answer.must_be(404, "OWN-04", "not their own")
            return
        self.reached.add("AVL-01")
        if [user["userId"] for user in answer.data["users"]] != asked:
            raise answer.broken("AVL-03", f"{asked} in this order", answer.data)
        for user in answer.data["users"]:
            expected = self.model.conflicts(user["userId"], start, end, chosen)
            found = {(conflict["startAt"], conflict["endAt"]) for conflict in user["conflicts"]}
            if found != expected or user["available"] is bool(expected):
                itself = self.model.meetings[chosen]
                extra = found - expected
                rule = "AVL-02" if extra == {(itself["startAt"], itself["endAt"])} else "AVL-01"
                rule = "AVL-05" if extra and all(s == end or e == start for s, e in extra) else rule
                raise answer.broken(rule, f"{user['userId']} busy at {sorted(expected)} of {start} to {end}", user)
        if answer.data["available"] is not all(user["available"] for user in answer.data["users"]):
            raise answer.broken("AVL-03", "available only if everybody is", answer.data)

    def list_meetings(self, who: int, slot: int, length: int, number: int) -> None:
        """MTG-02, MTG-04, OWN-02, FILT-01."""
        caller, person = self.who(who)
        users = [pick(self.known, number)] if number % 3 == 0 else []
        window = {"from": self.at(slot), "to": self.at(slot + length)}
        query = {**window, **({"attendeeUserIds": users} if users else {})}
        expected = self.model.meetings_of(person, window["from"], window["to"], users)
        answer = caller.call("listMeetings", query={**query, "pageSize": 100})
        rule = "FILT-01" if users else "OWN-02" if person.role == "user" else "MTG-02"
        self.same(answer, rule, expected, answer.data["items"], self.model.meetings)
        if sum(entry["total"] for entry in answer.data["stats"]) != answer.data["total"]:
            raise answer.broken("MTG-04", f"totals that add up to {answer.data['total']}", answer.data["stats"])

    def listed(self, caller: Caller, row: Row, rule: str) -> None:
        """A meeting must be listed as the model has it."""
        self.reached |= {rule} - {""}
        query = {"from": row["startAt"], "to": row["endAt"], "pageSize": 100}
        answer = caller.call("listMeetings", query=query)
        found = next((one for one in answer.data["items"] if one["id"] == row["id"]), None)
        if found is None:
            raise answer.broken(rule or "MTG-07", f"{row['id']} to be listed", answer.data["items"])
        self.shown(answer, row, found, rule=rule)

    def recruiting(self, row: Row) -> Caller:
        """Somebody who sees a meeting: its recruiter."""
        return next(one for one in self.callers if self.people[one.name].id == row["recruiterUserId"])


def people(count: int) -> list[Row]:
    """Guests, all different."""
    return [{"name": f"Guest {number}", "email": f"guest{number}@guests.example"} for number in range(count)]
