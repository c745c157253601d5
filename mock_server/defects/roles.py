"""Defects of roles and ownership (ROLE-01 to ROLE-06, OWN-01 to OWN-05)."""

from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row

_SINGLE_INVITE = ("getInvite", "updateInvite", "listSubInvites", "createSubInvite")
_SINGLE_MEETING = ("updateMeeting", "updateMeetingAttendees", "checkAvailability")


async def _is(server: Server, request: Request, *roles: str) -> bool:
    caller = await server.caller(request)
    return caller is not None and caller.role in roles


async def _promoted(server: Server, request: Request, answer: Answer, role: str = "admin") -> Answer:
    """The answer that somebody with another role gets in the same workspace."""
    if answer.caller is None:
        return answer
    return await server.ask(server.as_role(request, answer.caller.workspace, role))


async def _open(server: Server, request: Request, whom: str, *operations: str) -> Answer:
    """Let a role do what is not for it."""
    answer = await server.ask(request)
    refused = answer.status == 403 and request.calls(*operations)
    if refused and answer.caller and answer.caller.role == whom:
        return await _promoted(server, request, answer)
    return answer


async def _closed(server: Server, request: Request, whom: str, *operations: str) -> Answer:
    """Refuse a role what is for it."""
    if request.calls(*operations) and await _is(server, request, whom):
        return (await server.ask(request.to("GET", "/invites"))).refused(403)
    return await server.ask(request)


async def _done_all_the_same(server: Server, request: Request, *operations: str) -> Answer:
    """Refuse with 403, and do it."""
    answer = await server.ask(request)
    if answer.status == 403 and request.calls(*operations):
        await _promoted(server, request, answer)
    return answer


@defect("ROLE-01", "Regular users may list labels.")
async def user_lists_labels(server: Server, request: Request) -> Answer:
    return await _open(server, request, "user", "listLabels")


@defect("ROLE-01", "Managers may not list labels.", also=("ENV-06",))
async def manager_may_not_list_labels(server: Server, request: Request) -> Answer:
    return await _closed(server, request, "manager", "listLabels")


@defect("ROLE-02", "Managers may create and delete labels.")
async def manager_manages_labels(server: Server, request: Request) -> Answer:
    return await _open(server, request, "manager", "createLabel", "deleteLabel")


@defect("ROLE-02", "Creating a label answers 403, and the label is there.", also=("ERR-11",))
async def forbidden_label_created(server: Server, request: Request) -> Answer:
    return await _done_all_the_same(server, request, "createLabel")


@defect("ROLE-02", "Deleting a label answers 403, and the label is gone.", also=("ERR-11",))
async def forbidden_label_deleted(server: Server, request: Request) -> Answer:
    return await _done_all_the_same(server, request, "deleteLabel")


@defect("ROLE-03", "Managers may list users.")
async def manager_lists_users(server: Server, request: Request) -> Answer:
    return await _open(server, request, "manager", "listUsers")


@defect("ROLE-03", "Replacing labels answers 403, and they are replaced.", also=("ERR-11",))
async def forbidden_labels_replaced(server: Server, request: Request) -> Answer:
    return await _done_all_the_same(server, request, "replaceUserLabels")


@defect("ROLE-04", "Regular users may not create meetings.", also=("ENV-06", "ROLE-05"))
async def user_may_not_create_meetings(server: Server, request: Request) -> Answer:
    return await _closed(server, request, "user", "createMeeting")


@defect("ROLE-04", "Managers may not check availability.", also=("ENV-03", "ENV-06", "OWN-05"))
async def manager_may_not_check_availability(server: Server, request: Request) -> Answer:
    return await _closed(server, request, "manager", "checkAvailability")


@defect("ROLE-05", "A regular user may name another host.")
async def user_names_another_host(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await _promoted(server, request, answer) if answer.rule == "ROLE-05" and answer.status == 403 else answer


@defect("ROLE-05", "Naming another host answers 403, and the host is changed.", also=("ERR-11",))
async def forbidden_host_changed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "ROLE-05" and answer.status == 403:
        await _promoted(server, request, answer)
    return answer


@defect("ROLE-05", "A manager may not name another host.")
async def manager_may_not_name_a_host(server: Server, request: Request) -> Answer:
    if "hostUserId" in request.members and request.calls("createMeeting", "updateMeeting"):
        return await _closed(server, request, "manager", "createMeeting", "updateMeeting")
    return await server.ask(request)


@defect("ROLE-06", "An invite or meeting of somebody else answers 403.", also=("OWN-03", "OWN-04", "ENV-03"))
async def row_of_another_is_403(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(403) if answer.rule in ("OWN-03", "OWN-04") else answer


@defect("ROLE-06", "An unknown id answers a regular user 403.", also=("TEN-02", "ENV-03", "ERR-12"))
async def unknown_row_is_403(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    asked = answer.status == 404 and request.ids and answer.caller
    return answer.refused(403) if asked and answer.caller and answer.caller.role == "user" else answer


@defect("OWN-01", "A regular user lists the invites of the whole workspace.")
async def user_lists_all_invites(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("listInvites") and answer.caller and answer.caller.role == "user":
        return await _promoted(server, request, answer)
    return answer


@defect("OWN-01", "A regular user lists the invites of colleagues as soon as they filter.", also=("FILT-01",))
async def filter_drops_ownership(server: Server, request: Request) -> Answer:
    filtered = request.value("attendeeUserIds") or request.value("labelIds") or request.value("recruiterUserIds")
    return await user_lists_all_invites.fault(server, request) if filtered else await server.ask(request)


@defect("OWN-02", "A regular user lists the meetings of the whole workspace.")
async def user_lists_all_meetings(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("listMeetings") and answer.caller and answer.caller.role == "user":
        return await _promoted(server, request, answer)
    return answer


@defect("OWN-02", "A regular user's statistics count the meetings of the whole workspace.", also=("MTG-04",))
async def stats_of_all_meetings(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("listMeetings") and answer.caller and answer.caller.role == "user":
        everything = await _promoted(server, request, answer)
        return answer.giving({**answer.data, "stats": everything.data["stats"]})
    return answer


async def _shared(server: Server, request: Request, rule: str, *operations: str, silent: bool = False) -> Answer:
    """Let a regular user at the row of somebody else; `silent` answers 404 all the same."""
    answer = await server.ask(request)
    if answer.rule != rule or answer.status != 404 or not request.calls(*operations):
        return answer
    there = await _promoted(server, request, answer)
    return answer if silent else there


@defect("OWN-03", "A regular user reads every invite by its id.")
async def invite_of_another_read(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-03", "getInvite", "listSubInvites")


@defect("OWN-03", "A change of somebody else's invite answers 404 and happens.", also=("ERR-11",))
async def invite_of_another_changed(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-03", "updateInvite", silent=True)


@defect("OWN-03", "A regular user issues sub-invites from somebody else's mother.")
async def sub_of_another_issued(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-03", "createSubInvite")


@defect("OWN-04", "A regular user edits every meeting.")
async def meeting_of_another_edited(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-04", "updateMeeting")


@defect("OWN-04", "A change of the attendees of somebody else's meeting answers 404 and happens.", also=("ERR-11",))
async def attendees_of_another_changed(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-04", "updateMeetingAttendees", silent=True)


@defect("OWN-04", "A regular user checks availability for every meeting.")
async def availability_of_another_checked(server: Server, request: Request) -> Answer:
    return await _shared(server, request, "OWN-04", "checkAvailability")


@defect("OWN-05", "A manager lists no invites and meetings but their own.", also=("SUB-05",))
async def manager_lists_own_only(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    caller = answer.caller
    if not (answer.ok and caller and caller.role == "manager" and request.calls("listInvites", "listMeetings")):
        return answer
    rows = [row for row in await server.whole(request) if caller.user_id in _owners(row)]
    start = answer.data["page"] * answer.data["pageSize"]
    page = rows[start : start + answer.data["pageSize"]]
    return answer.giving({**answer.data, "items": page, "total": len(rows)})


def _owners(row: Row) -> tuple[str, ...]:
    return row["recruiterUserId"], row.get("hostUserId", "")


@defect("OWN-05", "A manager may not edit what belongs to others.", also=("ENV-06",))
async def manager_edits_own_only(server: Server, request: Request) -> Answer:
    if request.calls("updateInvite", "updateMeeting") and await _is(server, request, "manager"):
        rows = await server.whole(request.to("GET", "/invites", {"includeSubInvites": "true"}))
        rows += await server.whole(request.to("GET", "/meetings", server.around_now()))
        caller = await server.caller(request)
        row = next((one for one in rows if one["id"] == request.ids[0]), None)
        if row and caller and caller.user_id not in _owners(row):
            return (await server.ask(request.to("GET", "/invites"))).refused(404)
    return await server.ask(request)
