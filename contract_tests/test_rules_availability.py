"""The rules of availability, on meetings that the run makes on a day when nobody else is busy."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from contract_tests.comparing import named
from contract_tests.making import Making, Row, making, quiet_days, told
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Answer, Target


class Day:
    """A free day of the writer and of others: a meeting of theirs from 12 to 13, and one on another day to ask with."""

    def __init__(self, own: Making) -> None:
        self._own = own
        self.me = own.id_of(own.caller)
        self.required, self.optional, self.free = own.others(3)
        self.asking = own.meeting().data
        for self._start in quiet_days(own.target.settings.seed):
            if self.check(self.asking, 0, 23).data["available"]:
                break
        else:
            raise NotVerified("no day was found on which nobody is busy")
        people: Row = {"requiredAttendees": [self.required], "optionalAttendees": [self.optional]}
        self.meeting = own.meeting(title="Secret", startAt=self.at(12), endAt=self.at(13), **people).data

    def at(self, hour: float) -> str:
        """A time of the day."""
        moment: datetime = self._start + timedelta(hours=hour)
        return told(moment)

    def check(self, meeting: Row, start: float, end: float, *users: str) -> Answer:
        """Who is free, for a meeting."""
        asked = list(users or (self.required, self.free, self.me, self.optional))
        body = {"userIds": asked, "startAt": self.at(start), "endAt": self.at(end)}
        return self._own.caller.call("checkAvailability", meeting["id"], body=body)

    def busy(self, answer: Answer) -> list[str]:
        """Who is not free."""
        return sorted(user["userId"] for user in answer.data["users"] if not user["available"])


@pytest.fixture
def own(target: Target) -> Iterator[Making]:
    """The run's own rows."""
    with making(target) as made:
        yield made


@pytest.fixture
def day(own: Making) -> Day:
    """The day."""
    return Day(own)


@verifies("AVL-01", "AVL-05")
def test_who_meets_is_busy(day: Day) -> None:
    touching, overlapping = ((11, 12), (13, 14)), ((11, 12.01), (12.99, 14), (12.4, 12.5), (11, 14), (12, 13))
    for start, end in (*touching, *overlapping):
        answer = day.check(day.asking, start, end)
        apart = (start, end) in touching
        expected = [] if apart else sorted([day.me, day.required, day.optional])
        if day.busy(answer) != expected:
            window = f"from {start:g} to {end:g} by a meeting from 12 to 13"
            raise answer.broken("AVL-05" if apart else "AVL-01", f"{expected} busy {window}", answer.data)


@verifies("AVL-02")
def test_the_meeting_itself_is_no_conflict(day: Day) -> None:
    answer = day.check(day.meeting, 12, 13)
    if day.busy(answer):
        raise answer.broken("AVL-02", "nobody busy by the meeting itself", answer.data)


@verifies("AVL-03")
def test_everybody_is_answered_in_the_order_asked(day: Day) -> None:
    people = [day.free, day.optional, day.me, day.required]
    for users in (people, people[::-1], [day.free], [day.optional]):
        answer = day.check(day.asking, 12, 13, *users)
        told_of = [user["userId"] for user in answer.data["users"]]
        if told_of != users:
            raise answer.broken("AVL-03", f"{users}, each once and in this order", told_of)
        if answer.data["available"] is not all(user["available"] for user in answer.data["users"]):
            raise answer.broken("AVL-03", "available only if everybody is", answer.data)


@verifies("AVL-01", "AVL-04")
def test_conflicts_tell_times_only(day: Day) -> None:
    answer = day.check(day.asking, 12.5, 14)
    expected = [{"startAt": day.at(12), "endAt": day.at(13)}]
    for user in answer.data["users"]:
        if told := [member for conflict in user["conflicts"] for member in conflict if member not in expected[0]]:
            raise answer.broken("AVL-04", "startAt and endAt only", told)
        if user["conflicts"] != ([] if user["userId"] == day.free else expected):
            raise answer.broken("AVL-01", f"{expected} of {user['userId']}", user["conflicts"])
    for secret in ("Secret", day.meeting["id"]):
        if secret in answer.response.text:
            raise answer.broken("AVL-04", f"nothing of {secret!r}", answer.data)


@verifies("AVL-06")
def test_a_window_in_order_and_users_that_exist(own: Making) -> None:
    meeting, me = own.meeting().data, own.id_of(own.caller)
    start = quiet_days(own.target.settings.seed)[0]
    for span in (timedelta(0), timedelta(hours=-1)):
        body = {"userIds": [me], "startAt": told(start), "endAt": told(start + span)}
        own.caller.call("checkAvailability", meeting["id"], body=body).must_be(400, "AVL-06", f"a window of {span}")
    body = {"userIds": [me, own.unknown], "startAt": told(start), "endAt": told(start + timedelta(hours=1))}
    named(own.caller.call("checkAvailability", meeting["id"], body=body), "AVL-06", own.unknown)
