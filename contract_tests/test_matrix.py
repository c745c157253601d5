"""The authorisation matrix: role, whose row, whose workspace, operation; refused writes change nothing."""

from collections.abc import Iterator

import pytest

from contract_tests.matrix import OPERATIONS, Case, Rows, attempt, cases, day, unique
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Caller, Target
from openapi import Operation, load_rules

CASES = list(cases())
SECURED = [operation for operation in OPERATIONS.values() if operation.secured]


@pytest.fixture(scope="session")
def kept_rows(opened_target: Target) -> Rows:
    """Rows that a process makes once."""
    return Rows(opened_target)


@pytest.fixture
def rows(target: Target, kept_rows: Rows) -> Rows:
    """The rows that the cells are tried on. A mock is as new for each test; on a workspace they cannot be deleted."""
    return Rows(target) if target.settings.is_mock else kept_rows


# Beside its own rule, a cell's answer verifies what holds of every answer of its kind.
OF_SUCCESSES = ("ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "ENV-06", "ERR-03", "ERR-04", "ROLE-06")
OF_REFUSALS = ("ENV-02", "ENV-03", "ERR-01", "ERR-02", "ERR-03", "ERR-04", "ERR-11", "ROLE-06")


def _params() -> Iterator[object]:
    for case in CASES:
        name = case.operation.operation_id
        beside = OF_REFUSALS if case.status >= 400 else OF_SUCCESSES
        bound = (rule for rule in beside if name in load_rules()[rule].operations)
        yield pytest.param(case.operation, case, marks=verifies(case.rule, *bound), id=f"{name}-{case}")


@pytest.mark.parametrize(("operation", "case"), list(_params()))
def test_cell(target: Target, rows: Rows, operation: Operation, case: Case) -> None:
    target.need_writes()
    answer, seen = attempt(rows, target, case)
    if answer.status == 403 and case.status == 404:
        raise answer.broken("ROLE-06", "404 for a row that the caller may not see", "403")
    answer.must_be(case.status, case.rule, f"{case.caller}, a row of {case.owner}")
    if case.status >= 400 and seen and seen[0] != seen[1]:
        raise answer.broken("ERR-11", f"nothing to change by a request that answered {case.status}", "it changed")


each_secured = pytest.mark.parametrize("operation", SECURED, ids=lambda operation: operation.operation_id)


def _knock(target: Target, operation: Operation, caller: Caller, rule: str) -> None:
    """A request that needs nothing but a credential to be refused for its lack: 401 comes before everything else."""
    path = ["nothing"] * len(operation.parameters_in("path"))
    filled = operation.path
    for value in path:
        before, _, rest = filled.partition("{")
        filled = f"{before}{value}{rest.partition('}')[2]}"
    answer = caller.send(operation, operation.method, filled)
    answer.must_be(401, rule)


@each_secured
@verifies("AUTH-01")
def test_nobody_is_let_in(target: Target, operation: Operation) -> None:
    _knock(target, operation, target.nobody, "AUTH-01")


@each_secured
@verifies("AUTH-06")
def test_what_is_no_credential_is_refused(target: Target, operation: Operation) -> None:
    for header, value in (
        ("X-API-Key", "kly_unknown_key"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer not-a-token"),
        ("Authorization", "Basic dXNlcjpwYXNz"),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
    ):
        _knock(target, operation, target.with_header(header, value), "AUTH-06")


@each_secured
@verifies("TEN-01")
def test_a_rivals_credential_is_refused_here(target: Target, operation: Operation) -> None:
    rival = target.caller("rival")
    _knock(target, operation, target.elsewhere(rival), "TEN-01")


@verifies("AUTH-11")
def test_two_credentials_are_refused(target: Target) -> None:
    """Also two that are good."""
    name = target.callers[0]
    keyed = target.header_of(name) == "X-API-Key"
    seconds = ["Bearer second", *(value for _, value in target.credentials_of("AUTH-03"))] if keyed else ["kly_second"]
    if not keyed and target.settings.is_mock:
        seconds += [value for _, value in target.credentials_of("AUTH-02")]
    for second in seconds:
        both = {"Authorization" if keyed else "X-API-Key": second}
        target.caller(name).call("listInvites", headers=both).must_be(401, "AUTH-11", "two credentials")


@pytest.mark.parametrize(
    "kind", [pytest.param(rule, marks=verifies(rule)) for rule in ("AUTH-02", "AUTH-03", "AUTH-04", "AUTH-05")]
)
def test_each_kind_of_credential_is_accepted(target: Target, kind: str) -> None:
    for header, value in target.credentials_of(kind):
        target.with_header(header, value).call("listInvites").must_be(200, kind, "a good credential")


@verifies("AUTH-03")
def test_a_key_is_the_same_in_either_header(target: Target) -> None:
    for _, bearer in target.credentials_of("AUTH-03"):
        due = target.with_header("X-API-Key", bearer.removeprefix("Bearer ")).call("listUsers").status
        target.with_header("Authorization", bearer).call("listUsers").must_be(due, "AUTH-03", "as in X-API-Key")


@verifies("AUTH-07")
@pytest.mark.parametrize(
    "flaw", ["expired", "not-yet-valid", "wrong-audience", "wrong-issuer", "wrong-tenant", "bad-signature", "alg-none"]
)
@pytest.mark.parametrize("kind", ["kailenty", "microsoft"])
def test_a_flawed_token_is_refused(target: Target, flaw: str, kind: str) -> None:
    token = target.flawed_token(kind, flaw)
    rule = "TEN-01" if flaw == "wrong-tenant" else "AUTH-07"
    target.with_header("Authorization", f"Bearer {token}").call("listInvites").must_be(401, rule, f"{flaw} {kind}")


@verifies("AUTH-08", "AUTH-09")
def test_keys_live_and_die(target: Target) -> None:
    workspace = target.workspace
    admins = [user for user in target.caller("admin").whole("listUsers") if user["role"] == "admin"]
    active = next(user for user in admins if user["status"] == "active")
    made = target.control("POST", f"/worlds/{workspace}/api-keys", {"name": "Matrix", "createdByUserId": active["id"]})
    keyed = target.with_header("X-API-Key", made["apiKey"])
    keyed.call("listUsers").must_be(200, "AUTH-09", "an admin's key acts as an admin")
    target.control("DELETE", f"/worlds/{workspace}/api-keys/{made['id']}")
    keyed.call("listUsers").must_be(401, "AUTH-08", "the key is revoked")


@verifies("AUTH-09")
def test_a_key_follows_its_creators_role(target: Target) -> None:
    for role, labels in (("manager", 200), ("user", 403)):
        for key in target.keys_of(role=role, status="active"):
            keyed = target.with_header("X-API-Key", key)
            keyed.call("listLabels").must_be(labels, "AUTH-09", f"its creator is a {role} now")
            keyed.call("listUsers").must_be(403, "AUTH-09", f"its creator is a {role} now")


@verifies("AUTH-12")
def test_only_admins_make_keys(target: Target) -> None:
    workspace = target.workspace
    for user in target.caller("admin").whole("listUsers"):
        if user["role"] != "admin":
            body = {"name": "Matrix", "createdByUserId": user["id"]}
            answer = target.ask_control("POST", f"/worlds/{workspace}/api-keys", body)
            if not answer.is_error:
                raise target.broken("AUTH-12", None, f"a {user['role']} to get no key", answer.status_code)


@verifies("AUTH-10")
def test_inactive_users_are_refused(target: Target) -> None:
    found = [("Authorization", f"Bearer {token}") for token in target.tokens_of_inactive()]
    if not found:
        raise NotVerified("no credential of an inactive user is known")
    found += [("X-API-Key", key) for key in target.keys_of(status="disabled")]
    for header, value in found:
        target.with_header(header, value).call("listInvites").must_be(401, "AUTH-10", "the account is not active")


@pytest.mark.parametrize(
    "operation", [one for one in SECURED if one.listing is not None], ids=lambda operation: operation.operation_id
)
@verifies("TEN-03")
def test_lists_know_no_other_workspace(target: Target, rows: Rows, operation: Operation) -> None:
    target.need_writes()
    query = {"from": day(0), "to": day(30)} if operation.period else {}
    path = (rows.row("invite", "user")["id"],) if operation.parameters_in("path") else ()
    rows.row("invite", "rival")
    rows.row("meeting", "rival")
    theirs = target.caller("rival").whole(operation.operation_id, **query) if not path else []
    answer = target.caller("admin").call(operation.operation_id, *path, query={**query, "pageSize": 100})
    whole = target.caller("admin").whole(operation.operation_id, *path, **query)
    known = {row["id"] for row in theirs}
    if leaked := [row["id"] for row in whole if row["id"] in known]:
        raise answer.broken("TEN-03", "no row of another workspace", leaked)
    if answer.data["total"] != len(whole):
        raise answer.broken("TEN-03", f"a total of {len(whole)}", answer.data["total"])
    if "stats" in answer.data and sum(entry["total"] for entry in answer.data["stats"]) != len(whole):
        raise answer.broken("TEN-03", f"statistics of {len(whole)} meetings", answer.data["stats"])


@verifies("TEN-04")
def test_bodies_know_no_other_workspace(target: Target, rows: Rows) -> None:
    target.need_writes()
    stranger = rows.row("user", "rival")["id"]
    label = rows.fresh_label("rival")["id"]
    admin = target.caller("admin")
    invite, meeting = rows.row("invite", "admin")["id"], rows.row("meeting", "admin")["id"]
    window = {"startAt": day(1), "endAt": day(1).replace("T09", "T10")}
    title = target.mark("Matrix")
    draft = {"candidates": [{"name": title, "email": "m@candidates.example"}], "voteDeadlineAt": day(0)}
    template = {"meeting": {"title": title, "meetingDurationMinutes": 30}}
    for group in ({"type": "users", "userIds": [stranger]}, {"type": "labels", "labelIds": [label]}):
        body = {**draft, **template, "requiredAttendees": [group]}
        admin.call("createInvite", body=body).must_be(404, "TEN-04")
        admin.call("updateInvite", invite, body={"requiredAttendees": [group]}).must_be(404, "TEN-04")
    for change in ({"hostUserId": stranger}, {"requiredAttendees": [stranger]}, {"labelIds": [label]}):
        admin.call("createMeeting", body={"title": title, **window, **change}).must_be(404, "TEN-04")
        admin.call("updateMeeting", meeting, body=change).must_be(404, "TEN-04")
    admin.call("updateMeetingAttendees", meeting, body={"optionalAttendees": [stranger]}).must_be(404, "TEN-04")
    admin.call("checkAvailability", meeting, body={"userIds": [stranger], **window}).must_be(404, "TEN-04")


@verifies("TEN-04")
def test_users_get_no_label_of_another_workspace(target: Target, rows: Rows) -> None:
    """On a real workspace, accounts are not for a run to write to."""
    target.need_writes()
    label = rows.fresh_label("rival")["id"]
    answer = target.caller("admin").call("replaceUserLabels", rows.me("admin"), body={"labelIds": [label]})
    answer.must_be(404, "TEN-04")


@verifies("ROLE-05", "ERR-11")
@pytest.mark.parametrize("operation", ["createMeeting", "updateMeeting"])
def test_another_host_is_for_managers_and_admins(target: Target, rows: Rows, operation: str) -> None:
    target.need_writes()
    other, times = rows.me("other_user"), {"startAt": day(2), "endAt": day(2).replace("T09", "T10")}
    for who, status in (("user", 403), ("manager", None), ("admin", None)):
        caller, title = target.caller(who), target.mark(f"Hosted {unique(target)}")
        body = {"title": title, **times, "hostUserId": other}
        if operation == "createMeeting":
            answer = caller.call("createMeeting", body=body).must_be(status or 201, "ROLE-05", who)
            due = [] if status else [other]
        else:
            mine = caller.call("createMeeting", body={**body, "hostUserId": rows.me(who)}).data
            answer = caller.call("updateMeeting", mine["id"], body={"hostUserId": other})
            answer.must_be(status or 200, "ROLE-05", who)
            due = [rows.me(who)] if status else [other]
        listed = target.caller("admin").whole("listMeetings", **{"from": day(2), "to": day(3)})
        hosts = [meeting["hostUserId"] for meeting in listed if meeting["title"] == title]
        if hosts != due:
            raise answer.broken("ERR-11" if status else "ROLE-05", f"meetings of this title hosted by {due}", hosts)


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("listInvites", marks=verifies("OWN-01", "OWN-05")),
        pytest.param("listMeetings", marks=verifies("OWN-02", "OWN-05")),
    ],
)
def test_each_lists_what_is_theirs(target: Target, rows: Rows, operation: str) -> None:
    target.need_writes()
    members = OPERATIONS[operation].own
    query = {"from": day(0), "to": day(30)} if operation == "listMeetings" else {"includeSubInvites": "true"}
    for who in ("user", "other_user"):
        rows.row("invite", who), rows.row("meeting", who)
    whole = target.caller("admin").whole(operation, **query)
    rule = "OWN-01" if operation == "listInvites" else "OWN-02"
    for who in ("user", "other_user"):
        me = rows.me(who)
        due = [row["id"] for row in whole if any(row[member] == me for member in members)]
        answer = target.caller(who).call(operation, query={**query, "pageSize": 100})
        got = [row["id"] for row in target.caller(who).whole(operation, **query)]
        if got != due:
            raise answer.broken(rule, f"exactly what is theirs: {due}", got)
        if "stats" in answer.data and sum(entry["total"] for entry in answer.data["stats"]) != len(due):
            raise answer.broken(rule, f"statistics of {len(due)} meetings", answer.data["stats"])
    seen = target.caller("manager").whole(operation, **query)
    if seen != whole:
        raise target.broken("OWN-05", OPERATIONS[operation], "a manager to see what an admin sees", len(seen))
