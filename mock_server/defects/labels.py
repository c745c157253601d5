"""Defects of labels and users (LBL-01 to LBL-07, USR-01 to USR-04)."""

from mock_server.defects.common import each, lenient, relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


@defect("LBL-01", "The description of a created label is lost.")
async def label_description_lost(server: Server, request: Request) -> Answer:
    if request.calls("createLabel") and request.members.get("description"):
        answer = await server.ask(request)
        return (
            await server.ask(request.with_json({**request.members, "description": None}))
            if not answer.ok
            else (_claiming(server, answer))
        )
    return server.shown(await server.ask(request))


def _claiming(server: Server, answer: Answer) -> Answer:
    server.memory.claim(answer.data["id"], description=None)
    return server.shown(answer)


@defect("LBL-01", "A created label does not show in the list.")
async def created_label_not_listed(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("createLabel"):
        server.memory.hidden.add(answer.data["id"])
    return server.shown(answer) if request.calls("listLabels") else answer


@defect("LBL-02", "A label may be named as another is, in other case.")
async def name_taken_in_other_case(server: Server, request: Request) -> Answer:
    taken: set[str] = set()
    if request.calls("createLabel"):
        taken = {row["name"] for row in await server.whole(request.to("GET", "/labels"))}
    return await lenient(
        server,
        request,
        ("LBL-02",),
        lambda body: {**body, "name": f"{body['name'][:47]} (2)"} if body["name"] not in taken else None,
        lambda body: {"name": body["name"]},
    )


async def _delete_anyway(server: Server, request: Request, rule: str) -> Answer:
    answer = await server.ask(request)
    if answer.rule == rule and answer.status == 409:
        server.memory.hidden.add(request.ids[0])
        return answer.granted(200, {"id": request.ids[0]})
    return server.shown(answer) if request.calls("listLabels") else answer


@defect("LBL-03", "A label that a user has is deleted.")
async def label_of_a_user_deleted(server: Server, request: Request) -> Answer:
    return await _delete_anyway(server, request, "LBL-03")


@defect("LBL-04", "A label that an invite names is deleted.")
async def label_of_an_invite_deleted(server: Server, request: Request) -> Answer:
    return await _delete_anyway(server, request, "LBL-04")


@defect("LBL-05", "A label that a meeting has is deleted.")
async def label_of_a_meeting_deleted(server: Server, request: Request) -> Answer:
    return await _delete_anyway(server, request, "LBL-05")


@defect("LBL-06", "A deleted label is still listed.", also=("PAGE-03",))
async def deleted_label_listed(server: Server, request: Request) -> Answer:
    ghosts: dict[str, Row] = server.memory.notes
    if request.calls("deleteLabel"):
        before = {row["id"]: row for row in await server.whole(request.to("GET", "/labels"))}
        answer = await server.ask(request)
        if answer.ok:
            ghosts[request.ids[0]] = before[request.ids[0]]
        return answer
    if request.calls("listLabels") and ghosts:
        return await relist(server, request, lambda rows: [*rows, *ghosts.values()])
    return await server.ask(request)


@defect("LBL-06", "Deleting a label answers another id.")
async def delete_answers_another_id(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and request.calls("deleteLabel"):
        return answer.giving({"id": f"{request.ids[0][:60]}_old"})
    return answer


@defect("LBL-07", "Deleting a label that does not exist succeeds.", also=("TEN-02",))
async def deleting_nothing_succeeds(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "LBL-07" and answer.status == 404:
        return answer.granted(200, {"id": request.ids[0]})
    return answer


@defect("USR-01", "A user is listed with the first of their labels only.", also=("USR-02", "FILT-01"))
async def first_label_only(server: Server, request: Request) -> Answer:
    return await each(server, request, lambda row: {**row, "labels": row["labels"][:1]}, "listUsers")


@defect("USR-01", "Users are listed without their labels.", also=("USR-02", "FILT-01"))
async def users_without_labels(server: Server, request: Request) -> Answer:
    return await each(server, request, lambda row: {**row, "labels": []}, "listUsers")


@defect("USR-02", "Labels are added to those that a user has.")
async def labels_added(server: Server, request: Request) -> Answer:
    given = request.members.get("labelIds")
    if request.calls("replaceUserLabels") and isinstance(given, list):
        users = await server.whole(request.to("GET", "/users"))
        had = [label["id"] for user in users if user["id"] == request.ids[0] for label in user["labels"]]
        answer = await server.ask(request.with_json({"labelIds": list(dict.fromkeys([*had, *map(str, given)]))}))
        if answer.ok:
            return answer
    return await server.ask(request)


@defect("USR-02", "An empty list of labels leaves the labels of a user.")
async def labels_not_cleared(server: Server, request: Request) -> Answer:
    if request.calls("replaceUserLabels") and request.json == {"labelIds": []}:
        users = await server.whole(request.to("GET", "/users"))
        user = next((one for one in users if one["id"] == request.ids[0]), None)
        if user is not None:
            return await server.ask(request.with_json({"labelIds": [label["id"] for label in user["labels"]]}))
    return await server.ask(request)


async def _known(server: Server, request: Request) -> list[str]:
    labels = {row["id"] for row in await server.whole(request.to("GET", "/labels"))}
    return [one for one in request.members["labelIds"] if one in labels]


@defect("USR-03", "An unknown label is passed over.", also=("TEN-04",))
async def unknown_label_passed_over(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "USR-03" and answer.status == 404:
        return await server.ask(request.with_json({"labelIds": await _known(server, request)}))
    return answer


@defect("USR-03", "An unknown label answers 404, and the other ones are replaced.", also=("ERR-11",))
async def known_labels_replaced(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "USR-03" and answer.status == 404:
        await server.ask(request.with_json({"labelIds": await _known(server, request)}))
    return answer


@defect("USR-04", "Replacing the labels of a user who does not exist answers another user.", also=("TEN-02",))
async def unknown_user_is_the_caller(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.rule == "USR-04" and answer.status == 404 and answer.caller:
        users = await server.whole(request.to("GET", "/users"))
        return answer.granted(200, next(one for one in users if one["id"] == answer.caller.user_id))
    return answer
