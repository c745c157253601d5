"""Users of a real workspace whose labels a run may add to: who they are, and how they get rid of what it added.

A user keeps their own labels all the time. What somebody else changes meanwhile stays as it is, and is told.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from contract_tests.ledger import Entry
from contract_tests.outcomes import TROUBLE, NotVerified
from contract_tests.target import Caller, Target
from contract_tests.writes import Loan

Row = dict[str, Any]

# So often a user is looked at: before something is taken off, and after.
_LOOKS = 3


def borrowed(target: Target, users: Sequence[Row]) -> Row:
    """The first of users who is named in the settings; their labels are written down. Raises NotVerified."""
    wanted = target.settings.label_users
    if not wanted:
        raise NotVerified("no user is named in label-users, whose labels a run may change")
    named = (user for user in users if {user["id"].lower(), user["email"].lower()} & set(wanted))
    user = next((user for user in named if user["status"] == "active"), None)
    if user is None:
        raise NotVerified("none of label-users is an active user")
    target.transport.writes.lend(target.url, user["id"], _ids(user))
    return user


def give_back(target: Target) -> None:
    """Take the run's labels off the users that this process borrowed; what does not succeed stays in the ledger."""
    writes, ledger = target.transport.writes, target.transport.ledger
    for key in [loan.key for loan in writes.lent.values()]:
        if entry := ledger.entry(key):
            with suppress(*TROUBLE):
                restore(target.caller("admin"), entry)
    writes.lent.clear()


def restore(admin: Caller, entry: Entry) -> None:
    """Take off a user what runs put on, put on again what one took off, and write down how they are left.

    Raises Broken, NotVerified.
    """
    writes, ledger = admin.target.transport.writes, admin.target.transport.ledger
    who, key = entry.id or "", ledger.key(entry)
    for _ in range(_LOOKS):
        user = next((one for one in admin.whole("listUsers") if one["id"] == who), None)
        present = _ids(user) if user else []
        due = [one for one in present if not writes.is_own(one)]
        if lost := [one for one in entry.lost if one not in due]:
            there = {label["id"] for label in admin.whole("listLabels")}
            due += [one for one in lost if user and one in there]
        if due == present:
            ledger.give_back(key, due)
            return
        writes.lent[who] = Loan(key, frozenset(due))
        admin.call("replaceUserLabels", who, body={"labelIds": due}).must_be(200, "USR-02")


def told(entry: Entry) -> str:
    """A line on a user who got their labels back."""
    before, after = set(entry.labels), set(entry.after or ())
    changes = [f"without {one}" for one in sorted(before - after)] + [f"with {one}" for one in sorted(after - before)]
    how = f"but for what others changed: {', '.join(changes)}" if changes else "as before"
    return f"labels of user {entry.id} at {entry.host}: {how}"


def _ids(user: Row) -> list[str]:
    return [label["id"] for label in user["labels"]]
