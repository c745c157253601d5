"""Lists against each other and against single rows: what one answer says, others must say too. Reads alone."""

from typing import Any

import pytest
from hypothesis import strategies as st

from contract_tests.comparing import agree
from contract_tests.data import LISTS, Listed, listed
from contract_tests.explore import explore
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Target
from openapi import Operation, load_app_api

OPERATIONS = load_app_api().operations
CALLERS = ("admin", "manager", "user")

# So many rows are looked at one by one.
_SOME = 6

each_caller = pytest.mark.parametrize("who", CALLERS)


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """The ids of rows, in order."""
    return [row["id"] for row in rows]


def steady(*lists: Listed) -> None:
    """Raises NotVerified where a list is another one by now: others work on a real workspace too."""
    if any(not one.caller.target.settings.is_mock and one.again() != one.items for one in lists):
        raise NotVerified("the list changed while it was looked at")


@each_caller
@verifies("MTG-02")
def test_ranges_that_meet_join(target: Target, who: str) -> None:
    rows = listed(target, OPERATIONS["listMeetings"], who)
    moments = sorted({*rows.query.values(), *(row["startAt"] for row in rows.items)})
    if len(moments) < 3:
        raise NotVerified("no meeting is there")

    def check(cuts: list[str]) -> None:
        start, middle, end = sorted(cuts)
        first, second, both = (
            rows.caller.whole("listMeetings", **{"from": one, "to": other})
            for one, other in ((start, middle), (middle, end), (start, end))
        )
        steady(rows)
        if ids(first) + ids(second) != ids(both):
            told = f"[{start}, {middle}) and [{middle}, {end}) to join to {ids(both)}"
            raise rows.broken("MTG-02", told, ids(first) + ids(second))
        due = [row for row in rows.items if start <= row["startAt"] < end]
        if ids(both) != ids(due):
            raise rows.broken("MTG-02", f"[{start}, {end}) to have {ids(due)}", ids(both))

    explore(target, st.lists(st.sampled_from(moments), min_size=3, max_size=3, unique=True), check, examples=5)


@each_caller
@verifies("INV-08")
def test_roots_are_what_is_no_sub(target: Target, who: str) -> None:
    every = listed(target, OPERATIONS["listInvites"], who)
    due = [row for row in every.items if row["kind"] != "sub"]
    if due == every.items:
        raise NotVerified("no sub-invite is there")
    for query in ({}, {"includeSubInvites": "false"}):
        roots = every.caller.whole("listInvites", **query)
        steady(every)
        if ids(roots) != ids(due):
            raise every.broken("INV-08", f"root invites only: {ids(due)}", ids(roots))


@each_caller
@verifies("SUB-05", "SUB-06")
def test_subs_are_those_of_their_mother(target: Target, who: str) -> None:
    every = listed(target, OPERATIONS["listInvites"], who)
    mothers = [row for row in every.items if row["kind"] == "mother"][:_SOME]
    for row in [*mothers, *(row for row in every.items if row["kind"] == "direct")][: 2 * _SOME]:
        subs = every.caller.whole("listSubInvites", row["id"])
        steady(every)
        due = [one for one in every.items if one["motherInviteId"] == row["id"]]
        if sorted(ids(subs)) != sorted(ids(due)):
            rule = "SUB-05" if row["kind"] == "mother" else "SUB-06"
            raise every.broken(rule, f"the subs of {row['id']}: {ids(due)}", ids(subs))
    if not mothers:
        raise NotVerified("no mother invite is there")


@each_caller
@verifies("INV-03")
def test_an_invite_is_what_the_list_says(target: Target, who: str) -> None:
    every = listed(target, OPERATIONS["listInvites"], who)
    for row in every.items[:_SOME]:
        answer = every.caller.call("getInvite", row["id"])
        steady(every)
        agree(answer.must_be(200, "INV-03"), "INV-03", row, but=())
    if not every.items:
        raise NotVerified("no invite is there")


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        pytest.param(OPERATIONS[name], rule, marks=verifies(rule), id=name)
        for name, rule in (("listInvites", "OWN-01"), ("listMeetings", "OWN-02"))
    ],
)
def test_users_list_what_is_theirs(target: Target, operation: Operation, rule: str) -> None:
    every = listed(target, operation, "admin")
    looked = False
    for who in ("user", "other_user"):
        mine = listed(target, operation, who)
        steady(every)
        owners = [{row[member] for member in operation.own} for row in mine.items]
        for_each = {
            me: [row for row in every.items if me in {row[member] for member in operation.own}]
            for me in (set.intersection(*owners) if owners else ())
        }
        if owners and not any(ids(rows) == ids(mine.items) for rows in for_each.values()):
            raise mine.broken(rule, "the rows of one user, and all of them", ids(mine.items))
        looked = looked or bool(owners)
    if not looked:
        raise NotVerified("no user has a row")


@pytest.mark.parametrize(
    "operation", [OPERATIONS["listInvites"], OPERATIONS["listMeetings"]], ids=lambda one: one.operation_id
)
@verifies("OWN-05")
def test_managers_see_what_admins_see(target: Target, operation: Operation) -> None:
    every, managed = (listed(target, operation, who) for who in ("admin", "manager"))
    steady(every)
    if ids(managed.items) != ids(every.items):
        raise managed.broken("OWN-05", f"what an admin sees: {ids(every.items)}", ids(managed.items))


@pytest.mark.parametrize(
    "operation", [one for one in LISTS if not one.parameters_in("path")], ids=lambda one: one.operation_id
)
@verifies("TEN-03")
def test_workspaces_share_no_row(target: Target, operation: Operation) -> None:
    theirs, ours = (listed(target, operation, who) for who in ("rival", "admin"))
    if not theirs.items:
        raise NotVerified("the other workspace has no row")
    if shared := set(ids(theirs.items)) & set(ids(ours.items)):
        raise ours.broken("TEN-03", "no row of another workspace", sorted(shared))
