"""Defects of filters (FILT-01 to FILT-06)."""

from mock_server.defects.common import filters, found, relist
from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request, Row


def _given(request: Request) -> dict[str, list[str]]:
    """The filters of a request that is one for a filtered list, with their ids."""
    return {name: (request.value(name) or "").split(",") for name in filters(request) if request.value(name)}


def _matches(request: Request, row: Row, name: str, wanted: list[str]) -> bool:
    return any(one in wanted for target in filters(request)[name] for one in found(row, target))


def _without(request: Request, *names: str) -> Request:
    return request.with_query(dict.fromkeys(names))


@defect("FILT-01", "Filters are ignored where a manager asks.", also=("FILT-02", "FILT-03", "FILT-04", "FILT-06"))
async def filters_ignored_for_managers(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and _given(request) and answer.caller and answer.caller.role == "manager":
        return await server.ask(_without(request, *_given(request)))
    return answer


@defect("FILT-01", "attendeeUserIds finds nobody but the first attendee.", also=("FILT-02", "FILT-03"))
async def first_attendee_only(server: Server, request: Request) -> Answer:
    wanted = _given(request).get("attendeeUserIds")
    answer = await server.ask(request)
    if not wanted or not answer.ok:
        return answer

    def is_first(row: Row) -> bool:
        return any(found(row, target)[:1] == [one] for target in filters(request)["attendeeUserIds"] for one in wanted)

    return await relist(server, request, lambda rows: [row for row in rows if is_first(row)])


@defect("FILT-01", "labelIds is ignored.", also=("FILT-02", "FILT-03", "FILT-04", "FILT-06"))
async def label_filter_ignored(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return await server.ask(_without(request, "labelIds")) if answer.ok and "labelIds" in _given(request) else answer


@defect("FILT-02", "Of several ids in a filter, the first counts.", also=("FILT-03", "FILT-04"))
async def first_id_only(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if answer.ok and (given := _given(request)):
        return await server.ask(request.with_query({name: wanted[0] for name, wanted in given.items()}))
    return answer


@defect("FILT-02", "A row must name all ids of a filter.", also=("FILT-03", "FILT-04"))
async def ids_must_all_match(server: Server, request: Request) -> Answer:
    answer, given = await server.ask(request), _given(request)
    if not answer.ok or not given:
        return answer

    def names_all(row: Row) -> bool:
        return all(_matches(request, row, name, [one]) for name, wanted in given.items() for one in wanted)

    return await relist(server, request, lambda rows: [row for row in rows if names_all(row)])


@defect("FILT-03", "Different filters are alternatives.")
async def filters_are_alternatives(server: Server, request: Request) -> Answer:
    answer, given = await server.ask(request), _given(request)
    if not answer.ok or len(given) < 2:
        return answer

    def any_holds(row: Row) -> bool:
        return any(_matches(request, row, name, wanted) for name, wanted in given.items())

    every = await server.whole(_without(request, *given))
    return await relist(server, request, lambda _: [row for row in every if any_holds(row)])


@defect("FILT-03", "Of several filters, the last counts.")
async def last_filter_wins(server: Server, request: Request) -> Answer:
    answer, given = await server.ask(request), list(_given(request))
    return await server.ask(_without(request, *given[:-1])) if answer.ok and len(given) > 1 else answer


@defect("FILT-04", "A filter whose ids are all unknown is ignored.", also=("FILT-01", "FILT-02", "FILT-03"))
async def unknown_id_ignored(server: Server, request: Request) -> Answer:
    answer, given = await server.ask(request), _given(request)
    if not answer.ok or not given:
        return answer
    every = await server.whole(_without(request, *given))
    unknown = [name for name, wanted in given.items() if not any(_matches(request, row, name, wanted) for row in every)]
    return await server.ask(_without(request, *unknown))


@defect("FILT-04", "A filter that matches nothing answers 404.", also=("ENV-03", "ENV-06"))
async def no_match_is_404(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.refused(404) if answer.ok and _given(request) and not answer.data["total"] else answer


@defect("FILT-05", "An empty filter is ignored.")
async def empty_filter_ignored(server: Server, request: Request) -> Answer:
    return await server.ask(_without(request, *(name for name in filters(request) if request.value(name) == "")))


@defect("FILT-05", "Repeated ids and empty segments are passed over.")
async def segments_passed_over(server: Server, request: Request) -> Answer:
    parts = {name: list(dict.fromkeys(filter(None, wanted))) for name, wanted in _given(request).items()}
    return await server.ask(request.with_query({name: ",".join(ids) for name, ids in parts.items() if ids}))


@defect("FILT-06", "total counts the rows before the filters.", also=("FILT-01",))
async def total_before_filters(server: Server, request: Request) -> Answer:
    answer, given = await server.ask(request), _given(request)
    if not answer.ok or not given:
        return answer
    every = await server.ask(_without(request, *given))
    return answer.giving({**answer.data, "total": every.data["total"]})


@defect("FILT-06", "total does not count a filter by label.", also=("FILT-01",))
async def total_before_label_filter(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if not answer.ok or "labelIds" not in _given(request):
        return answer
    every = await server.ask(_without(request, "labelIds"))
    return answer.giving({**answer.data, "total": every.data["total"]})
