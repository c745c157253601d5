"""The state machine, and how it is run: seeded, on a budget, with the shortest chain it found."""

import sys
import time
from itertools import count

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from contract_tests.lifecycle import invites, meetings
from contract_tests.lifecycle.base import DAYS, PICK, whole_chain
from contract_tests.lifecycle.invites import InviteSteps
from contract_tests.lifecycle.labels import LabelSteps
from contract_tests.lifecycle.meetings import MeetingSteps
from contract_tests.outcomes import Broken, NotVerified, SetUpFailed
from contract_tests.target import Target

STEPS = 30

# How long a chain that broke a rule is shortened, in seconds. Elsewhere than at a mock every try would leave rows.
PATIENCE = 4.0


# What is done, the more often the more it changes.
LABELS = ("label", "assign", "delete", "assign")
INVITES = ("create", "update", "issue", "update", "book", "read", "update", "list", "pass time", *LABELS)
MEETINGS = ("create", "update", "attend", "ask", "update", "ask", "list")


class Machine(InviteSteps, MeetingSteps, LabelSteps):
    """Everything that can be done, in any order, as anybody."""

    found: list[Broken]

    @initialize(who=PICK, rows=st.integers(0, 4))
    def start(self, who: int, rows: int) -> None:
        """Have something to work with: a mother, its subs, a direct invite; none in the shortest chain."""
        if rows > 0:
            self.create_invite(who, True, 4, 5)
        if rows > 1:
            self.issue(who, 0, 1, 4)
        if rows > 2:
            self.issue(who, 0, 3, 4)
        if rows > 3:
            self.create_invite(who + 1, False, 4, 6)

    # One rule for all: Hypothesis leaves rules out of a chain at random, and most finds need several kinds of steps.
    @rule(action=st.sampled_from(INVITES), who=PICK, row=PICK, number=PICK, day=DAYS, changes=invites.CHANGES)
    def with_invites(self, action: str, who: int, row: int, number: int, day: int, changes: set[str]) -> None:
        """A step with invites or labels."""
        some, real = bool(self.model.invites), not self.target.settings.is_mock
        if action == "create":
            self.create_invite(who, bool(number % 2), row, day)
        elif action == "pass time" and not real and self.days_passed < 8:
            self.pass_days(1 + number % 3)
        elif action == "list":
            self.list_invites(who, number, bool(row % 2))
        elif some and action == "update":
            self.update_invite(who, row, number, day, changes)
        elif some and action == "issue":
            self.issue(who, row, number, day)
        elif some and action == "book" and not real:
            self.book(row, 2 + number % 28)
        elif some and action == "read":
            self.get_invite(who, row)
            self.list_subs(who, row)
        else:
            self.with_labels(action, who, row, number)

    @rule(
        action=st.sampled_from(MEETINGS),
        who=PICK,
        row=PICK,
        number=PICK,
        slot=meetings.SLOT,
        length=meetings.LENGTH,
        changes=meetings.CHANGES,
    )
    def with_meetings(
        self, action: str, who: int, row: int, number: int, slot: int, length: int, changes: set[str]
    ) -> None:
        """A step with meetings."""
        if action == "create":
            self.create_meeting(who, slot, length, number, row)
        elif action == "update":
            self.update_meeting(who, row, number, slot, length, changes)
        elif action == "attend":
            self.update_attendees(who, row, number)
        elif action == "ask":
            self.check_availability(who, row, number, slot, abs(length) + 1)
        else:
            self.list_meetings(who, slot, 8 * (abs(length) + 1), number)

    def with_labels(self, action: str, who: int, row: int, number: int) -> None:
        """A step with labels."""
        if action == "label" or not self.model.labels:
            self.create_label(who, number)
        elif action == "delete" and (self.model.labels or self.model.deleted):
            self.delete_label(who, row, number)
        # No user is the run's own, so only those of a mock get labels.
        elif action == "assign" and self.model.users and self.target.settings.is_mock:
            self.replace_labels(who, row, number)

    def teardown(self) -> None:
        """Look once more at everything, unless the chain was cut short; then give back."""
        cut_short = sys.exc_info()[1]
        try:
            if cut_short is None:
                self.look_at_everything()
        except Broken as broken:
            cut_short = broken
            raise
        finally:
            if isinstance(cut_short, Broken):
                self.found.append(whole_chain(cut_short, self.target))
            super().teardown()
        if isinstance(cut_short, NotVerified | SetUpFailed):
            raise Enough from cut_short

    def look_at_everything(self) -> None:
        """Every list, as everybody."""
        for number in range(len(self.callers)):
            self.list_invites(number, 0, True)
            self.list_meetings(number, 0, 47, 1)
            self.list_labels(number)
        if self.model.users:
            self.list_users()


class Enough(BaseException):
    """There is no use, or no time, to go on. It is past whatever handles errors."""


def chains(target: Target) -> int:
    """How many chains are tried: many where nothing stays, few where each leaves rows that cannot be deleted."""
    examples = target.settings.examples
    return 2 * examples if target.settings.is_mock else max(1, examples // 2)


def live(target: Target) -> set[str]:
    """Let rows live as long as the settings say; gives the rules that were reached. Raises Broken, NotVerified."""
    return Run(target).go()


class Run:
    """Many chains, and the shortest one that breaks a rule."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._reached: set[str] = set()
        self._found: list[Broken] = []
        self._chains = count()
        self._end = 0.0

    def go(self) -> set[str]:
        """Begin."""
        run = hypothesis.settings(
            max_examples=chains(self._target),
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
        )
        # Chains run from a seed that a function carries, as a test does.
        begin = hypothesis.seed(self._target.settings.seed)(lambda: self._begin())
        try:
            run_state_machine_as_test(begin, settings=run)  # type: ignore[arg-type]  # whatever makes a machine
        except Enough as enough:
            if not self._found and enough.__cause__ is not None:
                raise enough.__cause__ from None
        except Exception:
            if not self._found:
                raise
        if self._found:
            raise min(self._found, key=lambda error: len(error.finding.steps))
        return self._reached

    def _begin(self) -> Machine:
        if self._found:
            self._end = self._end or time.monotonic() + (PATIENCE if self._target.settings.is_mock else 0.0)
            if time.monotonic() >= self._end:
                raise Enough
        try:
            machine = Machine(self._target, self._reached, next(self._chains))
        except Broken as error:
            self._found.append(whole_chain(error, self._target))
            raise
        except (NotVerified, SetUpFailed) as error:
            raise Enough from error
        machine.found = self._found
        return machine
