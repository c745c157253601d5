"""Steps of labels and of users' labels: create, delete, replace, list; and time that passes."""

from contract_tests.lifecycle import judging
from contract_tests.lifecycle.base import Base, pick
from contract_tests.model import Row

MADE = ("id", "createdAt")


class LabelSteps(Base):
    """What can be done with labels. What only admins may is tried as everybody."""

    def create_label(self, who: int, number: int) -> None:
        """LBL-01, LBL-02, ROLE-02."""
        caller, person = self.who(who if number % 4 == 0 else 0)
        name = self.target.mark(f"Life {number % 4}")
        name = name.upper() if number % 3 == 0 else name
        refusal = judging.create_label(self.model, person, name)
        body = {"name": name, "color": "#0F766E", "description": pick([None, "Of a life"], number)}
        answer = self.own.create(caller, "createLabel", body=body)
        if self.judged(answer, refusal, "LBL-01"):
            self.model.labels[answer.data["id"]] = {**{name: answer.data[name] for name in MADE}, **body}
            self.shown(answer, self.model.labels[answer.data["id"]])

    def delete_label(self, who: int, label: int, number: int) -> None:
        """LBL-03 to LBL-07, ROLE-02."""
        caller, person = self.who(who if number % 4 == 0 else 0)
        chosen = pick([*self.model.labels, *self.model.deleted], label)
        refusal = judging.delete_label(self.model, person, chosen)
        if self.judged(caller.call("deleteLabel", chosen), refusal, "LBL-06"):
            del self.model.labels[chosen]
            self.model.deleted.append(chosen)
        self.list_labels(0)

    def replace_labels(self, who: int, user: int, number: int) -> None:
        """USR-02, USR-03, ROLE-03."""
        caller, person = self.who(who if number % 4 == 0 else 0)
        chosen = pick(list(self.model.users.values()), user)
        theirs = [one for one in chosen["labels"] if one["id"] not in self.model.labels]
        known = [*self.model.labels, *(self.model.deleted[-1:] if number % 5 == 0 else ())]
        labels = [one for place, one in enumerate(known) if number >> place & 1]
        refusal = judging.replace_labels(self.model, person, labels)
        answer = self.own.relabel(chosen, [*(one["id"] for one in theirs), *labels], caller)
        if self.judged(answer, refusal, "USR-02"):
            after: Row = {**chosen, "labels": [*theirs, *(self.model.labels[one] for one in labels)]}
            self.model.users[chosen["id"]] = after
            self.shown(answer, after)
        self.list_users()

    def list_labels(self, who: int) -> None:
        """LBL-01, LBL-06, ROLE-01."""
        caller, person = self.who(who)
        if person.role == "user":
            caller.call("listLabels").must_be(403, "ROLE-01", "a regular user")
            return
        answer, rows = self.pages(caller, "listLabels", {})
        self.same(answer, "LBL-06", self.model.labels, rows, {*self.model.labels, *self.model.deleted})

    def list_users(self) -> None:
        """USR-01, USR-02."""
        caller, _ = self.who(0)
        answer, rows = self.pages(caller, "listUsers", {})
        self.same(answer, "USR-01", self.model.users, rows, self.model.users)

    def time_passes(self, days: int) -> None:
        """INV-09: deadlines pass."""
        self.pass_days(days)
