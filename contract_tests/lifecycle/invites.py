"""Steps of invites: create, edit, issue, book, read, list."""

from typing import Any

from hypothesis import strategies as st

from contract_tests.lifecycle import judging
from contract_tests.lifecycle.base import Base, pick
from contract_tests.model import Row, merged
from contract_tests.target import Answer, Caller

MADE = ("id", "createdAt", "updatedAt")
CHANGES = st.sets(
    st.sampled_from(["title", "location", "deadline", "attendees", "candidates", "link"]), min_size=1, max_size=3
)


class InviteSteps(Base):
    """What can be done with invites."""

    def attendees(self, number: int) -> list[Row]:
        """Users, or a label where there is one, perhaps one that is gone."""
        labels = [*self.model.labels, *self.model.deleted[-1:]]
        if labels and number % 2:
            return [{"type": "labels", "labelIds": [pick(labels, number)]}]
        some = sorted({pick(self.known, number), pick(self.known, number + 1)})
        return [{"type": "users", "userIds": some[: 1 + number // 2 % 2]}]

    def some_invite(self, number: int) -> str:
        """One of the run's invites."""
        return pick(list(self.model.invites), number)

    def create_invite(self, who: int, mother: bool, number: int, day: int) -> None:
        """INV-01 to INV-03, INV-05 to INV-07."""
        caller, person = self.who(who)
        body = (self.own.mother_body if mother else self.own.direct_body)(
            requiredAttendees=self.attendees(number), voteDeadlineAt=self.in_days(day)
        )
        if mother and number % 3:
            body["publicLinkValue"] = self.own.link(f"life{number % 3}")
        answer = self.own.create(caller, "createInvite", body=body)
        if self.judged(answer, judging.create_invite(self.model, body), "INV-03"):
            row = {
                "kind": "mother" if mother else "direct",
                "allowMultipleBookings": mother,
                "recruiterUserId": person.id,
                "motherInviteId": None,
                "publicLinkValue": None,
                **body,
                "meeting": {"description": None, "location": None, **body["meeting"]},
            }
            self.keep(answer, row)
            self.shown(answer, self.model.invite(answer.data["id"]))

    def keep(self, answer: Answer, row: Row) -> None:
        """Remember an invite with what only the server knows of it."""
        self.model.invites[answer.data["id"]] = {**{name: answer.data[name] for name in MADE}, **row}

    def update_invite(self, who: int, invite: int, number: int, day: int, changes: set[str]) -> None:
        """INV-05 to INV-07, INV-11 to INV-15, SUB-02, SUB-03."""
        issuing = [one["motherInviteId"] for one in self.model.invites.values() if one["motherInviteId"]]
        chosen = pick(issuing, invite) if issuing and number % 2 else self.some_invite(invite)
        caller, person = self.mostly(self.model.invite(chosen)["recruiterUserId"], who)
        body = {} if number % 20 == 19 else self._change(self.model.invite(chosen), number, day, changes)
        refusal = judging.update_invite(self.model, person, chosen, body)
        answer = caller.call("updateInvite", chosen, body=body)
        if self.judged(answer, refusal, "INV-11"):
            self.model.invites[chosen] = merged(self.model.invites[chosen], body)
            self.shown(answer, self.model.invite(chosen))
            for sub in self.model.subs_of(chosen):
                self.reached.add("SUB-02")
                self.read(caller, sub, "")
        self.read(self.seeing(chosen), chosen, "ERR-11" if refusal else "")

    def _change(self, row: Row, number: int, day: int, changes: set[str]) -> Row:
        inside: dict[str, Any] = {}
        if "title" in changes:
            inside["title"] = self.target.mark(f"Life {number % 4}")
        if "location" in changes:
            inside["location"] = pick([None, "Room 5"], number)
        body: dict[str, Any] = {"meeting": inside} if inside else {}
        if "deadline" in changes:
            body["voteDeadlineAt"] = self.in_days(day)
        if "attendees" in changes:
            body["requiredAttendees"] = self.attendees(number)
        if "candidates" in changes and (row["kind"] == "direct" or number % 4 == 0):
            body["candidates"] = [{"name": f"Life {number % 4}", "email": "life@candidates.example"}]
        if "link" in changes and row["kind"] == "mother":
            body["publicLinkValue"] = pick([None, self.own.link("life1"), self.own.link("life2")], number)
        elif "link" in changes and number % 4 == 0:
            body["publicLinkValue"] = self.own.link("life9")
        if row["kind"] == "mother" and {"candidates", "publicLinkValue"} <= body.keys():
            del body["publicLinkValue"]
        return body

    def issue(self, who: int, invite: int, number: int, day: int) -> None:
        """SUB-01, SUB-04, INV-06."""
        mothers = [one for one, row in self.model.invites.items() if row["kind"] == "mother"]
        chosen = pick(mothers, invite) if mothers and number % 4 else self.some_invite(invite)
        caller, person = self.mostly(self.model.invite(chosen)["recruiterUserId"], who)
        own = {"voteDeadlineAt": self.in_days(day)} if number % 3 == 0 else {}
        candidate = {"name": self.target.mark("Joan"), "email": "joan@candidates.example"}
        body: Row = {"candidate": candidate, **own}
        refusal = judging.create_sub(self.model, person, chosen, body)
        answer = self.own.create(caller, "createSubInvite", chosen, body=body)
        if self.judged(answer, refusal, "SUB-01"):
            fixed = {"kind": "sub", "allowMultipleBookings": False, "publicLinkValue": None, "motherInviteId": chosen}
            self.keep(answer, {**fixed, "candidates": [candidate], "voteDeadlineAt": own.get("voteDeadlineAt")})
            self.shown(answer, self.model.invite(answer.data["id"]), rule="SUB-03" if own else "SUB-01")
            return
        self.read(self.seeing(chosen), chosen, "ERR-11")

    def book(self, invite: int, slot: int) -> None:
        """INV-09, INV-10: an active direct or sub-invite becomes a meeting."""
        rows = [row for row in map(self.model.invite, self.model.invites) if row["kind"] != "mother"]
        active = [row for row in rows if row["status"] == "active"]
        if active:
            row = pick(active, invite)
            meeting = self.own.book(row, self.at(slot))
            self.model.meetings[meeting["id"]] = meeting
            self.reached |= {"INV-09", "INV-10"}
            self.read(self.seeing(row["id"]), row["id"], "")
            if row["motherInviteId"]:
                self.read(self.seeing(row["id"]), row["motherInviteId"], "")

    def get_invite(self, who: int, invite: int) -> None:
        """INV-03, OWN-03."""
        caller, person = self.who(who)
        chosen = self.some_invite(invite)
        if self.model.sees_invite(person, chosen):
            self.read(caller, chosen, "")
        else:
            caller.call("getInvite", chosen).must_be(404, "OWN-03", "not their own")

    def read(self, caller: Caller, invite: str, rule: str) -> None:
        """An invite must be as the model has it."""
        self.reached |= {rule} - {""}
        answer = caller.call("getInvite", invite).must_be(200, rule or "INV-03")
        self.shown(answer, self.model.invite(invite), rule=rule)

    def seeing(self, invite: str) -> Caller:
        """Somebody who sees an invite: its recruiter."""
        recruiter = self.model.invite(invite)["recruiterUserId"]
        return next(caller for caller in self.callers if self.people[caller.name].id == recruiter)

    def list_invites(self, who: int, number: int, subs: bool) -> None:
        """INV-08, OWN-01, FILT-01, FILT-03."""
        caller, person = self.who(who)
        users = [pick(self.known, number)] if number % 3 == 1 else []
        labels = [pick(list(self.model.labels), number)] if number % 3 == 2 and self.model.labels else []
        query: dict[str, Any] = {"includeSubInvites": "true"} if subs else {}
        query |= {"attendeeUserIds": users} if users else {}
        query |= {"labelIds": labels} if labels else {}
        expected = self.model.invites_of(person, subs=subs, users=users, labels=labels)
        answer, rows = self.pages(caller, "listInvites", query)
        rule = "FILT-01" if users or labels else "OWN-01" if person.role == "user" else "INV-08"
        lost = [row for one, row in expected.items() if one not in {found["id"] for found in rows}]
        rule = "INV-03" if lost and not (users or labels) and lost[0]["kind"] != "sub" else rule
        self.same(answer, rule, expected, rows, self.model.invites)

    def list_subs(self, who: int, invite: int) -> None:
        """SUB-05, SUB-06, OWN-03."""
        caller, person = self.who(who)
        chosen = self.some_invite(invite)
        answer = caller.call("listSubInvites", chosen, query={"pageSize": 100})
        if not self.model.sees_invite(person, chosen):
            answer.must_be(404, "OWN-03", "not their own")
            return
        rule = "SUB-05" if self.model.invites[chosen]["kind"] == "mother" else "SUB-06"
        rows = answer.data["items"]
        self.same(answer, rule, self.model.subs_of(chosen), rows, {row["id"]: row for row in rows})
