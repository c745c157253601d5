"""What every step of a lifecycle needs: who may call, what is there, and how an answer is held against the model."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from contract_tests.comparing import TOUCHED, agree
from contract_tests.lifecycle.judging import Refusal
from contract_tests.making import Making, ahead, quiet_days, told
from contract_tests.model import Model, Person, Row
from contract_tests.outcomes import Broken, NotVerified
from contract_tests.settings import CALLERS
from contract_tests.target import Answer, Caller, Target

T = TypeVar("T")

PICK = st.integers(0, 119)

# Days from now for deadlines, the last of them past.
DAYS = st.sampled_from([4, 1, 2, 3, 5, 6, 7, 9, 0])

# Which rule an invite breaks that is not as the model has it, by the member that differs.
ROOT = {"status": "INV-09", "booking": "INV-10", "recruiterUserId": "INV-02", "kind": "INV-01"}
MOTHER = {**ROOT, "booking": "INV-16"}
SUB = {"status": "INV-09", "booking": "INV-10", "candidates": "SUB-01", "motherInviteId": "SUB-05"}
TIMED = {**SUB, "voteDeadlineAt": "SUB-03"}
MEETING = {
    "outlookEventId": "MTG-14",
    "teamsJoinUrl": "MTG-14",
    "optionalAttendees": "MTG-16",
    "recruiterUserId": "MTG-06",
}


class Base(RuleBasedStateMachine):
    """The model, the callers, and the days that one chain of requests plays on."""

    def __init__(self, target: Target, reached: set[str], chain: int) -> None:
        super().__init__()
        target.transport.steps.clear()
        self.target = target
        self.reached = reached
        self.own = Making(target)
        self.callers = [target.caller(name) for name in CALLERS if name in target.callers and name != "rival"]
        if not self.callers:
            raise NotVerified("no credential of the workspace was given")
        self.model = Model(ahead(0))
        self.days_passed = 0
        self.people = {
            caller.name: Person(self.own.id_of(caller), caller.name.removeprefix("other_")) for caller in self.callers
        }
        self.known = list(dict.fromkeys([*(one.id for one in self.people.values()), *self._users()]))[:6]
        self.day = self._begin(chain)

    def _users(self) -> list[str]:
        users = self.own.users
        mine = {one.id for one in self.people.values()}
        account = mine & {user["id"] for user in users if "labels" in user}
        self.model.users = {user["id"]: user for user in users if user["id"] in account}
        return [user["id"] for user in users]

    def _begin(self, chain: int) -> datetime:
        """A meeting to ask with, and a day on which nobody is busy yet: all else is the model's doing."""
        lacking: Row = {name: [] for name in ("requiredAttendees", "optionalAttendees", "guests", "labelIds")}
        created = self.own.create(self.callers[0], "createMeeting", body={**self.own.meeting_body(), **lacking})
        self.model.meetings[created.data["id"]] = created.must_be(201, "MTG-07").data
        self.reached.add("MTG-07")
        for day in quiet_days(31 * self.target.settings.seed + chain + 1):
            window = {"userIds": self.known, "startAt": told(day), "endAt": told(day + timedelta(days=1))}
            if self.callers[0].call("checkAvailability", created.data["id"], body=window).data["available"]:
                return day
        raise NotVerified("no day was found on which nobody is busy")

    def at(self, half_hours: int) -> str:
        """A time of the day."""
        return told(self.day + timedelta(minutes=30 * half_hours))

    def in_days(self, days: int) -> str:
        """A time some days from now, in the past for 0."""
        return ahead(self.days_passed + days)

    def who(self, number: int) -> tuple[Caller, Person]:
        """A caller, and who they are."""
        caller = pick(self.callers, number)
        return caller, self.people[caller.name]

    @staticmethod
    def pages(caller: Caller, operation_id: str, query: dict[str, Any]) -> tuple[Answer, list[Row]]:
        """A list in full, and the answer that told its last page."""
        rows: list[Row] = []
        while True:
            answer = caller.call(operation_id, query={**query, "page": len(rows) // 100, "pageSize": 100})
            rows += answer.data["items"]
            if len(rows) >= answer.data["total"] or not answer.data["items"]:
                return answer, rows

    def mostly(self, owner: str, number: int) -> tuple[Caller, Person]:
        """The owner of a row, or in one of three cases anybody."""
        if number % 3 == 2:
            return self.who(number // 3)
        caller = next(one for one in self.callers if self.people[one.name].id == owner)
        return caller, self.people[caller.name]

    def judged(self, answer: Answer, refusal: Refusal | None, rule: str) -> bool:
        """Whether a request was done; raises Broken unless that is what the model expects."""
        if refusal is not None:
            self.reached.add(refusal.rule)
            answer.must_be(refusal.status, refusal.rule, refusal.why)
            return False
        self.reached.add(rule)
        if not answer.response.is_success:
            raise answer.broken(rule, "success", f"{answer.status} {answer.body['message']}")
        return True

    def same(
        self, answer: Answer, rule: str, expected: Mapping[str, Row], rows: Sequence[Row], mine: Container[str]
    ) -> None:
        """A list, of which the run's own rows must be as expected; whatever else it has is not the model's."""
        self.reached.add(rule)
        found = {row["id"]: row for row in rows if row["id"] in mine}
        if set(found) != set(expected):
            raise answer.broken(rule, f"{sorted(expected)} of the run's own rows", sorted(found))
        for one, row in expected.items():
            self.shown(answer, row, found[one])

    def shown(self, answer: Answer, expected: Row, actual: Row | None = None, *, rule: str = "") -> None:
        """A row must be as the model has it; otherwise the member that differs tells which rule is broken."""
        if "kind" in expected:
            timed = self.model.invites[expected["id"]]["voteDeadlineAt"] if expected["kind"] == "sub" else None
            kinds = {"direct": ROOT, "mother": MOTHER, "sub": TIMED if timed else SUB}
            default, rules = ("SUB-02" if expected["kind"] == "sub" else "INV-11"), kinds[expected["kind"]]
        elif "hostUserId" in expected:
            default, rules = "MTG-12", MEETING
        else:
            default, rules = ("USR-02" if "labels" in expected else "LBL-01"), {}
        agree(answer, rule or default, expected, actual, rules=None if rule else rules, but=TOUCHED)

    def pass_days(self, days: int) -> None:
        """Let time pass; only a mock can."""
        self.days_passed += days
        self.model.now = told(datetime.fromisoformat(ahead(self.days_passed)) + timedelta(hours=1))
        self.own.clock(self.model.now)

    def teardown(self) -> None:
        """Give back what the chain made."""
        self.own.give_back()


def pick(options: Sequence[T], number: int) -> T:
    """One of some options, the first one for 0."""
    return options[number % len(options)]


def whole_chain(error: Broken, target: Target) -> Broken:
    """The finding with every request of its chain."""
    return Broken(replace(error.finding, steps=tuple(target.transport.steps)))
