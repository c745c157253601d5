"""Defects of meetings (MTG-01 to MTG-16)."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from mock_server.clock import text
from mock_server.defects.common import lenient, relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


def _moved(value: str | None, **by: int) -> str | None:
    """A time a little later, where it is one."""
    try:
        return text(datetime.fromisoformat(value or "") + timedelta(**by))
    except (ValueError, OverflowError):
        return value


@defect("MTG-01", "A list of meetings needs no range.")
async def range_optional(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "MTG-01":
        return answer
    around = {name: value for name, value in server.around_now().items() if request.value(name) is None}
    return await server.ask(request.with_query(around))


@defect("MTG-02", "A range includes what starts at its end.")
async def range_includes_to(server: Server, request: Request) -> Answer:
    if request.calls("listMeetings") and (await server.ask(request)).ok:
        request = request.with_query({"to": _moved(request.value("to"), milliseconds=1)})
    return await server.ask(request)


@defect("MTG-02", "A range excludes what starts at its beginning.")
async def range_excludes_from(server: Server, request: Request) -> Answer:
    if request.calls("listMeetings") and (await server.ask(request)).ok:
        later = await server.ask(request.with_query({"from": _moved(request.value("from"), milliseconds=1)}))
        return later if later.ok else await server.ask(request)
    return await server.ask(request)


@defect("MTG-03", "A range that ends before it starts is empty.")
async def backward_range_is_empty(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    start, end = request.value("from") or "", request.value("to") or ""
    if answer.rule != "MTG-03" or start < end:
        return answer
    again = await server.ask(request.with_query({"to": _moved(start, milliseconds=1)}))
    return again.giving({**again.data, "items": [], "total": 0, "stats": []}) if again.ok else answer


@defect("MTG-03", "A range may have any length.")
async def range_of_any_length(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    start, end = request.value("from"), request.value("to") or ""
    if answer.rule != "MTG-03" or (start or "") >= end:
        return answer
    return await server.ask(request.with_query({"to": _moved(start, days=366)}))


@defect("MTG-04", "Statistics count the meetings of the page.", also=("MTG-05",))
async def stats_of_the_page(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (answer.ok and request.calls("listMeetings")):
        return answer
    now = server.now()
    rows = sorted(answer.rows, key=lambda row: str(row["recruiterUserId"]))
    stats = []
    for recruiter, group in groupby(rows, key=lambda row: row["recruiterUserId"]):
        ends = [row["endAt"] for row in group]
        past = sum(end <= now for end in ends)
        stats.append({"recruiterUserId": recruiter, "total": len(ends), "upcoming": len(ends) - past, "past": past})
    return answer.giving({**answer.data, "stats": stats})


@defect("MTG-04", "Statistics leave out whose meetings are all to come.")
async def stats_without_newcomers(server: Server, request: Request) -> Answer:
    return await _stats(server, request, lambda stats: [one for one in stats if one["past"]])


@defect("MTG-05", "past and upcoming are the other way round.")
async def past_is_upcoming(server: Server, request: Request) -> Answer:
    return await _stats(
        server, request, lambda stats: [{**one, "past": one["upcoming"], "upcoming": one["past"]} for one in stats]
    )


@defect("MTG-05", "upcoming counts every meeting.")
async def upcoming_counts_all(server: Server, request: Request) -> Answer:
    return await _stats(server, request, lambda stats: [{**one, "upcoming": one["total"]} for one in stats])


async def _stats(server: Server, request: Request, change: Any) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("listMeetings"):
        return answer.giving({**answer.data, "stats": change(answer.data["stats"])})
    return answer


@defect("MTG-06", "The host that a created meeting names is passed over.", also=("ROLE-05",))
async def named_host_passed_over(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (answer.ok and request.calls("createMeeting") and answer.caller):
        return answer
    if answer.data["hostUserId"] == answer.caller.user_id:
        return answer
    back = {"hostUserId": answer.caller.user_id}
    changed = await server.ask(request.to("PATCH", f"/meetings/{answer.data['id']}", body=back))
    return answer.giving(changed.data) if changed.ok else answer


@defect("MTG-06", "The recruiter of a created meeting is its host.")
async def recruiter_is_the_host(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createMeeting"):
        server.memory.claim(answer.data["id"], recruiterUserId=answer.data["hostUserId"])
    return server.shown(answer)


@defect("MTG-07", "A created meeting has an empty outlookEventId.", also=("ENV-03",))
async def meeting_without_event(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createMeeting"):
        server.memory.claim(answer.data["id"], outlookEventId="")
    return server.shown(answer)


@defect("MTG-07", "A created meeting does not show in lists.", also=("MTG-02", "MTG-04"))
async def created_meeting_not_listed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createMeeting"):
        server.memory.hidden.add(answer.data["id"])
    return server.shown(answer) if request.calls("listMeetings") else answer


_FAR = {"startAt": "2098-01-01T09:00:00.000Z", "endAt": "2098-01-01T10:00:00.000Z"}


async def _any_times(server: Server, request: Request, wrong: Any) -> Answer:
    def mend(body: Row) -> Row | None:
        return {**body, **_FAR} if {"startAt", "endAt"} <= body.keys() and wrong(body) else None

    return await lenient(
        server, request, ("MTG-08",), mend, lambda body: {name: body[name] for name in ("startAt", "endAt")}
    )


@defect("MTG-08", "A meeting may lie in the past.")
async def past_meeting_taken(server: Server, request: Request) -> Answer:
    return await _any_times(server, request, lambda body: body["startAt"] < body["endAt"] and _hours(body) <= 24)


@defect("MTG-08", "A meeting may be of any length.")
async def long_meeting_taken(server: Server, request: Request) -> Answer:
    return await _any_times(server, request, lambda body: _hours(body) > 24)


@defect("MTG-08", "A meeting may end before it starts.")
async def backward_meeting_taken(server: Server, request: Request) -> Answer:
    return await _any_times(server, request, lambda body: body["startAt"] >= body["endAt"])


def _hours(body: Row) -> float:
    start, end = (datetime.fromisoformat(body[name]) for name in ("startAt", "endAt"))
    return (end - start).total_seconds() / 3600


@defect("MTG-09", "Guests do not count among the 20 people.")
async def guests_not_counted(server: Server, request: Request) -> Answer:
    return await lenient(
        server, request, ("MTG-09",), lambda body: {**body, "guests": []}, lambda body: {"guests": body["guests"]}
    )


@defect("MTG-09", "There may be 21 people.")
async def twenty_one_people(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "MTG-09" or "21 people" not in answer.json["message"]:
        return answer
    name = next((one for one in ("guests", "optionalAttendees", "requiredAttendees") if request.members.get(one)), None)
    if name is None:
        return answer
    again = await server.ask(request.with_json({**request.members, name: request.members[name][:-1]}))
    return again.giving({**again.data, name: request.members[name]}) if again.ok else answer


@defect("MTG-10", "Somebody may be a required and an optional attendee.")
async def required_and_optional(server: Server, request: Request) -> Answer:
    def mend(body: Row) -> Row:
        required = body.get("requiredAttendees", [])
        optional = [one for one in body.get("optionalAttendees", []) if one not in required]
        if request.calls("updateMeeting"):
            return {**body, "requiredAttendees": []}
        return {**body, "optionalAttendees": optional if request.calls("createMeeting") else []}

    def claim(body: Row) -> Row:
        return {name: body[name] for name in ("requiredAttendees", "optionalAttendees") if name in body}

    return await lenient(server, request, ("MTG-10",), mend, claim)


@defect("MTG-11", "Attendees that do not exist are passed over.")
async def unknown_people_passed_over(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "MTG-11" or answer.caller is None:
        return answer
    known = {one.id for one in server.people(answer.caller.workspace)}

    def mend(body: Row) -> Row:
        lists = ("requiredAttendees", "optionalAttendees")
        return {**body, **{name: [one for one in body[name] if one in known] for name in lists if name in body}}

    return await lenient(server, request, ("MTG-11",), mend)


@defect("MTG-11", "A user or label that does not exist is not named.")
async def unknown_people_not_named(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(404, "Somebody does not exist") if answer.rule == "MTG-11" else answer


@defect("MTG-12", "A change of a meeting resets the location that it does not name.")
async def patch_resets_the_location(server: Server, request: Request) -> Answer:
    if request.calls("updateMeeting") and request.members and "location" not in request.members:
        request = request.with_json({**request.members, "location": None})
    return await server.ask(request)


@defect("MTG-12", "A change of the title is answered, and not made.", also=("MTG-14",))
async def title_not_changed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("updateMeeting") and "title" in request.members:
        notes = server.memory.notes
        server.memory.claim(request.ids[0], title=notes.get(request.ids[0], "Untitled"))
        return answer
    for row in answer.rows:
        if "outlookEventId" in row:
            server.memory.notes.setdefault(row["id"], row["title"])
    return server.shown(answer)


async def _row(server: Server, request: Request) -> Row | None:
    """The meeting that a request is about, as it is shown now."""
    caller = await server.caller(request)
    if caller is None or not request.ids:
        return None
    listing = request.to("GET", "/meetings", server.around_now())
    rows = await server.whole(server.as_role(listing, caller.workspace, "admin"))
    row = next((one for one in rows if one["id"] == request.ids[0]), None)
    return {**row, **server.memory.overlay.get(row["id"], {})} if row else None


@defect("MTG-13", "A change of host keeps the event.")
async def host_change_keeps_the_event(server: Server, request: Request) -> Answer:
    return await _keeping(server, request, "outlookEventId", "teamsJoinUrl")


@defect("MTG-13", "A change of host keeps the link to Teams.")
async def host_change_keeps_the_link(server: Server, request: Request) -> Answer:
    return await _keeping(server, request, "teamsJoinUrl")


async def _keeping(server: Server, request: Request, *names: str) -> Answer:
    before = await _row(server, request) if request.calls("updateMeeting") else None
    answer = await server.ask(request)
    if answer.ok and before:
        server.memory.claim(request.ids[0], **{name: before[name] for name in names})
    return server.shown(answer)


@defect("MTG-14", "Any edit of a meeting makes a new event.", also=("MTG-16",))
async def edit_makes_a_new_event(server: Server, request: Request) -> Answer:
    return await _new_event(server, request, "updateMeeting")


@defect("MTG-14", "A change of attendees makes a new event.", also=("MTG-16",))
async def attendees_make_a_new_event(server: Server, request: Request) -> Answer:
    return await _new_event(server, request, "updateMeetingAttendees")


async def _new_event(server: Server, request: Request, operation: str) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls(operation):
        made = f"{answer.data['outlookEventId'][:40]}{str(answer.header('x-request-id'))[-8:]}"
        url = f"https://teams.microsoft.com/l/meetup-join/mock/{made}"
        server.memory.claim(request.ids[0], outlookEventId=made, teamsJoinUrl=url)
    return server.shown(answer)


@defect("MTG-15", "A meeting that has ended can be edited.")
async def ended_meeting_edited(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "MTG-15" and (row := await _row(server, request)):
        server.memory.claim(request.ids[0], **request.members)
        answer = answer.granted(200, row)
    return server.shown(answer)


@defect("MTG-15", "The attendees of a meeting that has ended can be changed.")
async def ended_attendees_changed(server: Server, request: Request) -> Answer:
    return (
        await ended_meeting_edited.fault(server, request)
        if "/attendees" in request.path
        else await _shown(server, request)
    )


async def _shown(server: Server, request: Request) -> Answer:
    return server.shown(await server.ask(request))


@defect("MTG-16", "Optional attendees are added to those there are.")
async def attendees_added(server: Server, request: Request) -> Answer:
    optional = request.members.get("optionalAttendees")
    if request.calls("updateMeetingAttendees") and isinstance(optional, list) and (row := await _row(server, request)):
        both = list(dict.fromkeys([*row["optionalAttendees"], *map(str, optional)]))
        answer = await server.ask(request.with_json({"optionalAttendees": both}))
        if answer.ok:
            return answer
    return await server.ask(request)


@defect("MTG-16", "A change of optional attendees removes the required ones.")
async def required_attendees_removed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("updateMeetingAttendees"):
        server.memory.claim(request.ids[0], requiredAttendees=[])
    return server.shown(answer)


@defect("MTG-02", "A list of meetings has those that end in the range, too.", also=("MTG-04",))
async def range_by_the_end(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (answer.ok and request.calls("listMeetings")):
        return answer
    earlier = await server.whole(request.with_query({"from": _moved(request.value("from"), days=-1)}))
    start = text(datetime.fromisoformat(request.value("from") or ""))
    return await relist(server, request, lambda _: [row for row in earlier if row["endAt"] > start])
