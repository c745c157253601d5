"""Defects of availability (AVL-01 to AVL-06)."""

from datetime import datetime, timedelta
from typing import Any

from mock_server.clock import text
from mock_server.defects.common import lenient
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


def _judged(users: list[Row]) -> Row:
    """An answer's data, by the conflicts of its users."""
    users = [{**user, "available": not user["conflicts"]} for user in users]
    return {"available": all(user["available"] for user in users), "users": users}


async def _users(server: Server, request: Request, change: Any) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("checkAvailability"):
        return answer.giving(_judged([change(user) for user in answer.data["users"]]))
    return answer


@defect("AVL-01", "Everybody is always available.", also=("AVL-03",))
async def always_available(server: Server, request: Request) -> Answer:
    return await _users(server, request, lambda user: {**user, "conflicts": []})


@defect("AVL-01", "A meeting that has begun before the window is no conflict.", also=("AVL-03",))
async def earlier_meetings_overlooked(server: Server, request: Request) -> Answer:
    start = _time(request.members.get("startAt"))
    return await _users(
        server,
        request,
        lambda user: {**user, "conflicts": [one for one in user["conflicts"] if one["startAt"] >= start]},
    )


def _time(value: Any) -> str:
    try:
        return text(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""


@defect("AVL-01", "Who only attends optionally is available.", also=("AVL-03",))
async def optional_attendees_are_free(server: Server, request: Request) -> Answer:
    if not request.calls("checkAvailability"):
        return await server.ask(request)
    meetings = await _meetings(server, request)

    def change(user: Row) -> Row:
        optional = {(row["startAt"], row["endAt"]) for row in meetings if user["userId"] in row["optionalAttendees"]}
        kept = [one for one in user["conflicts"] if (one["startAt"], one["endAt"]) not in optional]
        return {**user, "conflicts": kept}

    return await _users(server, request, change)


async def _meetings(server: Server, request: Request) -> list[Row]:
    caller = await server.caller(request)
    if caller is None:
        return []
    listing = request.to("GET", "/meetings", server.around_now())
    return await server.whole(server.as_role(listing, caller.workspace, "admin"))


@defect("AVL-02", "A meeting is in conflict with itself.", also=("AVL-01",))
async def meeting_conflicts_with_itself(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (answer.ok and request.calls("checkAvailability")):
        return answer
    start, end = _time(request.members["startAt"]), _time(request.members["endAt"])
    row = next((one for one in await _meetings(server, request) if one["id"] == request.ids[0]), None)
    if row is None or row["startAt"] >= end or row["endAt"] <= start:
        return answer
    busy = {row["hostUserId"], *row["requiredAttendees"], *row["optionalAttendees"]}
    itself = {"startAt": row["startAt"], "endAt": row["endAt"]}

    def change(user: Row) -> Row:
        return {**user, "conflicts": [*user["conflicts"], itself]} if user["userId"] in busy else user

    return answer.giving(_judged([change(user) for user in answer.data["users"]]))


@defect("AVL-03", "All are available if anybody is.", also=("AVL-01",))
async def available_if_anybody_is(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("checkAvailability"):
        return answer.giving({**answer.data, "available": any(one["available"] for one in answer.data["users"])})
    return answer


@defect("AVL-03", "Users are answered in the order of their ids.")
async def users_in_order_of_ids(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("checkAvailability"):
        return answer.giving({**answer.data, "users": sorted(answer.data["users"], key=lambda one: one["userId"])})
    return answer


@defect("AVL-04", "Conflicts tell the title of the meeting.", also=("ENV-03",))
async def conflicts_tell_titles(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not (answer.ok and request.calls("checkAvailability")):
        return answer
    titles = {(row["startAt"], row["endAt"]): row["title"] for row in await _meetings(server, request)}

    def told(one: Row) -> Row:
        return {**one, "title": titles.get((one["startAt"], one["endAt"]), "Busy")}

    users = [{**user, "conflicts": [told(one) for one in user["conflicts"]]} for user in answer.data["users"]]
    return answer.giving({**answer.data, "users": users})


@defect("AVL-05", "Meetings that touch the window are conflicts.", also=("AVL-01",))
async def touching_meetings_conflict(server: Server, request: Request) -> Answer:
    if request.calls("checkAvailability") and (await server.ask(request)).ok:
        start, end = (datetime.fromisoformat(request.members[name]) for name in ("startAt", "endAt"))
        wider = {"startAt": text(start - timedelta(milliseconds=1)), "endAt": text(end + timedelta(milliseconds=1))}
        answer = await server.ask(request.with_json({**request.members, **wider}))
        if answer.ok:
            return answer
    return await server.ask(request)


@defect("AVL-06", "A window may end before it starts.")
async def backward_window_taken(server: Server, request: Request) -> Answer:
    def turned(body: Row) -> Row | None:
        start, end = body["startAt"], body["endAt"]
        return {**body, "startAt": end, "endAt": start} if start > end else None

    return (
        await lenient(server, request, ("AVL-06",), turned)
        if request.calls("checkAvailability")
        else (await server.ask(request))
    )


@defect("AVL-06", "A user who does not exist is available.", also=("TEN-04",))
async def unknown_user_is_free(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule != "AVL-06" or answer.status != 404 or answer.caller is None:
        return answer
    known = {one.id for one in server.people(answer.caller.workspace)}
    asked = request.members["userIds"]
    again = await server.ask(
        request.with_json({**request.members, "userIds": [one for one in asked if one in known] or sorted(known)[:1]})
    )
    if not again.ok:
        return answer
    found = {user["userId"]: user for user in again.data["users"]}
    users = [found.get(one, {"userId": one, "available": True, "conflicts": []}) for one in asked]
    return again.giving(_judged(users))
