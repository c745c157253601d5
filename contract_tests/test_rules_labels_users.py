"""The rules of labels and of users' labels, on labels that the run makes."""

from collections.abc import Iterator

import pytest

from contract_tests.comparing import agree, named, one_of
from contract_tests.making import Making, Row, making
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Answer, Target


@pytest.fixture
def own(target: Target) -> Iterator[Making]:
    """The run's own rows, made by the admin."""
    with making(target) as made:
        made.writer = target.caller("admin")
        yield made


def delete(own: Making, label: Row) -> Answer:
    """Delete a label."""
    return own.admin.call("deleteLabel", label["id"])


def listed(own: Making, label: Row) -> Row | None:
    """A label, as the list has it."""
    return one_of(own.admin.whole("listLabels"), label["id"])


def in_use(own: Making, label: Row, rule: str, why: str) -> None:
    """Raises Broken unless a label in use stays."""
    refusal = delete(own, label).must_be(409, rule, why)
    agree(refusal, rule, label, listed(own, label) or {}, but=())


@verifies("LBL-01", "ENV-04")
@pytest.mark.parametrize("description", ["Who answers the phone", None, ...])
def test_a_label_is_stored_as_asked(own: Making, description: object) -> None:
    extra = {} if description is ... else {"description": description}
    body = {"name": own.target.mark("Stored"), "color": "#0F766E", **extra}
    created = own.create(own.admin, "createLabel", body=body).must_be(201, "LBL-01")
    agree(created, "LBL-01", {"description": None, **body}, but=("id", "createdAt"))
    agree(created, "LBL-01", created.data, listed(own, created.data) or {}, but=())
    delete(own, created.data)


@verifies("LBL-02", "ERR-11")
def test_a_name_is_taken_in_any_case(own: Making) -> None:
    label = own.label("Équipe").data
    before = own.admin.whole("listLabels")
    for name in (label["name"], label["name"].upper(), label["name"].lower()):
        refusal = own.create(own.admin, "createLabel", body={"name": name, "color": "#000000"})
        refusal.must_be(409, "LBL-02", f"{name!r} is taken")
    if (after := own.admin.whole("listLabels")) != before and own.target.settings.is_mock:
        raise refusal.broken("ERR-11", "the labels as they were", after)


@verifies("LBL-03", "USR-01")
def test_a_label_of_a_user_stays(own: Making) -> None:
    label, user = own.label("Assigned").data, own.account()
    kept = [one["id"] for one in user["labels"]]
    own.relabel(user, [*kept, label["id"]]).must_be(200, "USR-02")
    in_use(own, label, "LBL-03", "a user has it")
    own.relabel(user, kept).must_be(200, "USR-02")
    delete(own, label).must_be(200, "LBL-06", "nothing uses it any more")


@verifies("LBL-04")
@pytest.mark.parametrize("kind", ["direct", "mother", "sub"])
def test_a_label_of_an_invite_stays(own: Making, kind: str) -> None:
    label = own.label(f"Named {kind}").data
    attendees = [{"type": "labels", "labelIds": [label["id"]]}]
    make = own.direct if kind == "direct" else own.mother
    invite = make(requiredAttendees=attendees).data
    if kind == "sub":
        own.sub(invite["id"])
    in_use(own, label, "LBL-04", "an invite names it")
    users = [{"type": "users", "userIds": [own.users[0]["id"]]}]
    own.caller.call("updateInvite", invite["id"], body={"requiredAttendees": users}).must_be(200, "INV-11")
    delete(own, label).must_be(200, "LBL-06", "nothing uses it any more")


@verifies("LBL-05")
def test_a_label_of_a_meeting_stays(own: Making) -> None:
    label = own.label("Worn").data
    meeting = own.meeting(labelIds=[label["id"]]).data
    in_use(own, label, "LBL-05", "a meeting has it")
    own.caller.call("updateMeeting", meeting["id"], body={"labelIds": []}).must_be(200, "MTG-12")
    delete(own, label).must_be(200, "LBL-06", "nothing uses it any more")


@verifies("LBL-06", "LBL-07")
def test_an_unused_label_is_deleted_once(own: Making) -> None:
    label, other = own.label("Unused").data, own.label("Neighbour").data
    answer = delete(own, label).must_be(200, "LBL-06")
    agree(answer, "LBL-06", {"id": label["id"]}, but=())
    if listed(own, label) is not None:
        raise answer.broken("LBL-06", "the label to be gone", listed(own, label))
    agree(answer, "LBL-06", other, listed(own, other) or {}, but=())
    delete(own, label).must_be(404, "LBL-07", "it is gone")
    delete(own, {"id": own.unknown}).must_be(404, "LBL-07")
    own.label("Unused")


@verifies("USR-01")
def test_users_are_listed_with_labels_that_exist(target: Target) -> None:
    admin = target.caller("admin")
    users, labels = admin.whole("listUsers"), {label["id"]: label for label in admin.whole("listLabels")}
    assigned = [label for user in users for label in user["labels"]]
    answer = admin.call("listUsers")
    if not assigned:
        raise NotVerified("no user has a label")
    for label in assigned:
        agree(answer, "USR-01", labels.get(label["id"], {}), label, but=())


@verifies("USR-01", "USR-02")
def test_labels_are_replaced(own: Making) -> None:
    one, other = own.label("One").data, own.label("Other").data
    for labels in ([one], [one, other], [other], []):
        user = own.account()
        expected = {**user, "labels": [*own.kept(user), *labels]}
        answer = own.relabel(user, [label["id"] for label in expected["labels"]]).must_be(200, "USR-02")
        agree(answer, "USR-02", expected)
        people = own.admin.whole("listUsers")
        agree(answer, "USR-01", expected, one_of(people, user["id"]) or {})
        having = {person["id"]: person["labels"] for person in people if one in person["labels"]}
        if set(having) != ({user["id"]} if one in labels else set()):
            raise answer.broken("USR-02", f"nobody else to get {one['id']}", having)


@verifies("USR-03")
def test_an_unknown_label_changes_nothing(own: Making) -> None:
    label, user = own.label("Known").data, own.account()
    kept = [one["id"] for one in own.kept(user)]
    for labels in ([own.unknown], [label["id"], own.unknown], [own.unknown, label["id"]]):
        refusal = own.relabel(user, [*kept, *labels])
        named(refusal, "USR-03", own.unknown)
        agree(refusal, "USR-03", user, one_of(own.admin.whole("listUsers"), user["id"]) or {}, but=())


@verifies("USR-04")
def test_an_unknown_user_has_no_labels(own: Making) -> None:
    label = own.label("Nobody").data
    for labels in ([], [label["id"]]):
        own.admin.call("replaceUserLabels", own.unknown, body={"labelIds": labels}).must_be(404, "USR-04")
