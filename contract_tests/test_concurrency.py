"""Requests at the same time leave a state that some order of them explains; unique values stay unique."""

from collections.abc import Iterator
from functools import partial

import pytest

from contract_tests.comparing import agree, one_of
from contract_tests.making import Making, Row, ahead, making
from contract_tests.parallel import RACERS, explained, one_wins, together
from contract_tests.plugin import verifies
from contract_tests.target import Answer, Target

COLOR = "#0F766E"


@pytest.fixture
def own(target: Target) -> Iterator[Making]:
    """The run's own rows."""
    with making(target) as made:
        yield made


@verifies("INV-05")
def test_a_link_is_given_once(own: Making) -> None:
    body = own.mother_body(publicLinkValue=own.link("race"))
    answers = together([partial(own.create, own.caller, "createInvite", body=body)] * RACERS)
    won = one_wins(answers, 201, 409, "INV-05", "all ask for one link")
    having = [row["id"] for row in own.caller.whole("listInvites") if row["publicLinkValue"] == own.link("race")]
    if having != [won.data["id"]]:
        raise won.broken("INV-05", f"only {won.data['id']} to have the link", having)


@verifies("INV-05")
def test_a_link_is_changed_to_once(own: Making) -> None:
    mothers = [own.mother().data for _ in range(3)]
    change = {"publicLinkValue": own.link("rush")}
    answers = together([partial(own.caller.call, "updateInvite", one["id"], body=change) for one in mothers])
    one_wins(answers, 200, 409, "INV-05", "all change to one link")
    having = [row["id"] for row in own.caller.whole("listInvites") if row["publicLinkValue"] == own.link("rush")]
    if len(having) != 1:
        raise answers[0].broken("INV-05", "one invite to have the link", having)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=verifies(rule))
        for kind, rule in (("direct", "INV-03"), ("sub", "SUB-05"), ("meeting", "MTG-07"))
    ],
)
def test_rows_made_at_once_are_all_there(own: Making, kind: str) -> None:
    if kind == "direct":
        make, rule = partial(own.create, own.caller, "createInvite", body=own.direct_body()), "INV-03"
    elif kind == "sub":
        body: Row = {"candidate": {"name": own.target.mark("Joan"), "email": "joan@candidates.example"}}
        mother = own.mother().data["id"]
        make, rule = partial(own.create, own.caller, "createSubInvite", mother, body=body), "SUB-05"
    else:
        make, rule = partial(own.create, own.caller, "createMeeting", body=own.meeting_body()), "MTG-07"
    answers = [answer.must_be(201, rule) for answer in together([make] * RACERS)]
    ids = {answer.data["id"] for answer in answers}
    if len(ids) != RACERS:
        raise answers[0].broken(rule, f"{RACERS} ids", sorted(ids))
    if kind == "direct":
        rows = own.caller.whole("listInvites")
    elif kind == "sub":
        rows = own.caller.whole("listSubInvites", mother)
    else:
        rows = own.caller.whole("listMeetings", **{"from": ahead(6), "to": ahead(7)})
    for answer in answers:
        agree(answer, rule, answer.data, one_of(rows, answer.data["id"]) or {}, but=())


@verifies("INV-11")
def test_changes_at_once_are_all_kept_in_some_order(own: Making) -> None:
    before = own.direct().data
    titles = [own.target.mark(f"Title {number}") for number in range(3)]
    changes: list[Row] = [{"meeting": {"title": title, "location": title}} for title in titles]
    changes += [{"voteDeadlineAt": ahead(9)}, {"meeting": {"meetingDurationMinutes": 60}}]
    answers = together([partial(own.caller.call, "updateInvite", before["id"], body=body) for body in changes])
    for answer, change in zip(answers, changes, strict=True):
        answer.must_be(200, "INV-11")
        if not explained(answer.data, [change], answer.data, ["meeting", "voteDeadlineAt"]):
            raise answer.broken("INV-11", f"an answer that shows {change}", answer.data)
    after = own.caller.call("getInvite", before["id"])
    members = [name for name in before if name != "updatedAt"]
    if not explained(before, changes, after.data, members):
        raise after.broken("INV-11", f"{changes} in some order, none of them lost", after.data)


@verifies("MTG-12", "MTG-16")
def test_a_meeting_and_its_attendees_change_at_once(own: Making) -> None:
    before = own.meeting().data
    [other] = own.others(1)
    requests = [
        partial(own.caller.call, "updateMeetingAttendees", before["id"], body={"optionalAttendees": [other]}),
        partial(own.caller.call, "updateMeeting", before["id"], body={"location": "Room 6"}),
        partial(own.caller.call, "updateMeeting", before["id"], body={"endAt": ahead(6, 11)}),
    ]
    for answer, rule in zip(together(requests), ("MTG-16", "MTG-12", "MTG-12"), strict=True):
        answer.must_be(200, rule)
    rows = own.caller.whole("listMeetings", **{"from": ahead(6), "to": ahead(7)})
    expected = {**before, "optionalAttendees": [other], "location": "Room 6", "endAt": ahead(6, 11)}
    agree(answer, "MTG-12", expected, one_of(rows, before["id"]) or {}, rules={"optionalAttendees": "MTG-16"})


@verifies("LBL-02")
def test_a_label_name_is_given_once(own: Making) -> None:
    name = own.target.mark("Race")
    names = [name, name.upper(), name.lower()] * (RACERS // 3)
    bodies = [{"name": one, "color": COLOR} for one in names]
    answers = together([partial(own.create, own.admin, "createLabel", body=body) for body in bodies])
    won = one_wins(answers, 201, 409, "LBL-02", "all ask for one name")
    having = [row["id"] for row in own.admin.whole("listLabels") if row["name"].lower() == name.lower()]
    if having != [won.data["id"]]:
        raise won.broken("LBL-02", f"only {won.data['id']} to have the name", having)


@verifies("LBL-06", "LBL-07")
def test_a_label_is_deleted_once(own: Making) -> None:
    label = own.label("Doomed").data["id"]
    answers = together([partial(own.admin.call, "deleteLabel", label)] * RACERS)
    won = one_wins(answers, 200, 404, "LBL-06", "all delete one label")
    if one_of(own.admin.whole("listLabels"), label) is not None:
        raise won.broken("LBL-06", "the label to be gone", label)


@pytest.mark.parametrize("use", [pytest.param(one, marks=verifies(one)) for one in ("LBL-03", "LBL-04", "LBL-05")])
def test_a_label_is_deleted_or_used(own: Making, use: str) -> None:
    for number in range(3):
        label = own.label(f"Torn {use} {number}").data["id"]
        deleted, used = together([partial(own.admin.call, "deleteLabel", label), using(own, use, label)])
        if (deleted.status, used.status) not in {(200, 404), (409, 200), (409, 201)}:
            raise deleted.broken(use, "the label either deleted or used", (deleted.status, used.status))
        kept = one_of(own.admin.whole("listLabels"), label) is not None
        if kept is not (deleted.status == 409):
            raise deleted.broken(use, "a label that is used to stay", kept)


def using(own: Making, use: str, label: str) -> partial[Answer]:
    """What puts a label to use."""
    if use == "LBL-03":
        user = own.account()
        return partial(own.relabel, user, [*(one["id"] for one in user["labels"]), label])
    if use == "LBL-04":
        body = own.direct_body(requiredAttendees=[{"type": "labels", "labelIds": [label]}])
        return partial(own.create, own.caller, "createInvite", body=body)
    return partial(own.create, own.caller, "createMeeting", body=own.meeting_body(labelIds=[label]))


@verifies("USR-02")
def test_labels_replaced_at_once_are_those_of_one_request(own: Making) -> None:
    user = own.account()
    labels = [own.label(f"Rival {number}").data for number in range(4)]
    own_choices = [labels[:2], labels[2:], labels[1:3], [labels[0]], []]
    choices = [[*own.kept(user), *choice] for choice in own_choices]
    answers = together([partial(own.relabel, user, [one["id"] for one in choice]) for choice in choices])
    for answer, choice in zip(answers, choices, strict=True):
        agree(answer.must_be(200, "USR-02"), "USR-02", {**user, "labels": choice})
    after = one_of(own.admin.whole("listUsers"), user["id"]) or {"labels": "no such user"}
    if {one["id"] for one in after["labels"]} not in [{one["id"] for one in choice} for choice in choices]:
        raise answers[0].broken("USR-02", "the labels of one of the requests", after["labels"])
